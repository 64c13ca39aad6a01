#include "damla/align/policy_gradient.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "damla/align/tuning.hpp"
#include "damla/core/error.hpp"
#include "damla/functional/preference.hpp"
#include "damla/functional/softmax.hpp"

namespace damla { inline namespace DAMLA_ABI {

namespace {
std::size_t at(Index n) { return static_cast<std::size_t>(n); }
}  // namespace

double PolicyGradient::forward(const ConstMatrixRef& logits, TokenSpan targets,
                               const std::vector<double>& advantages,
                               const std::vector<double>& old_log_probabilities) {
  expect_number("PolicyGradient::forward", "clip", clip, not_negative);
  if (std::ssize(advantages) != logits.rows() ||
      (clip > 0 && std::ssize(old_log_probabilities) != logits.rows()))
    throw Error(
        fmt::format("PolicyGradient::forward: logits has {} rows, but there are {} advantages and "
                    "{} old probabilities",
                    logits.rows(), advantages.size(), old_log_probabilities.size()));
  const std::vector<double> log_p = target_log_probabilities(logits, targets);
  expect_apart("PolicyGradient::forward", {{"logits", logits}}, {{"probabilities", probabilities}});
  probabilities.resize(logits.rows(), logits.cols());
  functional::softmax(probabilities, logits);
  const double counted = static_cast<double>(std::ssize(targets) -
                                             std::count(targets.begin(), targets.end(), ignored));
  require(counted > 0, "PolicyGradient::forward: no token was sampled: every target is ignored");
  weights.assign(log_p.size(), 0.0);
  loss = clipped = 0;
  for (std::size_t n = 0; n < log_p.size(); ++n) {
    if (targets[n] == ignored) continue;
    functional::ScalarLoss token{-advantages[n] * log_p[n], -advantages[n]};  // REINFORCE
    if (clip > 0) token = functional::ppo(log_p[n], old_log_probabilities[n], advantages[n], clip);
    loss += token.loss / counted;
    weights[n] = -token.dz / counted;
    clipped += (token.dz == 0 && advantages[n] != 0 ? 1.0 : 0.0) / counted;
  }
  return loss;
}

const Matrix& PolicyGradient::backward(const ConstMatrixRef& logits, TokenSpan targets) {
  expect_shape("PolicyGradient::backward", "logits", logits, probabilities.rows(),
               probabilities.cols(), "as at the latest forward");
  detail::expect_targets("PolicyGradient::backward", logits, targets);
  expect_apart("PolicyGradient::backward", {{"logits", logits}}, {{"dx", dx}});
  dx.resize(logits.rows(), logits.cols());
  functional::weighted_log_likelihood_backward<Scalar>(dx, probabilities, targets, weights);
  return dx;
}

std::vector<double> policy_advantages(const ConstMatrixRef& rewards,
                                      const std::vector<double>& policy,
                                      const std::vector<double>& reference, double beta) {
  expect_number("policy_advantages", "beta", beta, not_negative);
  const std::size_t B = at(rewards.rows());
  if (B == 0 || policy.empty() || rewards.cols() != 1 || policy.size() % B != 0 ||
      policy.size() != reference.size())
    throw Error(
        fmt::format("policy_advantages: rewards is {}, with {} log-probabilities of the policy and "
                    "{} of the reference: "
                    "rewards needs one column, and each text as many of both",
                    shape_text(rewards.rows(), rewards.cols()), policy.size(), reference.size()));
  const std::size_t T = policy.size() / B;
  std::vector<double> advantages(policy.size());
  double mean = 0;
  for (std::size_t b = 0; b < B; ++b) {
    double counts = static_cast<double>(rewards(static_cast<Index>(b), 0));
    for (std::size_t n = b * T; n < (b + 1) * T; ++n) counts -= beta * (policy[n] - reference[n]);
    std::fill_n(advantages.begin() + static_cast<std::ptrdiff_t>(b * T), T, counts);
    mean += counts / static_cast<double>(B);
  }
  double variance = 0;
  for (double& a : advantages)
    a -= mean, variance += a * a / static_cast<double>(advantages.size());
  for (double& a : advantages) a /= std::sqrt(variance) + 1e-8;
  return advantages;
}

double kl_divergence(const ConstMatrixRef& logits, const ConstMatrixRef& reference_logits,
                     TokenSpan targets) {
  expect_shape("kl_divergence", "reference_logits", reference_logits, logits.rows(), logits.cols(),
               "as logits");
  detail::expect_targets("kl_divergence", logits, targets);
  double sum = 0;
  for (Index n = 0; n < logits.rows(); ++n)
    if (targets[at(n)] != ignored)
      sum += functional::kl_divergence<Scalar>(logits.row(n), reference_logits.row(n));
  return sum;
}

}}  // namespace damla::DAMLA_ABI
