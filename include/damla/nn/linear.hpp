#pragma once

#include <cmath>

#include "damla/core/matmul.hpp"
#include "damla/core/parameter.hpp"
#include "damla/core/random.hpp"
#include "damla/functional/sum.hpp"
#include "damla/nn/layer.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// A fully connected layer: y = x·W + b.
struct Linear {
  Parameter weight;  // (in, out)
  Parameter bias;    // (1, out), or (0, 0) without a bias
  Matrix y;          // (N, out)
  Matrix dx;         // (N, in)

  /// Weights are drawn from a normal distribution, by default with a standard deviation of 1/√in,
  /// so that outputs start as large as inputs. The bias starts at 0. Throws Error for a size under
  /// 1 or a deviation under 0.
  Linear(Index in, Index out, Random& random, bool with_bias = true, double init_std = 0)
      : weight(in, out, "Linear"), bias(with_bias ? Parameter(1, out) : Parameter()) {
    expect_number("Linear", "init_std", init_std, a_deviation);
    random.fill_normal(weight.value,
                       init_std > 0 ? init_std : 1 / std::sqrt(static_cast<double>(in)));
  }

  /// y = x·W + b. x is (N, in), y is (N, out). Throws Error when x has another number of columns.
  const Matrix& forward(const ConstMatrixRef& x) {
    expect_shape("Linear::forward", "x", x, any, weight.value.rows(),
                 "the layer was built with that many inputs");
    expect_apart("Linear::forward", {{"x", x}}, {{"y", y}});
    matmul(y, x, weight.value, bias.value);
    return y;
  }

  /// dx = dy·Wᵀ, and the gradients of weight and bias are added to. x is what the latest forward
  /// took, dy is (N, out), dx (N, in).
  const Matrix& backward(const ConstMatrixRef& x, const ConstMatrixRef& dy) {
    expect_apart("Linear::backward", {{"x", x}, {"dy", dy}}, {{"dx", dx}});
    backward_parameters(x, dy);
    matmul(dx, dy, weight.value.transpose());
    return dx;
  }

  /// dW += xᵀ·dy and db += Σₙ dy(n, :), without dx: enough for a first layer, whose x is data.
  void backward_parameters(const ConstMatrixRef& x, const ConstMatrixRef& dy) {
    expect_shape("Linear::backward", "dy", dy, x.rows(), weight.value.cols(),
                 "as y of the latest forward");
    if (!weight.frozen) matmul_add(weight.grad(), x.transpose(), dy);
    if (bias.value.size() > 0 && !bias.frozen) functional::add_rows(bias.grad(), dy);
  }

  void visit_parameters(auto&& visit) {
    visit("weight", weight);
    if (bias.value.size() > 0) visit("bias", bias);
  }
};

/// What can take the place of Linear inside attention and feed-forward, as LoraLinear does: a layer
/// that is built as `L(in, out, random, with_bias, init_std)` and keeps its y and dx.
template <class L>
concept LinearLayer = Layer<L> && KeepsResult<L> &&
    std::constructible_from<L, Index, Index, Random&, bool, double> && requires(L layer) {
  { layer.dx } -> std::convertible_to<const Matrix&>;
};

}}  // namespace damla::DAMLA_ABI
