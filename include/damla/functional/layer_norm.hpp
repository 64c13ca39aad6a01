#pragma once

#include <cmath>
#include <span>

#include "damla/core/matrix.hpp"

namespace damla { inline namespace DAMLA_ABI { namespace functional {

/// Layer normalisation (Ba, Kiros and Hinton, 2016, eq. 4): each row gets mean 0 and variance 1,
/// then a learned weight and bias.
///
///     x̂ = (x − mean) · rstd      rstd = 1 / √(variance + ε)      y = x̂ ⊙ weight + bias
///
/// The variance is the mean of squares, with 1/C. Both are computed in double: the mean of equal
/// floats is then that float, so that x̂ is exactly 0, and squares of floats do not overflow. y and
/// x are (N, C), mean and rstd have N numbers, weight and bias are (1, C). x̂ is not kept: the
/// backward formulas make it again from x, mean and rstd.
template <class T = StepScalar>
void layer_norm(Out<T> y, std::span<double> mean, std::span<double> rstd, In<T> x, In<T> weight,
                In<T> bias, Number<T> epsilon) {
  for (Index n = 0; n < x.rows(); ++n) {
    const auto row = x.row(n).template cast<double>().array();
    const double m = row.mean();
    const double scale = 1 / std::sqrt((row - m).square().mean() + static_cast<double>(epsilon));
    const auto xhat = ((row - m) * scale).template cast<T>().matrix();
    y.row(n) = xhat.cwiseProduct(weight.row(0)) + bias.row(0);
    mean[static_cast<std::size_t>(n)] = m, rstd[static_cast<std::size_t>(n)] = scale;
  }
}

/// The gradient by x. Mean and variance depend on every number of the row, which gives the two
/// terms that are taken away.
///
///     dx = rstd · (g − mean(g) − x̂ · mean(g ⊙ x̂))   g = dy ⊙ weight   x̂ = (x − mean) · rstd
///
/// dx may be dy.
template <class T = StepScalar>
void layer_norm_backward(Out<T> dx, In<T> x, std::span<const double> mean,
                         std::span<const double> rstd, In<T> weight, In<T> dy) {
  for (Index n = 0; n < dy.rows(); ++n) {
    const auto row = x.row(n).template cast<double>().array();
    const double m = mean[static_cast<std::size_t>(n)], scale = rstd[static_cast<std::size_t>(n)];
    const auto xhat = ((row - m) * scale).template cast<T>().matrix();
    const auto g = dy.row(n).cwiseProduct(weight.row(0));
    const T mean_g = g.mean(), mean_gx = g.cwiseProduct(xhat).mean();
    dx.row(n) = static_cast<T>(scale) * (g.array() - mean_g - xhat.array() * mean_gx);
  }
}

/// The gradients by weight and bias, (1, C), which are added to, row after row.
///
///     y = x̂ ⊙ weight + bias   →   dweight += Σₙ dy ⊙ x̂      dbias += Σₙ dy
template <class T = StepScalar>
void layer_norm_backward_parameters(Out<T> dweight, Out<T> dbias, In<T> x,
                                    std::span<const double> mean, std::span<const double> rstd,
                                    In<T> dy) {
  for (Index n = 0; n < dy.rows(); ++n) {
    const auto row = x.row(n).template cast<double>().array();
    const double m = mean[static_cast<std::size_t>(n)], scale = rstd[static_cast<std::size_t>(n)];
    dweight.row(0) += dy.row(n).cwiseProduct(((row - m) * scale).template cast<T>().matrix());
    dbias.row(0) += dy.row(n);
  }
}

}}}  // namespace damla::DAMLA_ABI::functional

#include "damla/functional/compiled.hpp"
