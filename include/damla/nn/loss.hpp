#pragma once

#include <vector>

#include "damla/core/matrix.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// Softmax and the negative log-likelihood of the right class, averaged over the rows whose target
/// counts: loss = −(1/M) Σₙ ln p(n, targetₙ), where p = softmax(logits). One nat is e times less
/// likely; chance is ln V.
struct CrossEntropy {
  Matrix dx;                   // (N, V): the gradient, made along with the loss while p is at hand
  std::vector<double> losses;  // N: nats of each row, 0 where the target is ignored
  double loss = 0;             // their mean over the rows that count
  Index counted = 0;           // M

  /// logits is (N, V); targets are N classes in 0 … V-1, or `ignored`. Throws Error for any other
  /// target, and when none counts. The mean is over this call's rows: who splits a batch in parts
  /// weighs each part's mean, and its gradient, by `counted`.
  double forward(const ConstMatrixRef& logits, TokenSpan targets);

  /// The gradient for the logits: dx = (p − one-hot(target)) / M, and 0 where the target is
  /// ignored. Both are those of the latest forward.
  const Matrix& backward(const ConstMatrixRef& logits, TokenSpan targets);

  /// Both at once, in the memory of the logits: they become their gradient. For a vocabulary that
  /// is too large to have (N, V) numbers twice; dx becomes empty. Returns the loss.
  double replace_by_gradient(Matrix& logits, TokenSpan targets);

 private:
  double loss_and_gradient(const char* call, Matrix& gradient, const ConstMatrixRef& logits,
                           TokenSpan targets);
};

namespace detail {
/// Throws Error unless there is one target a row, each a column of logits or `ignored`. Returns how
/// many count.
Index expect_targets(const char* call, const ConstMatrixRef& logits, TokenSpan targets);
}  // namespace detail

/// −ln p(n, targetₙ) for each row on its own, without keeping the probabilities; 0 where the target
/// is ignored.
std::vector<double> token_losses(const ConstMatrixRef& logits, TokenSpan targets);

/// Sigmoid and cross-entropy for yes/no: loss = −(1/N) Σₙ [t ln p + (1−t) ln(1−p)], p = σ(logit).
/// logits is (N, 1).
struct BinaryCrossEntropy {
  Matrix probabilities;  // (N, 1): P(target = 1)
  Matrix dx;             // (N, 1)
  double loss = 0;       // nats per row

  /// targets are N times 0 or 1. Throws Error otherwise.
  double forward(const ConstMatrixRef& logits, TokenSpan targets);
  /// dx = (p − target) / N.
  const Matrix& backward(const ConstMatrixRef& logits, TokenSpan targets);
};

/// loss = (1/N) Σₙ |predictionₙ − targetₙ|², the sum going over the columns.
struct SquaredError {
  Matrix dx;        // (N, C)
  double loss = 0;  // in the target's unit, squared

  double forward(const ConstMatrixRef& prediction, const ConstMatrixRef& target);
  /// dx = 2·(prediction − target) / N.
  const Matrix& backward(const ConstMatrixRef& prediction, const ConstMatrixRef& target);
};

}}  // namespace damla::DAMLA_ABI
