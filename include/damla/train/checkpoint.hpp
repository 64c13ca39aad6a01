#pragma once

#include "damla/models/gpt.hpp"
#include "damla/optim/adamw.hpp"
#include "damla/train/safetensors.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// A GPT's sizes as texts, to travel with its weights; and back. Throws Error when one is missing
/// or no number.
Settings gpt_settings(const GptOptions& options);
GptOptions gpt_options(const Settings& settings);

/// A whole run in one file: weights, AdamW's moments, the state of each generator, the number of
/// steps done. One file, renamed once, so a killed run finds the last complete one, and goes on
/// with the same losses to the last digit. Data that is drawn with `random` needs no other
/// position. Settings go in as they are; load_model reads the same file for its weights.
void save_checkpoint(const std::string& path, auto& model, const AdamW& optimizer,
                     const Random& random, Index steps, Settings settings = {});

/// Takes up a run where `save_checkpoint` left it; returns the steps done. Throws Error when the
/// file is not such a run's; all is then as it was.
Index load_checkpoint(const std::string& path, auto& model, AdamW& optimizer, Random& random);

namespace detail {
std::string random_text(const Random& random);
void random_from_text(const std::string& path, const Settings& settings, const std::string& key,
                      Random& random);
Index number_from_text(const std::string& path, const Settings& settings, const std::string& key);
}  // namespace detail

void save_checkpoint(const std::string& path, auto& model, const AdamW& optimizer,
                     const Random& random, Index steps, Settings settings) {
  std::vector<NamedTensor> tensors;
  std::size_t i = 0;
  model.visit_parameters([&](std::string_view name, Parameter& p) {
    tensors.push_back({std::string(name), p.value});
    if (i < optimizer.moments.size()) {
      tensors.push_back({"adamw.first." + std::string(name), optimizer.moments[i].first});
      tensors.push_back({"adamw.second." + std::string(name), optimizer.moments[i].second});
    }
    ++i;
  });
  settings["run.steps"] = std::to_string(steps);
  settings["run.adamw_steps"] = std::to_string(optimizer.steps);
  settings["run.random"] = detail::random_text(random);
  Index generator = 0;
  visit_generators(model, [&](Random& r) {
    settings["run.generator." + std::to_string(generator++)] = detail::random_text(r);
  });
  write_tensors(path, tensors, settings);
}

Index load_checkpoint(const std::string& path, auto& model, AdamW& optimizer, Random& random) {
  const TensorFile file = read_tensors(path);
  const auto stored = [&](const std::string& name, const Parameter& p) -> const Matrix& {
    return detail::tensor_for(p.value, name, file, path);
  };
  // First all that can throw: a file that does not fit changes nothing.
  const Index steps = detail::number_from_text(path, file.settings, "run.steps");
  const Index adamw_steps = detail::number_from_text(path, file.settings, "run.adamw_steps");
  std::vector<AdamW::Moments> moments;
  std::vector<std::string> names;
  model.visit_parameters([&](std::string_view view, Parameter& p) {
    const std::string name(view);
    stored(name, p), names.push_back(name);
    if (adamw_steps > 0)
      moments.push_back({stored("adamw.first." + name, p), stored("adamw.second." + name, p)});
  });
  detail::expect_no_others(names, file, path);
  std::vector<Random> generators(1, random);
  detail::random_from_text(path, file.settings, "run.random", generators[0]);
  visit_generators(model, [&](Random& r) {
    const std::string key = "run.generator." + std::to_string(generators.size() - 1);
    generators.push_back(r);
    detail::random_from_text(path, file.settings, key, generators.back());
  });

  model.visit_parameters(
      [&](std::string_view name, Parameter& p) { p.value = stored(std::string(name), p); });
  optimizer.steps = adamw_steps;
  optimizer.moments = std::move(moments);
  random = generators[0];
  std::size_t next = 1;
  visit_generators(model, [&](Random& r) { r = generators[next++]; });
  return steps;
}

}}  // namespace damla::DAMLA_ABI
