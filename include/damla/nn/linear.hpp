#pragma once

#include <cmath>

#include "damla/core/kernels.hpp"
#include "damla/core/matmul.hpp"
#include "damla/core/parameter.hpp"
#include "damla/core/random.hpp"

namespace damla::inline DAMLA_ABI {

/// A fully connected layer: y = x·W + b.
struct Linear {
  Parameter weight;  // (in, out)
  Parameter bias;    // (1, out), or (0, 0) without a bias
  Matrix y;          // (N, out)
  Matrix dx;         // (N, in)

  /// Weights are drawn from a normal distribution, by default of deviation 1/√in, so that outputs start as large as inputs.
  Linear(Index in, Index out, Random& random, bool with_bias = true, double deviation = 0) : weight(in, out) {
    random.fill_normal(weight.value, deviation > 0 ? deviation : 1 / std::sqrt(static_cast<double>(in)));
    if (with_bias) bias = Parameter(1, out);
  }

  /// x is (N, in). Returns y (N, out). Throws Error when x has another number of columns.
  const Matrix& forward(const ConstMatrixRef& x) {
    expect_shape("Linear::forward", "x", x, any, weight.value.rows(), "the layer was built with that many inputs");
    matmul(y, x, weight.value, bias.value);                      // y = x·W + b
    return y;
  }

  /// dy is (N, out). Returns dx (N, in); adds to the gradients. x is what the latest forward took.
  const Matrix& backward(const ConstMatrixRef& x, const ConstMatrixRef& dy) {
    backward_parameters(x, dy);
    matmul(dx, dy, weight.value.transpose());                    // y = x·W      →  dx = dy·Wᵀ
    return dx;
  }

  /// The gradients alone: enough for a first layer, whose x is data.
  void backward_parameters(const ConstMatrixRef& x, const ConstMatrixRef& dy) {
    expect_shape("Linear::backward", "dy", dy, x.rows(), weight.value.cols(), "as many as y of the latest forward");
    matmul_add(weight.grad, x.transpose(), dy);                  // y = x·W      →  dW += xᵀ·dy
    if (bias.value.size() > 0) kernels::add_sum_of_rows(bias.grad, dy);  // + b  →  db += Σ dy
  }

  void visit_parameters(auto&& visit) {
    visit("weight", weight);
    if (bias.value.size() > 0) visit("bias", bias);
  }
};

}  // namespace damla::inline DAMLA_ABI
