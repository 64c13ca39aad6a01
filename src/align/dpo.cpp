#include "damla/align/dpo.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "damla/align/tuning.hpp"
#include "damla/core/error.hpp"
#include "damla/functional/preference.hpp"
#include "damla/functional/softmax.hpp"

namespace damla { inline namespace DAMLA_ABI {

double DpoLoss::forward(const ConstMatrixRef& logits, TokenSpan targets, Index T,
                        const std::vector<double>& reference) {
  expect_number("DpoLoss::forward", "beta", beta, positive);
  expect_number("DpoLoss::forward", "likelihood", likelihood, not_negative);
  const std::vector<double> policy = sequence_log_probabilities(logits, targets, T);
  if (policy.size() % 2 != 0 || policy.size() != reference.size())
    throw Error(
        fmt::format("DpoLoss::forward: there are {} answers and {} reference values, but both need "
                    "to be one for each "
                    "chosen and each rejected answer",
                    policy.size(), reference.size()));
  expect_apart("DpoLoss::forward", {{"logits", logits}}, {{"probabilities", probabilities}});
  probabilities.resize(logits.rows(), logits.cols());
  functional::softmax(probabilities, logits);
  const std::size_t P = policy.size() / 2, tokens = static_cast<std::size_t>(T);
  const TokenSpan chosen_targets = targets.first(targets.size() / 2);
  const Index chosen_tokens = std::ssize(chosen_targets) -
                              std::count(chosen_targets.begin(), chosen_targets.end(), ignored);
  require(chosen_tokens > 0, "DpoLoss::forward: every target of the chosen answers is ignored");
  const double likelihood_weight = likelihood / static_cast<double>(chosen_tokens);
  weights.assign(targets.size(), 0.0);
  loss = accuracy = 0;
  for (std::size_t i = 0; i < P; ++i) {
    const double margin =
        functional::dpo_margin(beta, policy[i], reference[i], policy[P + i], reference[P + i]);
    const functional::ScalarLoss pair = functional::minus_log_sigmoid(margin);
    loss += pair.loss / static_cast<double>(P) - likelihood_weight * policy[i];
    accuracy += (margin > 0 ? 1.0 : 0.0) / static_cast<double>(P);
    const double weight = -beta * pair.dz / static_cast<double>(P);
    std::fill_n(weights.begin() + static_cast<std::ptrdiff_t>(i * tokens), tokens,
                weight + likelihood_weight);
    std::fill_n(weights.begin() + static_cast<std::ptrdiff_t>((P + i) * tokens), tokens, -weight);
  }
  return loss;
}

const Matrix& DpoLoss::backward(const ConstMatrixRef& logits, TokenSpan targets, Index) {
  expect_shape("DpoLoss::backward", "logits", logits, probabilities.rows(), probabilities.cols(),
               "as at the latest forward");
  detail::expect_targets("DpoLoss::backward", logits, targets);
  expect_apart("DpoLoss::backward", {{"logits", logits}}, {{"dx", dx}});
  dx.resize(logits.rows(), logits.cols());
  functional::weighted_log_likelihood_backward<Scalar>(dx, probabilities, targets, weights);
  return dx;
}

}}  // namespace damla::DAMLA_ABI
