#pragma once

#include "damla/core/matrix.hpp"

namespace damla { inline namespace DAMLA_ABI { namespace functional {

/// Softmax of each row: logits become probabilities (Bridle, 1990, eq. 2).
///
///     y(n, j) = exp(x(n, j) − m) / Σₖ exp(x(n, k) − m)      m = maxₖ x(n, k)
///
/// Taking m away changes nothing, since it cancels, and keeps exp from overflowing. All are (N, C);
/// y may be x.
template <class T = StepScalar>
void softmax(Out<T> y, In<T> x) {
  for (Index n = 0; n < x.rows(); ++n) {
    y.row(n) = (x.row(n).array() - x.row(n).maxCoeff()).exp();
    y.row(n) *= 1 / y.row(n).sum();
  }
}

/// Its gradient, from its result y. Each y depends on every x of its row, hence the sum.
///
///     dx(n, j) = y(n, j) · (dy(n, j) − Σₖ dy(n, k)·y(n, k))
///
/// All are (N, C); dx may be dy.
template <class T = StepScalar>
void softmax_backward(Out<T> dx, In<T> y, In<T> dy) {
  for (Index n = 0; n < y.rows(); ++n) {
    const T sum = dy.row(n).cwiseProduct(y.row(n)).sum();
    dx.row(n) = y.row(n).array() * (dy.row(n).array() - sum);
  }
}

}}}  // namespace damla::DAMLA_ABI::functional

#include "damla/functional/compiled.hpp"
