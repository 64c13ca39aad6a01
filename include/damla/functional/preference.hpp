#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

#include "damla/core/matrix.hpp"

/// What alignment adds to the losses: a few numbers for each answer or token, in double.
namespace damla { inline namespace DAMLA_ABI { namespace functional {

/// A loss of one number z, and its derivative by z.
struct ScalarLoss {
  double loss = 0, dz = 0;
};

/// −ln σ(z), where σ(z) = 1 / (1 + exp(−z)), without overflow at either end. Its derivative is
/// −σ(−z) = −1 / (1 + exp(z)).
inline ScalarLoss minus_log_sigmoid(double z) {
  const double loss = std::max(-z, 0.0) + std::log1p(std::exp(-std::abs(z)));
  return {loss, -1 / (1 + std::exp(z))};
}

/// Bradley and Terry (1952): of two answers, P(a person prefers the chosen one) = σ(margin), margin
/// = r(chosen) − r(rejected).
///
///     loss = −ln σ(margin)      dr(chosen) = −σ(−margin) = −dr(rejected)
inline ScalarLoss bradley_terry(double chosen, double rejected) {
  return minus_log_sigmoid(chosen - rejected);
}

/// The margin of direct preference optimisation (Rafailov et al., 2023, eq. 7), from ln π(answer)
/// by the policy and by the reference model. The loss is −ln σ(margin); its derivative by ln
/// π(chosen) is β times that by the margin, and by ln π(rejected) −β times.
///
///     margin = β · [(ln π(chosen) − ln π_ref(chosen)) − (ln π(rejected) − ln π_ref(rejected))]
inline double dpo_margin(double beta, double chosen, double reference_chosen, double rejected,
                         double reference_rejected) {
  return beta * ((chosen - reference_chosen) - (rejected - reference_rejected));
}

/// The clipped objective of PPO for one token (Schulman et al., 2017, eq. 7): z is ln p(token).
///
///     ratio = p / p_old      loss = −min(ratio·A, clip(ratio, 1 − ε, 1 + ε)·A)
///
/// Since dratio/dz = ratio, dz = −ratio·A; where the clip holds, nothing pulls any more, and dz =
/// 0.
inline ScalarLoss ppo(double log_p, double old_log_p, double advantage, double epsilon) {
  const double ratio = std::exp(log_p - old_log_p);
  const double free = ratio * advantage,
               held = std::clamp(ratio, 1 - epsilon, 1 + epsilon) * advantage;
  return {-std::min(free, held), held < free ? 0 : -free};  // NaN stays NaN
}

/// The gradient by the logits of −Σₙ weight(n)·ln p(n, target), p = softmax(logits): policy
/// gradients and DPO weigh each token.
///
///     dlogits(n, j) = weight(n) · (p(n, j) − [j = target])
///
/// dlogits and p are (N, V). Rows whose target is `ignored` get zeros.
template <class T = Scalar>
void weighted_log_likelihood_backward(Out<T> dlogits, In<T> p, TokenSpan targets,
                                      std::span<const double> weight) {
  for (Index n = 0; n < p.rows(); ++n) {
    const Token target = targets[static_cast<std::size_t>(n)];
    if (target == ignored) {
      dlogits.row(n).setZero();
      continue;
    }
    const T w = static_cast<T>(weight[static_cast<std::size_t>(n)]);
    dlogits.row(n) = w * p.row(n);
    dlogits(n, target) -= w;
  }
}

/// How far one row of probabilities is from another (Kullback and Leibler, 1951), in nats, from
/// their logits: 0 when equal.
///
///     KL(p ‖ q) = Σⱼ p(j)·(ln p(j) − ln q(j))
///     ln p(j) = x(j) − m − ln Σₖ exp(x(k) − m)      m = maxₖ x(k)
///
/// Where p(j) is 0, for a logit of −∞, the term is 0, even where q(j) is 0 too.
template <class T = Scalar>
double kl_divergence(In<T> logits, In<T> reference_logits) {
  const auto log_softmax = [](In<T> x) -> Eigen::ArrayXd {
    const Eigen::ArrayXd z =
        x.row(0).transpose().template cast<double>().array() - static_cast<double>(x.maxCoeff());
    return z - std::log(z.exp().sum());
  };
  const Eigen::ArrayXd log_p = log_softmax(logits), log_q = log_softmax(reference_logits);
  const double never = -std::numeric_limits<double>::infinity();
  return (log_p == never).select(0, log_p.exp() * (log_p - log_q)).sum();
}

}}}  // namespace damla::DAMLA_ABI::functional
