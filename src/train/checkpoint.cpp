#include "damla/train/checkpoint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "core/json.hpp"
#include "train/settings.hpp"

namespace damla { inline namespace DAMLA_ABI {

namespace {
using detail::count, detail::parse, detail::parses, detail::setting;

constexpr auto most_steps = static_cast<Index>(
    std::min<std::int64_t>(1'000'000'000'000, std::numeric_limits<Index>::max()));
constexpr Index largest = 10'000'000;  // of a GPT's sizes: more than any model has

Random random_from(const std::string& path, const Settings& settings, const std::string& key) {
  const std::string& text = setting(path, settings, key);
  const std::size_t space = std::min(text.find(' '), text.size());
  Random::State state{};
  if (space == text.size() || !parses(std::string_view(text).substr(0, space), state.state) ||
      !parses(std::string_view(text).substr(space + 1), state.increment) ||
      state.increment % 2 == 0)  // PCG's increment is odd
    throw Error(
        fmt::format("{}: setting \"{}\" is \"{}\", but needs to be the state of a "
                    "generator: two numbers, the second odd",
                    path, key, detail::shown(text)));
  Random random(0);
  random.set_state(state);
  return random;
}
}  // namespace

namespace detail {
std::string random_text(const Random& random) {
  return fmt::format("{} {}", random.state().state, random.state().increment);
}

std::vector<Random> generators_from(const Settings& settings, Index n, const std::string& path) {
  std::vector<Random> generators{random_from(path, settings, "run.random")};
  for (Index i = 0; i < n; ++i)
    generators.push_back(random_from(path, settings, "run.generator." + std::to_string(i)));
  if (settings.contains("run.generator." + std::to_string(n)))
    throw Error(fmt::format("{}: has more random states than the {} of this model", path, n));
  return generators;
}

RunSteps steps_from(const Settings& settings, const std::string& path) {
  return {count(path, settings, "run.steps", 0, most_steps),
          count(path, settings, "run.adamw_steps", 0, most_steps)};
}

std::vector<AdamW::Moments> moments_from(const std::vector<WantedTensor>& wanted,
                                         const TensorFile& file, Index steps,
                                         const std::string& path) {
  if (steps == 0) {
    for (const auto& [name, values] : file.tensors)
      if (name.starts_with("adamw."))
        throw Error(
            fmt::format("{}: has {}, but \"run.adamw_steps\" is 0: damaged", path, shown(name)));
    return {};
  }
  std::vector<AdamW::Moments> moments;
  for (const WantedTensor& w : wanted) {
    const std::string second = "adamw.second." + w.name;
    moments.push_back({tensor_for({"adamw.first." + w.name, w.rows, w.cols}, file, path),
                       tensor_for({second, w.rows, w.cols}, file, path)});
    if ((moments.back().second.array() < 0).any())
      throw Error(fmt::format(
          "{}: has a negative number in {}, which are means of squares: damaged", path, second));
  }
  return moments;
}

void expect_moments(const std::vector<WantedTensor>& wanted, const AdamW& optimizer) {
  bool good = optimizer.moments.size() == (optimizer.steps == 0 ? 0 : wanted.size());
  for (std::size_t i = 0; good && i < optimizer.moments.size(); ++i)
    for (const Matrix* m : {&optimizer.moments[i].first, &optimizer.moments[i].second})
      good = good && m->rows() == wanted[i].rows && m->cols() == wanted[i].cols;
  if (!good)
    throw Error(
        "save_checkpoint: the optimizer has other parameters than the model: one optimizer serves "
        "one model");
}

}  // namespace detail

Settings gpt_settings(const GptOptions& o) {
  return {{"gpt.vocab_size", std::to_string(o.vocab_size)},
          {"gpt.context", std::to_string(o.context)},
          {"gpt.channels", std::to_string(o.channels)},
          {"gpt.heads", std::to_string(o.heads)},
          {"gpt.layers", std::to_string(o.layers)},
          {"gpt.tied", o.tied ? "1" : "0"},
          {"gpt.dropout", fmt::format("{}", o.dropout)},
          {"gpt.deviation", fmt::format("{}", o.init_std)}};
}

GptOptions gpt_options(const Settings& settings, const std::string& path) {
  const auto size = [&](const char* key, Index least = 1) {
    return count(path, settings, key, least, largest);
  };
  GptOptions o;
  o.vocab_size = size("gpt.vocab_size"), o.context = size("gpt.context");
  o.channels = size("gpt.channels"), o.heads = size("gpt.heads");
  o.layers = size("gpt.layers", 0), o.tied = count(path, settings, "gpt.tied", 0, 1) == 1;
  if (o.channels % o.heads != 0)
    throw Error(fmt::format(
        "{}: setting \"gpt.heads\" is {}, but needs to divide the {} of \"gpt.channels\"", path,
        o.heads, o.channels));
  o.dropout = parse<Scalar>(path, settings, "gpt.dropout");
  expect_number(path, "setting \"gpt.dropout\"", o.dropout, below_one);
  if (settings.contains("gpt.deviation")) {  // older files have none
    o.init_std = parse<double>(path, settings, "gpt.deviation");
    expect_number(path, "setting \"gpt.deviation\"", o.init_std, not_negative);
  }
  return o;
}

}}  // namespace damla::DAMLA_ABI
