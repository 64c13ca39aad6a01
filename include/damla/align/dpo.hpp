#pragma once

#include <vector>

#include "damla/nn/loss.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// Direct preference optimisation (Rafailov et al., 2023, eq. 7): no reward model, no sampling.
/// With m = β·[(ln π(chosen) − ln π_ref(chosen)) − (ln π(rejected) − ln π_ref(rejected))],
///     loss = −(1/P) Σ ln σ(m) − likelihood·(1/M) Σ ln π(chosen tokens).
/// With likelihood = 0 both answers may become unlikely as long as the rejected one falls faster;
/// the second term (Pang et al., 2024, eq. 1) prevents that.
struct DpoLoss {
  double beta = 0.1;      ///< over 0
  double likelihood = 0;  ///< 0 or more
  double loss = 0;
  double accuracy = 0;     ///< share of pairs with m > 0
  Matrix probabilities{};  // (N, V)
  Matrix dx{};             // (N, V)

  /// logits (2P·T, V): P chosen sequences of T, then the P rejected ones; targets `ignored` outside
  /// the answers; reference: ln π_ref of each of the 2P answers (sequence_log_probabilities).
  /// Throws Error where they do not fit, and for an option out of its range.
  double forward(const ConstMatrixRef& logits, TokenSpan targets, Index T,
                 const std::vector<double>& reference);
  const Matrix& backward(const ConstMatrixRef& logits, TokenSpan targets, Index T);

  std::vector<double> weights{};  // −∂loss/∂ln p(token) for each row
};

}}  // namespace damla::DAMLA_ABI
