#pragma once

#include "damla/core/parameter.hpp"
#include "damla/functional/rms_norm.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// Root-mean-square normalisation (Zhang and Sennrich, 2019), as in Llama: no mean is taken away,
/// no bias is added.
struct RmsNorm {
  Parameter weight;  // (1, C), starts at 1
  Scalar epsilon;
  Matrix rstd;   // (N, 1): 1/√(mean(x²) + ε)
  Matrix y, dx;  // (N, C)

  /// Throws Error when channels is under 1.
  explicit RmsNorm(Index channels, double epsilon_ = 1e-5)
      : weight(1, channels, "RmsNorm"), epsilon(static_cast<Scalar>(epsilon_)) {
    weight.value.setOnes();
  }

  /// y = x · rstd ⊙ weight. x is (N, C).
  const Matrix& forward(const ConstMatrixRef& x) {
    expect_shape("RmsNorm::forward", "x", x, any, weight.value.cols(),
                 "the layer was built for that many channels");
    expect_apart("RmsNorm::forward", {{"x", x}}, {{"rstd", rstd}, {"y", y}});
    y.resize(x.rows(), x.cols());
    rstd.resize(x.rows(), 1);
    expect_number("RmsNorm::forward", "epsilon", static_cast<double>(epsilon), positive);
    functional::rms_norm(y, rstd, x, weight.value, epsilon);
    return y;
  }

  /// dx = rstd · (g − x̂ · mean(g ⊙ x̂)), g = dy ⊙ weight, x̂ = x · rstd; dweight += Σₙ dy ⊙ x̂.
  const Matrix& backward(const ConstMatrixRef& x, const ConstMatrixRef& dy) {
    expect_shape("RmsNorm::backward", "dy", dy, x.rows(), x.cols(), "as x");
    expect_shape("RmsNorm::backward", "x", x, y.rows(), y.cols(), "as at the latest forward");
    expect_apart("RmsNorm::backward", {{"x", x}, {"dy", dy}}, {{"dx", dx}});
    dx.resize(x.rows(), x.cols());
    if (!weight.frozen) functional::rms_norm_backward_parameters(weight.grad(), rstd, x, dy);
    functional::rms_norm_backward(dx, rstd, x, weight.value, dy);
    return dx;
  }

  void visit_parameters(auto&& visit) { visit("weight", weight); }
};

}}  // namespace damla::DAMLA_ABI
