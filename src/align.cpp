#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "damla/align/dpo.hpp"
#include "damla/align/policy_gradient.hpp"
#include "damla/align/reward_model.hpp"
#include "damla/align/tuning.hpp"
#include "damla/core/error.hpp"
#include "damla/core/kernels.hpp"

namespace damla::inline DAMLA_ABI {

namespace {
std::size_t at(Index n) { return static_cast<std::size_t>(n); }

/// ln σ(z) without overflow.
double log_sigmoid(double z) { return std::min(z, 0.0) - std::log1p(std::exp(-std::abs(z))); }
double sigmoid(double z) { return std::exp(log_sigmoid(z)); }

/// dx(n, :) = weight(n)·(p(n, :) − one-hot(target)): the gradient of −Σ weight·ln p(target).
void weighted_gradient(Matrix& dx, const Matrix& p, TokenSpan targets, auto weight) {
  if (std::ssize(targets) != p.rows())
    throw Error(fmt::format("backward: there are {} targets, but forward had {}", targets.size(), p.rows()));
  dx.setZero(p.rows(), p.cols());
  for (Index n = 0; n < p.rows(); ++n) {
    const Token target = targets[at(n)];
    if (target == ignored) continue;
    if (target < 0 || target >= p.cols())
      throw Error(fmt::format("backward: target {} is {}, but the vocabulary has {} words", n, target, p.cols()));
    const auto w = static_cast<Scalar>(weight(n));
    dx.row(n) = w * p.row(n);
    dx(n, target) -= w;
  }
}

Index count(TokenSpan targets) { return std::ssize(targets) - std::count(targets.begin(), targets.end(), ignored); }

void softmax(Matrix& p, const ConstMatrixRef& logits) {
  p.resize(logits.rows(), logits.cols());
  kernels::softmax_rows(p, logits);
}
}  // namespace

TuningExample TuningExample::of(TokenSpan question, TokenSpan answer) {
  TuningExample e{Tokens(question.begin(), question.end()), std::vector<bool>(question.size(), false)};
  e.tokens.insert(e.tokens.end(), answer.begin(), answer.end());
  e.learn.resize(e.tokens.size(), true);
  return e;
}

TuningBatch TuningBatch::of(const std::vector<TuningExample>& examples) {
  TuningBatch batch;
  batch.B = std::ssize(examples);
  require(batch.B > 0, "TuningBatch::of: there are no examples");
  for (const TuningExample& e : examples) {
    require(e.tokens.size() >= 2, "TuningBatch::of: an example needs at least two tokens");
    require(e.tokens.size() == e.learn.size(), "TuningBatch::of: an example needs one `learn` for each token");
    batch.T = std::max(batch.T, std::ssize(e.tokens) - 1);
  }
  batch.inputs.assign(at(batch.B * batch.T), 0);
  batch.targets.assign(at(batch.B * batch.T), ignored);
  for (Index b = 0; b < batch.B; ++b) {
    const TuningExample& e = examples[at(b)];
    for (std::size_t t = 0; t + 1 < e.tokens.size(); ++t) {
      batch.inputs[at(b * batch.T) + t] = e.tokens[t];
      if (e.learn[t + 1]) batch.targets[at(b * batch.T) + t] = e.tokens[t + 1];
    }
  }
  return batch;
}

std::vector<double> target_log_probabilities(const ConstMatrixRef& logits, TokenSpan targets) {
  std::vector<double> result = token_losses(logits, targets);
  for (double& l : result) l = -l;
  return result;
}

std::vector<double> sequence_log_probabilities(const ConstMatrixRef& logits, TokenSpan targets, Index T) {
  if (T < 1 || logits.rows() % T != 0) throw Error("sequence_log_probabilities: logits need a multiple of T rows");
  const std::vector<double> tokens = target_log_probabilities(logits, targets);
  std::vector<double> sums(at(logits.rows() / T), 0.0);
  for (std::size_t n = 0; n < tokens.size(); ++n) sums[n / at(T)] += tokens[n];
  return sums;
}

double PreferenceLoss::forward(const ConstMatrixRef& rewards) {
  const Index P = rewards.rows() / 2;
  expect_shape("PreferenceLoss::forward", "rewards", rewards, std::max<Index>(2, 2 * P), 1, "chosen, then rejected");
  loss = accuracy = 0;
  for (Index i = 0; i < P; ++i) {
    const double margin = static_cast<double>(rewards(i, 0) - rewards(P + i, 0));
    loss -= log_sigmoid(margin) / static_cast<double>(P);
    accuracy += (margin > 0 ? 1.0 : 0.0) / static_cast<double>(P);
  }
  return loss;
}

const Matrix& PreferenceLoss::backward(const ConstMatrixRef& rewards) {
  const Index P = rewards.rows() / 2;
  dx.resize(2 * P, 1);
  for (Index i = 0; i < P; ++i) {
    const double margin = static_cast<double>(rewards(i, 0) - rewards(P + i, 0));
    dx(i, 0) = static_cast<Scalar>(-sigmoid(-margin) / static_cast<double>(P));  // −ln σ(m)  →  dm = −σ(−m)
    dx(P + i, 0) = -dx(i, 0);
  }
  return dx;
}

double PolicyGradient::forward(const ConstMatrixRef& logits, TokenSpan targets, const std::vector<double>& advantages,
                               const std::vector<double>& old_log_probabilities) {
  if (std::ssize(advantages) != logits.rows() || (clip > 0 && std::ssize(old_log_probabilities) != logits.rows()))
    throw Error(fmt::format("PolicyGradient::forward: logits has {} rows, but there are {} advantages and {} old "
                            "probabilities", logits.rows(), advantages.size(), old_log_probabilities.size()));
  softmax(probabilities, logits);
  const std::vector<double> log_p = target_log_probabilities(logits, targets);
  weights.assign(log_p.size(), 0.0);
  counted = count(targets);
  require(counted > 0, "PolicyGradient::forward: no token was sampled: every target is ignored");
  loss = clipped = 0;
  for (std::size_t n = 0; n < log_p.size(); ++n) {
    if (targets[n] == ignored) continue;
    if (clip <= 0) {
      weights[n] = advantages[n];
      loss -= advantages[n] * log_p[n];
      continue;
    }
    const double ratio = std::exp(log_p[n] - old_log_probabilities[n]);
    const double free = ratio * advantages[n], held = std::clamp(ratio, 1 - clip, 1 + clip) * advantages[n];
    loss -= std::min(free, held);
    if (free <= held) weights[n] = free;  // ρ = p/p_old  →  dρ = ρ·dln p
    else clipped += 1;
  }
  clipped /= static_cast<double>(counted);
  return loss /= static_cast<double>(counted);
}

const Matrix& PolicyGradient::backward(const ConstMatrixRef& logits, TokenSpan targets) {
  expect_shape("PolicyGradient::backward", "logits", logits, probabilities.rows(), probabilities.cols());
  weighted_gradient(dx, probabilities, targets, [&](Index n) { return weights[at(n)] / static_cast<double>(counted); });
  return dx;
}

std::vector<double> policy_advantages(const ConstMatrixRef& rewards, const std::vector<double>& policy,
                                      const std::vector<double>& reference, double beta) {
  const std::size_t B = at(rewards.rows());
  if (B == 0 || rewards.cols() != 1 || policy.size() % B != 0 || policy.size() != reference.size())
    throw Error(fmt::format("policy_advantages: rewards is {}, with {} log-probabilities of the policy and {} of the reference: "
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
  for (double& a : advantages) a -= mean, variance += a * a / static_cast<double>(advantages.size());
  for (double& a : advantages) a /= std::sqrt(variance) + 1e-8;
  return advantages;
}

double kl_divergence(const ConstMatrixRef& logits, const ConstMatrixRef& reference_logits, TokenSpan targets) {
  expect_shape("kl_divergence", "reference_logits", reference_logits, logits.rows(), logits.cols(), "as logits");
  if (std::ssize(targets) != logits.rows())
    throw Error(fmt::format("kl_divergence: logits has {} rows, but there are {} targets", logits.rows(), targets.size()));
  const auto log_softmax = [](const ConstMatrixRef& m, Index n) -> Eigen::ArrayXd {
    const Eigen::ArrayXd row = m.row(n).transpose().cast<double>().array() - static_cast<double>(m.row(n).maxCoeff());
    return row - std::log(row.exp().sum());
  };
  double sum = 0;
  for (Index n = 0; n < logits.rows(); ++n) {
    if (targets[at(n)] == ignored) continue;
    const Eigen::ArrayXd log_p = log_softmax(logits, n), log_q = log_softmax(reference_logits, n);
    sum += (log_p.exp() * (log_p - log_q)).sum();
  }
  return sum;
}

double DpoLoss::forward(const ConstMatrixRef& logits, TokenSpan targets, Index T, const std::vector<double>& reference) {
  const std::vector<double> policy = sequence_log_probabilities(logits, targets, T);
  if (policy.size() % 2 != 0 || policy.size() != reference.size())
    throw Error(fmt::format("DpoLoss::forward: there are {} answers and {} reference values, but both need to be one for each "
                            "chosen and each rejected answer", policy.size(), reference.size()));
  softmax(probabilities, logits);
  const std::size_t P = policy.size() / 2;
  const Index chosen_tokens = count(targets.first(targets.size() / 2));
  require(chosen_tokens > 0, "DpoLoss::forward: every target of the chosen answers is ignored");
  const double likelihood_weight = likelihood / static_cast<double>(chosen_tokens);
  weights.assign(2 * P, 0.0);
  loss = accuracy = 0;
  for (std::size_t i = 0; i < P; ++i) {
    const double margin = beta * ((policy[i] - reference[i]) - (policy[P + i] - reference[P + i]));
    loss -= log_sigmoid(margin) / static_cast<double>(P) + likelihood_weight * policy[i];
    accuracy += (margin > 0 ? 1.0 : 0.0) / static_cast<double>(P);
    weights[i] = beta * sigmoid(-margin) / static_cast<double>(P);
    weights[P + i] = -weights[i];
    weights[i] += likelihood_weight;
  }
  return loss;
}

const Matrix& DpoLoss::backward(const ConstMatrixRef& logits, TokenSpan targets, Index T) {
  expect_shape("DpoLoss::backward", "logits", logits, probabilities.rows(), probabilities.cols());
  weighted_gradient(dx, probabilities, targets, [&](Index n) { return weights[at(n / T)]; });
  return dx;
}

}  // namespace damla::inline DAMLA_ABI
