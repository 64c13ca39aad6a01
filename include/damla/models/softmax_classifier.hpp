#pragma once

#include "damla/nn/linear.hpp"
#include "damla/nn/loss.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// A softmax classifier, or softmax regression: one score for each class, and softmax makes
/// probabilities of the scores (Bishop, 2006, section 4.3.4). Borders between classes are straight
/// lines.
///
///     logits = x·W + b      p = softmax(logits)      loss = −mean ln p(right class)
///
/// Starts at zero: the loss has one minimum, so there is nothing to break the symmetry of.
struct SoftmaxClassifier {
  Linear linear;  // (features, classes)
  CrossEntropy cross_entropy;

  SoftmaxClassifier(Index features, Index classes) : linear(zeros(features, classes)) {}

  /// x is (N, features). Returns the logits (N, classes).
  const Matrix& forward(const ConstMatrixRef& x) { return linear.forward(x); }

  /// P(class) for each row of x: (N, classes), each row summing to 1.
  Matrix probabilities(const ConstMatrixRef& x);

  /// The likeliest class of each row of x.
  Tokens predict(const ConstMatrixRef& x);

  /// The mean cross-entropy in nats: ln(classes) at the start.
  double loss(const ConstMatrixRef& x, TokenSpan targets) {
    return cross_entropy.forward(forward(x), targets);
  }

  /// The gradients of `loss`, for the same x and targets: dlogits = (p − one-hot) / N, dW +=
  /// xᵀ·dlogits, db += Σ dlogits.
  void loss_backward(const ConstMatrixRef& x, TokenSpan targets) {
    backward(x, cross_entropy.backward(linear.y, targets));
  }

  /// dlogits is any loss's gradient by the logits; adds to the gradients. x is data: there is no
  /// dx.
  void backward(const ConstMatrixRef& x, const ConstMatrixRef& dlogits) {
    linear.backward_parameters(x, dlogits);
  }

  void visit_parameters(auto&& visit) { linear.visit_parameters(visit); }

 private:
  static Linear zeros(Index in, Index out) {
    Random unused(0);
    Linear layer(in, out, unused);
    layer.weight.value.setZero();
    return layer;
  }
};

}}  // namespace damla::DAMLA_ABI
