#include "damla/train/language_model_run.hpp"

#include <fmt/format.h>

#include "train/settings.hpp"

namespace damla { inline namespace DAMLA_ABI {

Settings RunState::settings() const {
  return {{"run.planned", std::to_string(steps)},
          {"run.warmup", std::to_string(warmup)},
          {"run.evaluate_every", std::to_string(evaluate_every)},
          {"run.seconds", fmt::format("{}", seconds)},
          {"run.loss_sum", fmt::format("{}", loss_sum)},
          {"run.loss_count", std::to_string(loss_count)},
          {"run.best", fmt::format("{}", best)},
          {"run.waited", std::to_string(waited)}};
}

RunState RunState::from(const std::string& path, const Settings& settings) {
  const auto count = [&](const char* key, Index least) {
    return detail::count(path, settings, key, least, std::numeric_limits<Index>::max());
  };
  const auto real = [&](const char* key) {
    const auto x = detail::parse<double>(path, settings, key);
    expect_number(path, fmt::format("setting \"{}\"", key), x, not_negative);
    return x;
  };
  RunState s;
  s.step = count("run.steps", 0), s.steps = count("run.planned", 1);
  s.warmup = count("run.warmup", 0), s.loss_count = count("run.loss_count", 0);
  s.waited = count("run.waited", 0), s.evaluate_every = count("run.evaluate_every", 1);
  s.seconds = real("run.seconds"), s.loss_sum = real("run.loss_sum");
  if (settings.contains("run.best") && settings.at("run.best") != "inf") s.best = real("run.best");
  return s;
}

SpreadWindows::SpreadWindows(TokenSpan text, Index window, Index windows) : T(window) {
  expect_count("SpreadWindows", "windows", windows, 1);
  const TextWindows all(text, T);
  const Index count = std::min(windows, all.count());
  for (Index i = 0; i < count; ++i) {
    // Whole windows, so that none is measured twice.
    const auto from = static_cast<std::size_t>(i * all.count() / count * T);
    const auto n = static_cast<std::size_t>(T);
    const TokenSpan in = all.tokens.subspan(from, n), out = all.targets.subspan(from, n);
    tokens.insert(tokens.end(), in.begin(), in.end());
    targets.insert(targets.end(), out.begin(), out.end());
  }
}

}}  // namespace damla::DAMLA_ABI
