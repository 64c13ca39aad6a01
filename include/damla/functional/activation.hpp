#pragma once

#include <cmath>
#include <numbers>

#include "damla/core/matrix.hpp"

/// Activations: one number in, one number out, so all matrices of a call have one shape. Without
/// them a network of many layers would be one straight line.
namespace damla { inline namespace DAMLA_ABI { namespace functional {

/// y = max(0, x) (Nair and Hinton, 2010). NaN stays NaN.
template <class T = StepScalar>
void relu(Out<T> y, In<T> x) {
  for (Index n = 0; n < x.rows(); ++n) y.row(n) = x.row(n).cwiseMax(T(0));
}
///     dx = 0 where x ≤ 0, and dy elsewhere. dx may be dy.
template <class T = StepScalar>
void relu_backward(Out<T> dx, In<T> x, In<T> dy) {
  for (Index n = 0; n < x.rows(); ++n) dx.row(n) = (x.row(n).array() <= 0).select(T(0), dy.row(n));
}

/// y = tanh(x).
template <class T = StepScalar>
void tanh(Out<T> y, In<T> x) {
  for (Index n = 0; n < x.rows(); ++n) y.row(n) = x.row(n).array().tanh();
}
///     dx = dy · (1 − y²), from the result y. dx may be dy.
template <class T = StepScalar>
void tanh_backward(Out<T> dx, In<T> y, In<T> dy) {
  for (Index n = 0; n < y.rows(); ++n)
    dx.row(n) = dy.row(n).array() * (1 - y.row(n).array().square());
}

/// The logistic sigmoid: y = 1 / (1 + exp(−x)).
template <class T = StepScalar>
void sigmoid(Out<T> y, In<T> x) {
  for (Index n = 0; n < x.rows(); ++n) y.row(n) = x.row(n).array().logistic();
}
///     dx = dy · y · (1 − y), from the result y. dx may be dy.
template <class T = StepScalar>
void sigmoid_backward(Out<T> dx, In<T> y, In<T> dy) {
  for (Index n = 0; n < y.rows(); ++n)
    dx.row(n) = dy.row(n).array() * y.row(n).array() * (1 - y.row(n).array());
}

/// GELU (Hendrycks and Gimpel, 2016): a ReLU with a soft knee, in the form with tanh that GPT-2
/// uses (their section 2).
///
///     y = x · Φ      Φ = ½ · (1 + tanh(√(2/π) · (x + 0.044715·x³)))
///
/// Below −8, Φ is 0 to the last digit, and x is cut off there: far out, x·Φ would be a rounding of
/// tanh times x, or ∞·0.
template <class T = StepScalar>
void gelu(Out<T> y, In<T> x) {
  const T root = T(0.7978845608028654), cubic = T(0.044715);  // √(2/π)
  for (Index n = 0; n < x.rows(); ++n) {
    const auto v = x.row(n).array().max(T(-8));
    y.row(n) = T(0.5) * v * (1 + (root * (v + cubic * v.cube())).tanh());
  }
}
///     dx = dy · (Φ + x·Φ′)      x·Φ′ = 2·y·(1 − Φ) · √(2/π) · (1 + 3·0.044715·x²)
///
/// from x and the result y = x·Φ, both cut off at ±8, where Φ′ is 0 to the last digit. dx may be
/// dy.
template <class T = StepScalar>
void gelu_backward(Out<T> dx, In<T> x, In<T> y, In<T> dy) {
  const T root = T(0.7978845608028654), cubic = T(0.044715);
  for (Index n = 0; n < x.rows(); ++n) {
    const auto v = x.row(n).array().max(T(-8)).min(T(8));
    const auto phi = T(0.5) * (1 + (root * (v + cubic * v.cube())).tanh());
    const auto y_cut = y.row(n).array().min(T(8));
    dx.row(n) =
        dy.row(n).array() * (phi + 2 * y_cut * (1 - phi) * root * (1 + 3 * cubic * v.square()));
  }
}

/// GELU without the approximation, as in BERT and as PyTorch's default (Hendrycks and Gimpel, 2016,
/// eq. 1).
///
///     y = x · Φ      Φ = ½ · (1 + erf(x/√2)), the standard normal's distribution
template <class T = StepScalar>
void exact_gelu(Out<T> y, In<T> x) {
  const T root_half = std::numbers::sqrt2_v<T> / 2;
  for (Index n = 0; n < x.rows(); ++n)
    y.row(n) = x.row(n).unaryExpr([=](T v) { return v * T(0.5) * (1 + std::erf(v * root_half)); });
}
///     dx = dy · (Φ + x·φ)      φ = exp(−x²/2) / √(2π), the standard normal's density
///
/// dx may be dy.
template <class T = StepScalar>
void exact_gelu_backward(Out<T> dx, In<T> x, In<T> dy) {
  const T root_half = std::numbers::sqrt2_v<T> / 2, inv_sqrtpi = std::numbers::inv_sqrtpi_v<T>;
  for (Index n = 0; n < x.rows(); ++n)
    dx.row(n) = dy.row(n).cwiseProduct(x.row(n).unaryExpr([=](T v) {
      return T(0.5) * (1 + std::erf(v * root_half)) +
             v * std::exp(T(-0.5) * v * v) * inv_sqrtpi * root_half;
    }));
}

}}}  // namespace damla::DAMLA_ABI::functional

#include "damla/functional/compiled.hpp"
