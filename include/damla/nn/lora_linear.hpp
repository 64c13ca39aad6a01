#pragma once

#include <algorithm>
#include <utility>

#include "damla/nn/linear.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// A Linear that stays as it is, and beside it two thin matrices that learn (LoRA; Hu et al., 2021,
/// section 4.1). What they add to W is of rank r at most: r·(in + out) numbers instead of in·out.
///
///     y = x·W + b + (α/r)·(x·A)·B
///
/// B begins at 0, so that nothing changes before the first step.
struct LoraLinear : Linear {
  Parameter A;       // (in, r), or (0, 0): then this is a Linear
  Parameter B;       // (r, out)
  double alpha = 0;  // α
  Matrix h;          // (N, r): scale·x·A, scale = α/r
  Matrix dh;         // (N, r)

  /// A Linear without the two matrices: as a slot of attention and feed-forward.
  using Linear::Linear;

  /// Freezes `base`, and gives it matrices of this rank. A begins uniform within ±1/√in, as in
  /// Hugging Face's PEFT. Throws Error when the rank is not 1 … min(in, out), or alpha not over 0.
  LoraLinear(Linear base, Index rank, double alpha_, Random& random)
      : Linear(std::move(base)), alpha(alpha_) {
    const Index in = weight.value.rows(), out = weight.value.cols();
    expect_count("LoraLinear", "rank", rank, 1, std::min(in, out),
                 "no more than the weight's rows and columns");
    expect_number("LoraLinear", "alpha", alpha, positive);
    freeze(*this);
    A = Parameter(in, rank), B = Parameter(rank, out);
    const double bound = 1 / std::sqrt(static_cast<double>(in));
    random.fill_uniform(A.value, -bound, bound);
  }

  Index rank() const { return A.value.cols(); }
  Scalar scale() const { return static_cast<Scalar>(alpha / static_cast<double>(rank())); }

  /// y = x·W + b + h·B, h = scale·x·A. x is (N, in), y is (N, out). Throws Error when x has another
  /// number of columns.
  const Matrix& forward(const ConstMatrixRef& x) {
    expect_apart("LoraLinear::forward", {{"x", x}}, {{"y", y}, {"h", h}});
    Linear::forward(x);
    if (rank() == 0) return y;
    matmul(h, x, A.value);
    h *= scale();
    matmul_add(y, h, B.value);
    return y;
  }

  /// dx = dy·Wᵀ + dh·Aᵀ, dh = scale·dy·Bᵀ, and the gradients of A and B are added to. x is what the
  /// latest forward took, dy is (N, out), dx (N, in).
  const Matrix& backward(const ConstMatrixRef& x, const ConstMatrixRef& dy) {
    expect_apart("LoraLinear::backward", {{"x", x}, {"dy", dy}}, {{"dx", dx}, {"dh", dh}});
    backward_parameters(x, dy);
    matmul(dx, dy, weight.value.transpose());
    if (rank() > 0) matmul_add(dx, dh, A.value.transpose());
    return dx;
  }

  /// y = … + h·B, so dB += hᵀ·dy and dh = scale·dy·Bᵀ; h = scale·x·A, so dA += xᵀ·dh.
  void backward_parameters(const ConstMatrixRef& x, const ConstMatrixRef& dy) {
    Linear::backward_parameters(x, dy);
    if (rank() == 0) return;
    expect_shape("LoraLinear::backward", "x", x, h.rows(), A.value.rows(),
                 "as at the latest forward");
    matmul(dh, dy, B.value.transpose());
    dh *= scale();
    if (!A.frozen) matmul_add(A.grad(), x.transpose(), dh);
    if (!B.frozen) matmul_add(B.grad(), h.transpose(), dy);
  }

  /// One Linear that computes the same: W + scale·A·B.
  Linear merged() const {
    Linear sum = *this;
    sum.y = sum.dx = Matrix();
    sum.weight.frozen = sum.bias.frozen = false;
    if (rank() == 0) return sum;
    const Matrix scaled = scale() * A.value;
    matmul_add(sum.weight.value, scaled, B.value);
    return sum;
  }

  void visit_parameters(auto&& visit) {
    Linear::visit_parameters(visit);
    if (rank() == 0) return;
    visit("lora_A.weight", A);
    visit("lora_B.weight", B);
  }
};

}}  // namespace damla::DAMLA_ABI
