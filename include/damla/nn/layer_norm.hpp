#pragma once

#include <cmath>

#include "damla/core/kernels.hpp"
#include "damla/core/parameter.hpp"

namespace damla::inline DAMLA_ABI {

/// Layer normalisation (Ba, Kiros and Hinton, 2016, eq. 4): every row gets mean 0 and variance 1, then a learned gain and shift.
/// y = x̂ ⊙ weight + bias,  x̂ = (x − mean) / √(variance + ε),  variance with 1/C, as in PyTorch.
struct LayerNorm {
  Parameter weight;  // (1, C), starts at 1
  Parameter bias;    // (1, C), starts at 0
  Scalar epsilon = Scalar(1e-5);
  Matrix xhat;     // (N, C)
  Matrix inverse;  // (N, 1): 1/√(variance + ε)
  Matrix y, dx;    // (N, C)

  explicit LayerNorm(Index channels) : weight(1, channels), bias(1, channels) { weight.value.setOnes(); }

  const Matrix& forward(const ConstMatrixRef& x) {
    expect_shape("LayerNorm::forward", "x", x, any, weight.value.cols(), "the layer was built for that many channels");
    for (Matrix* m : {&xhat, &y}) m->resize(x.rows(), x.cols());
    inverse.resize(x.rows(), 1);
    kernels::normalize_rows(y, xhat, inverse, x, weight.value, bias.value, epsilon);
    return y;
  }

  /// mean and variance depend on x too, which gives the two terms that are taken off:
  /// dx = (g − mean(g) − x̂·mean(g ⊙ x̂)) / √(variance + ε),  g = dy ⊙ weight;  dweight += Σ dy ⊙ x̂;  dbias += Σ dy.
  const Matrix& backward(const ConstMatrixRef& x, const ConstMatrixRef& dy) {
    expect_shape("LayerNorm::backward", "dy", dy, x.rows(), x.cols(), "as x");
    dx.resize(x.rows(), x.cols());
    kernels::normalize_rows_backward(dx, weight.grad, bias.grad, xhat, inverse, weight.value, dy);
    return dx;
  }

  void visit_parameters(auto&& visit) { visit("weight", weight), visit("bias", bias); }
};

/// Root-mean-square normalisation (Zhang and Sennrich, 2019, eq. 4): no mean is taken off, no bias is added.
/// y = x̂ ⊙ weight,  x̂ = x / √(mean(x²) + ε).
struct RmsNorm {
  Parameter weight;  // (1, C), starts at 1
  Scalar epsilon = Scalar(1e-5);
  Matrix inverse;  // (N, 1): 1/√(mean(x²) + ε)
  Matrix y, dx;    // (N, C)

  explicit RmsNorm(Index channels) : weight(1, channels) { weight.value.setOnes(); }

  const Matrix& forward(const ConstMatrixRef& x) {
    expect_shape("RmsNorm::forward", "x", x, any, weight.value.cols(), "the layer was built for that many channels");
    y.resize(x.rows(), x.cols());
    inverse.resize(x.rows(), 1);
    for (Index n = 0; n < x.rows(); ++n) {
      inverse(n) = 1 / std::sqrt(x.row(n).squaredNorm() / static_cast<Scalar>(x.cols()) + epsilon);
      y.row(n) = x.row(n).cwiseProduct(weight.value.row(0)) * inverse(n);
    }
    return y;
  }

  const Matrix& backward(const ConstMatrixRef& x, const ConstMatrixRef& dy) {
    expect_shape("RmsNorm::backward", "dy", dy, x.rows(), x.cols(), "as x");
    dx.resize(x.rows(), x.cols());
    for (Index n = 0; n < x.rows(); ++n) {
      const auto g = dy.row(n).cwiseProduct(weight.value.row(0));
      const Scalar mean = g.dot(x.row(n)) * inverse(n) * inverse(n) / static_cast<Scalar>(x.cols());  // mean(g ⊙ x̂)·inverse
      weight.grad.row(0) += dy.row(n).cwiseProduct(x.row(n)) * inverse(n);  // dweight += dy ⊙ x̂
      dx.row(n) = (g - x.row(n) * mean) * inverse(n);                       // dx = (g − x̂·mean(g ⊙ x̂))·inverse
    }
    return dx;
  }

  void visit_parameters(auto&& visit) { visit("weight", weight); }
};

}  // namespace damla::inline DAMLA_ABI
