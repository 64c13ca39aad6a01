#pragma once

#include <cmath>
#include <numbers>

#include "damla/core/error.hpp"
#include "damla/core/kernels.hpp"
#include "damla/core/matrix.hpp"

namespace damla::inline DAMLA_ABI {

/// max(0, x), number by number.
struct Relu {
  Matrix y, dx;  // as x

  const Matrix& forward(const ConstMatrixRef& x) { return y = x.cwiseMax(Scalar(0)); }
  const Matrix& backward(const ConstMatrixRef& x, const ConstMatrixRef& dy) {
    expect_shape("Relu::backward", "dy", dy, x.rows(), x.cols());
    return dx = (x.array() > 0).select(dy, Scalar(0));
  }
  void visit_parameters(auto&&) {}
};

/// No activation at all: y = x. Stacked linear layers with this between them are one linear layer.
struct Identity {
  Matrix y, dx;  // as x

  const Matrix& forward(const ConstMatrixRef& x) { return y = x; }
  const Matrix& backward(const ConstMatrixRef&, const ConstMatrixRef& dy) { return dx = dy; }
  void visit_parameters(auto&&) {}
};

/// tanh(x), number by number.
struct Tanh {
  Matrix y, dx;  // as x

  const Matrix& forward(const ConstMatrixRef& x) { return y = x.array().tanh(); }
  const Matrix& backward(const ConstMatrixRef& x, const ConstMatrixRef& dy) {
    expect_shape("Tanh::backward", "dy", dy, x.rows(), x.cols());
    return dx = dy.array() * (1 - y.array().square());  // y = tanh x  →  dx = dy·(1 − y²)
  }
  void visit_parameters(auto&&) {}
};

/// 1 / (1 + exp(−x)), number by number.
struct Sigmoid {
  Matrix y, dx;  // as x

  const Matrix& forward(const ConstMatrixRef& x) { return y = x.array().logistic(); }
  const Matrix& backward(const ConstMatrixRef& x, const ConstMatrixRef& dy) {
    expect_shape("Sigmoid::backward", "dy", dy, x.rows(), x.cols());
    return dx = dy.array() * y.array() * (1 - y.array());  // y = σ(x)  →  dx = dy·y·(1 − y)
  }
  void visit_parameters(auto&&) {}
};

/// x·Φ(x), where Φ is the standard normal's distribution (Hendrycks and Gimpel, 2016, eq. 1): a ReLU with a soft knee. In the
/// tanh form that GPT-2 uses (section 2 of the paper).
struct Gelu {
  Matrix y, dx;  // as x

  const Matrix& forward(const ConstMatrixRef& x) {
    y.resize(x.rows(), x.cols());
    kernels::gelu_tanh(y, x);  // y = ½·x·(1 + tanh(√(2/π)·(x + 0.044715·x³)))
    return y;
  }
  const Matrix& backward(const ConstMatrixRef& x, const ConstMatrixRef& dy) {
    expect_shape("Gelu::backward", "dy", dy, x.rows(), x.cols());
    dx.resize(x.rows(), x.cols());
    kernels::gelu_tanh_backward(dx, x, y, dy);
    return dx;
  }
  void visit_parameters(auto&&) {}
};

/// GELU without the approximation: y = x·Φ(x) = ½·x·(1 + erf(x/√2)), as in BERT and as PyTorch's default.
struct ExactGelu {
  Matrix y, dx;  // as x

  static Scalar normal_distribution(Scalar x) {
    return Scalar(0.5) * (1 + std::erf(x * (std::numbers::sqrt2_v<Scalar> / 2)));
  }
  static Scalar normal_density(Scalar x) {
    return std::exp(Scalar(-0.5) * x * x) * std::numbers::inv_sqrtpi_v<Scalar> * (std::numbers::sqrt2_v<Scalar> / 2);
  }
  const Matrix& forward(const ConstMatrixRef& x) {
    return y = x.unaryExpr([](Scalar v) { return v * normal_distribution(v); });
  }
  const Matrix& backward(const ConstMatrixRef& x, const ConstMatrixRef& dy) {
    expect_shape("ExactGelu::backward", "dy", dy, x.rows(), x.cols());
    return dx = dy.cwiseProduct(x.unaryExpr([](Scalar v) { return normal_distribution(v) + v * normal_density(v); }));
  }
  void visit_parameters(auto&&) {}
};

}  // namespace damla::inline DAMLA_ABI
