#pragma once

#include "damla/nn/linear.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// One straight line (or plane) through the features: logits, or a predicted number, = x·W + b.
/// With BinaryCrossEntropy (one output) it is logistic
/// regression, with SquaredError linear regression. Starts at zero: the losses have one minimum, so
/// there is nothing to break the symmetry of.
struct LinearModel : Linear {
  LinearModel(Index in, Index out) : Linear(zeros(in, out)) {}

  /// dy is the loss's gradient by the outputs; adds to the gradients. x is data: there is no dx.
  void backward(const ConstMatrixRef& x, const ConstMatrixRef& dy) { backward_parameters(x, dy); }

 private:
  static Linear zeros(Index in, Index out) {
    Random unused(0);
    Linear layer(in, out, unused);
    layer.weight.value.setZero();
    return layer;
  }
};

}}  // namespace damla::DAMLA_ABI
