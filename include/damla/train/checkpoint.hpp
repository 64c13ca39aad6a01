#pragma once

#include "damla/models/gpt.hpp"
#include "damla/optim/adamw.hpp"
#include "damla/train/safetensors.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// A GPT's sizes as texts, to travel with its weights; and back. Throws Error with the path, for
/// whoever knows it, when one is missing or is none that a GPT can have.
Settings gpt_settings(const GptOptions& options);
GptOptions gpt_options(const Settings& settings, const std::string& path = "a GPT's settings");

/// A whole run in one file: weights, AdamW's moments, the state of each generator, the number of
/// steps done. One file, renamed once, so a killed run finds the last complete one, and goes on
/// with the same losses to the last digit. Data that is drawn with `random` needs no other
/// position. Settings go in as they are; load_model reads the same file for its weights. Frozen
/// weights do not change and are not in it: the model that goes on has them already.
void save_checkpoint(const std::string& path, auto& model, const AdamW& optimizer,
                     const Random& random, Index steps, Settings settings = {});

/// Takes up a run where `save_checkpoint` left it; returns the steps done. The optimizer keeps its
/// own learning rate and other options; of the moments it takes its share.
/// Throws Error when the file is not such a run's; all is then as it was.
Index load_checkpoint(const std::string& path, auto& model, AdamW& optimizer, Random& random);

namespace detail {
std::vector<WantedTensor> learned_by(auto& model) {
  std::vector<WantedTensor> learned;
  visit_learned(model, [&](std::string_view name, Parameter& p) {
    learned.push_back({std::string(name), p.value.rows(), p.value.cols()});
  });
  return learned;
}
std::string random_text(const Random& random);
/// The generators of a run: `n`, and the data's before them.
std::vector<Random> generators_from(const Settings& settings, Index n, const std::string& path);
struct RunSteps {
  Index done, optimizer;
};
RunSteps steps_from(const Settings& settings, const std::string& path);
/// AdamW's moments; none when it has not taken a step.
std::vector<AdamW::Moments> moments_from(const std::vector<WantedTensor>& wanted,
                                         const TensorFile& file, Index steps,
                                         const std::string& path);
/// Throws Error unless the moments, if there are any, are those of this model.
void expect_moments(const std::vector<WantedTensor>& wanted, const AdamW& optimizer);
}  // namespace detail

void save_checkpoint(const std::string& path, auto& model, const AdamW& optimizer,
                     const Random& random, Index steps, Settings settings) {
  detail::expect_moments(detail::learned_by(model), optimizer);
  std::vector<NamedTensor> tensors;
  auto moments = optimizer.moments.begin();
  visit_learned(model, [&](std::string_view name, Parameter& p) {
    tensors.push_back({std::string(name), p.value});
    if (optimizer.moments.empty()) return;
    tensors.push_back({"adamw.first." + std::string(name), moments->first});
    tensors.push_back({"adamw.second." + std::string(name), moments->second});
    ++moments;
  });
  settings["run.steps"] = std::to_string(steps);
  settings["run.adamw_steps"] = std::to_string(optimizer.steps);
  settings["run.random"] = detail::random_text(random);
  Index generator = 0;
  visit_generators(model, [&](Random& r) {
    settings["run.generator." + std::to_string(generator++)] = detail::random_text(r);
  });
  detail::add_heads(settings, detail::heads_of(model));
  write_tensors(path, tensors, settings);
}

Index load_checkpoint(const std::string& path, auto& model, AdamW& optimizer, Random& random) {
  const TensorFile file = read_tensors(path);
  // First all that can throw: a file that does not fit changes nothing.
  const auto wanted = detail::learned_by(model);
  const auto stored = detail::tensors_for(wanted, file, path);
  detail::expect_heads(file.settings, detail::heads_of(model), path);
  const auto steps = detail::steps_from(file.settings, path);
  auto moments = detail::moments_from(wanted, file, steps.optimizer, path);
  Index n = 0;
  visit_generators(model, [&](Random&) { ++n; });
  const std::vector<Random> generators = detail::generators_from(file.settings, n, path);

  auto next = stored.begin();
  visit_learned(model, [&](std::string_view, Parameter& p) { p.value = **next++; });
  optimizer.steps = steps.optimizer;
  if (optimizer.share.parts > 1)
    for (AdamW::Moments& m : moments)
      m = {optimizer.share.rows_of(m.first), optimizer.share.rows_of(m.second)};
  optimizer.moments = std::move(moments);
  random = generators[0];
  auto generator = generators.begin();
  visit_generators(model, [&](Random& r) { r = *++generator; });
  return steps.done;
}

}}  // namespace damla::DAMLA_ABI
