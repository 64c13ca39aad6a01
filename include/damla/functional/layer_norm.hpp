#pragma once

#include <cmath>

#include "damla/core/matrix.hpp"

namespace damla { inline namespace DAMLA_ABI { namespace functional {

/// Layer normalisation (Ba, Kiros and Hinton, 2016, eq. 4): each row gets mean 0 and variance 1,
/// then a learned weight and bias.
///
///     x̂ = (x − mean) · rstd      rstd = 1 / √(variance + ε)      y = x̂ ⊙ weight + bias
///
/// The variance is the mean of squares, with 1/C. Both are computed in double: the mean of equal
/// floats is then that float, so that x̂ is exactly 0, and squares of floats do not overflow. y,
/// xhat and x are (N, C), rstd is (N, 1), weight and bias are (1, C).
template <class T = StepScalar>
void layer_norm(Out<T> y, Out<T> xhat, Out<T> rstd, In<T> x, In<T> weight, In<T> bias,
                Number<T> epsilon) {
  for (Index n = 0; n < x.rows(); ++n) {
    const auto row = x.row(n).template cast<double>().array();
    const double mean = row.mean();
    const double scale = 1 / std::sqrt((row - mean).square().mean() + static_cast<double>(epsilon));
    xhat.row(n) = ((row - mean) * scale).template cast<T>();
    rstd(n, 0) = static_cast<T>(scale);
    y.row(n) = xhat.row(n).cwiseProduct(weight.row(0)) + bias.row(0);
  }
}

/// The gradient by x. Mean and variance depend on every number of the row, which gives the two
/// terms that are taken away.
///
///     dx = rstd · (g − mean(g) − x̂ · mean(g ⊙ x̂))      g = dy ⊙ weight
///
/// dx may be dy.
template <class T = StepScalar>
void layer_norm_backward(Out<T> dx, In<T> xhat, In<T> rstd, In<T> weight, In<T> dy) {
  for (Index n = 0; n < dy.rows(); ++n) {
    const auto g = dy.row(n).cwiseProduct(weight.row(0));
    const T mean_g = g.mean(), mean_gx = g.cwiseProduct(xhat.row(n)).mean();
    dx.row(n) = rstd(n, 0) * (g.array() - mean_g - xhat.row(n).array() * mean_gx);
  }
}

/// The gradients by weight and bias, (1, C), which are added to, row after row.
///
///     y = x̂ ⊙ weight + bias   →   dweight += Σₙ dy ⊙ x̂      dbias += Σₙ dy
template <class T = StepScalar>
void layer_norm_backward_parameters(Out<T> dweight, Out<T> dbias, In<T> xhat, In<T> dy) {
  for (Index n = 0; n < dy.rows(); ++n) {
    dweight.row(0) += dy.row(n).cwiseProduct(xhat.row(n));
    dbias.row(0) += dy.row(n);
  }
}

}}}  // namespace damla::DAMLA_ABI::functional

#include "damla/functional/compiled.hpp"
