#include "damla/align/tuning.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "damla/core/error.hpp"

namespace damla { inline namespace DAMLA_ABI {

namespace {
std::size_t size(Index n) { return static_cast<std::size_t>(n); }
}  // namespace

TuningExample packed(std::span<const TuningExample> examples, Index context, Random& random) {
  require(!examples.empty(), "packed: there is no example");
  expect_size("packed", "context", context);
  TuningExample all;
  for (;;) {
    const TuningExample& one = random.pick(examples);
    require(!one.tokens.empty(), "packed: an example has no tokens");
    if (!all.tokens.empty() && all.tokens.size() + one.tokens.size() > size(context)) return all;
    all.append(one);
  }
}

std::vector<double> target_log_probabilities(const ConstMatrixRef& logits, TokenSpan targets) {
  std::vector<double> result = token_losses(logits, targets);
  for (double& l : result) l = -l;
  return result;
}

std::vector<double> sequence_log_probabilities(const ConstMatrixRef& logits, TokenSpan targets,
                                               Index T) {
  if (T < 1 || logits.rows() % T != 0)
    throw Error(fmt::format(
        "sequence_log_probabilities: logits has {} rows, which is no multiple of T = {}",
        logits.rows(), T));
  const std::vector<double> tokens = target_log_probabilities(logits, targets);
  std::vector<double> sums(size(logits.rows() / T), 0.0);
  for (std::size_t n = 0; n < tokens.size(); ++n) sums[n / size(T)] += tokens[n];
  return sums;
}

}}  // namespace damla::DAMLA_ABI
