#pragma once

#include "damla/nn/activation.hpp"
#include "damla/nn/linear.hpp"
#include "damla/nn/sequential.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// A multi-layer perceptron with one hidden layer: logits = activation(x·W₁ + b₁)·W₂ + b₂. With
/// `Identity` between them two linear layers collapse into one.
template <class Activation = Relu>
struct Mlp : Sequential<Linear, Activation, Linear> {
  Mlp(Index in, Index hidden, Index out, Random& random)
      : Sequential<Linear, Activation, Linear>(Linear(in, hidden, random), Activation(),
                                               Linear(hidden, out, random)) {}

  /// dy is the loss's gradient by the logits; adds to the gradients. x is data: there is no dx.
  void backward(const ConstMatrixRef& x, const ConstMatrixRef& dy) {
    this->backward_parameters(x, dy);
  }
};

}}  // namespace damla::DAMLA_ABI
