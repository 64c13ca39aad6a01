#pragma once

#include <vector>

#include "damla/nn/loss.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// REINFORCE (Williams, 1992) with the clipped objective of PPO (Schulman et al., 2017, eq. 7) as
/// an option. Each token that was sampled has an advantage A: how much better than expected its
/// text was.
///     without clip:  loss = −(1/M) Σ A·ln p(token)
///     with clip ε:   loss = −(1/M) Σ min(ρ·A, clip(ρ, 1−ε, 1+ε)·A),  ρ = p(token) / p_old(token)
struct PolicyGradient {
  double clip = 0;  ///< ε; 0: plain REINFORCE
  double loss = 0;
  double clipped = 0;  ///< share of tokens whose ρ was outside 1 ± ε to their advantage: they no
                       ///< longer move the policy
  Matrix probabilities{};  // (N, V)
  Matrix dx{};             // (N, V)

  /// logits (N, V); targets: the sampled tokens, `ignored` where none was; advantages and
  /// old_log_probabilities: N each, the latter only with clip. Throws Error where they do not fit,
  /// and for a clip under 0.
  double forward(const ConstMatrixRef& logits, TokenSpan targets,
                 const std::vector<double>& advantages,
                 const std::vector<double>& old_log_probabilities = {});
  const Matrix& backward(const ConstMatrixRef& logits, TokenSpan targets);

  std::vector<double> weights{};  // −∂loss/∂ln p(token) for each row
};

/// The advantage of each token of B sampled texts (B·T values): what its text counts for, less the
/// mean of the batch, in standard deviations of the batch, so that it goes on learning when all
/// texts are nearly equal. A text counts for its reward (B, 1), less β times how far the policy has
/// moved from the reference model to write it, ln π(text) − ln π_ref(text): the leash that keeps
/// the policy's language (Ouyang et al., 2022, eq. 2). The log-probabilities are those of the
/// sampled tokens, B·T each, 0 elsewhere (target_log_probabilities). Throws Error where the sizes
/// do not fit, and for a β under 0.
std::vector<double> policy_advantages(const ConstMatrixRef& rewards,
                                      const std::vector<double>& policy,
                                      const std::vector<double>& reference, double beta);

/// How far a policy has moved from the reference model, exactly, over the whole vocabulary at each
/// position whose target is not `ignored`: KL(p ‖ q) = Σᵥ p ln(p/q), in nats, summed over these
/// positions.
double kl_divergence(const ConstMatrixRef& logits, const ConstMatrixRef& reference_logits,
                     TokenSpan targets);

}}  // namespace damla::DAMLA_ABI
