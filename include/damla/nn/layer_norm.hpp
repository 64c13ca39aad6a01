#pragma once

#include <vector>

#include "damla/core/parameter.hpp"
#include "damla/functional/layer_norm.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// Layer normalisation (Ba, Kiros and Hinton, 2016): every row gets mean 0 and variance 1, then a
/// learned weight and bias.
struct LayerNorm {
  Parameter weight;  // (1, C), starts at 1
  Parameter bias;    // (1, C), starts at 0
  Scalar epsilon = Scalar(1e-5);
  std::vector<double> mean, rstd;  // of each of N rows: its mean, and 1/√(variance + ε)
  Matrix y, dx;                    // (N, C)

  /// Throws Error when channels is under 1.
  explicit LayerNorm(Index channels)
      : weight(1, channels, "LayerNorm"), bias(1, channels, "LayerNorm") {
    weight.value.setOnes();
  }

  /// y = x̂ ⊙ weight + bias, x̂ = (x − mean) · rstd. x is (N, C).
  const Matrix& forward(const ConstMatrixRef& x) {
    expect_shape("LayerNorm::forward", "x", x, any, weight.value.cols(),
                 "the layer was built for that many channels");
    expect_apart("LayerNorm::forward", {{"x", x}}, {{"y", y}});
    y.resize(x.rows(), x.cols());
    for (std::vector<double>* v : {&mean, &rstd}) v->resize(static_cast<std::size_t>(x.rows()));
    expect_number("LayerNorm::forward", "epsilon", static_cast<double>(epsilon), positive);
    functional::layer_norm(y, mean, rstd, x, weight.value, bias.value, epsilon);
    return y;
  }

  /// dx = rstd · (g − mean(g) − x̂ · mean(g ⊙ x̂)), g = dy ⊙ weight; dweight += Σₙ dy ⊙ x̂;
  /// dbias += Σₙ dy. x̂ is made again from x.
  const Matrix& backward(const ConstMatrixRef& x, const ConstMatrixRef& dy) {
    expect_shape("LayerNorm::backward", "dy", dy, x.rows(), x.cols(), "as x");
    expect_shape("LayerNorm::backward", "x", x, y.rows(), y.cols(), "as at the latest forward");
    expect_apart("LayerNorm::backward", {{"x", x}, {"dy", dy}}, {{"dx", dx}});
    dx.resize(x.rows(), x.cols());
    if (!weight.frozen || !bias.frozen) {
      Matrix unused;  // for the one that is frozen, when the other is learned
      const auto grad = [&](Parameter& p) -> Matrix& {
        return p.frozen ? unused = Matrix::Zero(1, dy.cols()) : p.grad();
      };
      functional::layer_norm_backward_parameters(grad(weight), grad(bias), x, mean, rstd, dy);
    }
    functional::layer_norm_backward(dx, x, mean, rstd, weight.value, dy);
    return dx;
  }

  void visit_parameters(auto&& visit) { visit("weight", weight), visit("bias", bias); }
};

}}  // namespace damla::DAMLA_ABI
