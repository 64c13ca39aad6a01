#pragma once

#include <cmath>

#include "damla/core/matrix.hpp"

namespace damla { inline namespace DAMLA_ABI { namespace functional {

/// Root-mean-square normalisation (Zhang and Sennrich, 2019, eq. 4): no mean is taken away, no bias
/// is added.
///
///     y = x · rstd ⊙ weight      rstd = 1 / √(mean(x²) + ε)
///
/// Squares are added up in double, where those of floats do not overflow. y and x are (N, C), rstd
/// is (N, 1), weight is (1, C).
template <class T = StepScalar>
void rms_norm(Out<T> y, Out<T> rstd, In<T> x, In<T> weight, Number<T> epsilon) {
  for (Index n = 0; n < x.rows(); ++n) {
    const double mean = x.row(n).template cast<double>().array().square().mean();
    rstd(n, 0) = static_cast<T>(1 / std::sqrt(mean + static_cast<double>(epsilon)));
    y.row(n) = (x.row(n) * rstd(n, 0)).cwiseProduct(weight.row(0));
  }
}

/// The gradient by x; the mean of squares depends on every number of the row.
///
///     dx = rstd · (g − x̂ · mean(g ⊙ x̂))      g = dy ⊙ weight      x̂ = x · rstd
///
/// dx may be dy.
template <class T = StepScalar>
void rms_norm_backward(Out<T> dx, In<T> rstd, In<T> x, In<T> weight, In<T> dy) {
  for (Index n = 0; n < dy.rows(); ++n) {
    const auto g = dy.row(n).cwiseProduct(weight.row(0));
    const auto xhat = x.row(n) * rstd(n, 0);
    const T mean = g.cwiseProduct(xhat).mean();
    dx.row(n) = rstd(n, 0) * (g - xhat * mean);
  }
}

/// The gradient by the weight, (1, C), which is added to, row after row.
///
///     y = x̂ ⊙ weight   →   dweight += Σₙ dy ⊙ x̂
template <class T = StepScalar>
void rms_norm_backward_parameters(Out<T> dweight, In<T> rstd, In<T> x, In<T> dy) {
  for (Index n = 0; n < dy.rows(); ++n)
    dweight.row(0) += dy.row(n).cwiseProduct(x.row(n) * rstd(n, 0));
}

}}}  // namespace damla::DAMLA_ABI::functional

#include "damla/functional/compiled.hpp"
