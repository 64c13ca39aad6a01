#pragma once

#include <vector>

#include "damla/nn/loss.hpp"

namespace damla::inline DAMLA_ABI {

/// REINFORCE (Williams, 1992) with the clipped objective of PPO (Schulman et al., 2017, eq. 7) as an option. Each token that was
/// sampled has an advantage A: how much better than expected its text was.
///     without clip:  loss = −(1/M) Σ A·ln p(token)
///     with clip ε:   loss = −(1/M) Σ min(ρ·A, clip(ρ, 1−ε, 1+ε)·A),  ρ = p(token) / p_old(token)
struct PolicyGradient {
  double clip = 0;       ///< ε; 0: plain REINFORCE
  double loss = 0;
  double clipped = 0;    ///< share of tokens whose ρ was outside 1 ± ε to their advantage: they no longer move the policy
  Matrix probabilities{};  // (N, V)
  Matrix dx{};             // (N, V)

  /// logits (N, V); targets: the sampled tokens, `ignored` where none was; advantages and old_log_probabilities: N each, the
  /// latter only with clip.
  double forward(const ConstMatrixRef& logits, TokenSpan targets, const std::vector<double>& advantages,
                 const std::vector<double>& old_log_probabilities = {});
  const Matrix& backward(const ConstMatrixRef& logits, TokenSpan targets);

  std::vector<double> weights{};  // −∂loss/∂ln p(token) · M for each row
  Index counted = 0;
};

/// How far the policy has moved from the reference model, exactly, over the whole vocabulary at each counted position:
/// KL(p ‖ q) = (1/M) Σₙ Σᵥ p ln(p/q). A penalty β·KL keeps the policy's language (Ziegler et al., 2019, eq. 2).
struct KlDivergence {
  double value = 0;  ///< nats per counted token
  Matrix p, q;       // (N, V)
  Matrix dx;         // (N, V): gradient for the policy's logits

  double forward(const ConstMatrixRef& logits, const ConstMatrixRef& reference_logits, TokenSpan targets);
  const Matrix& backward(TokenSpan targets);

  std::vector<double> rows;
  Index counted = 0;
};

}  // namespace damla::inline DAMLA_ABI
