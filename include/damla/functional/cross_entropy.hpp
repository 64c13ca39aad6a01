#pragma once

#include <cmath>
#include <span>

#include "damla/core/matrix.hpp"

namespace damla { inline namespace DAMLA_ABI { namespace functional {

/// Softmax and cross-entropy of each row: how surprising the right class was, in nats (Goodfellow
/// et al., 2016, eq. 6.12).
///
///     p = softmax(logits)
///     loss(n) = −ln p(n, target) = ln Σⱼ exp(x(n, j) − m) − (x(n, target) − m)
///
/// The right-hand side never takes the logarithm of a p that was rounded to 0. p and logits are (N,
/// V), loss and targets have N entries; where a target is `ignored`, its loss is 0. p may be
/// logits.
template <class T = StepScalar>
void cross_entropy(Out<T> p, std::span<double> loss, In<T> logits, TokenSpan targets) {
  for (Index n = 0; n < logits.rows(); ++n) {
    const Token target = targets[static_cast<std::size_t>(n)];
    const T greatest = logits.row(n).maxCoeff();
    // In double: the difference of two floats may overflow.
    const double right =
        target == ignored ? 0
                          : static_cast<double>(logits(n, target)) - static_cast<double>(greatest);
    p.row(n) = (logits.row(n).array() - greatest).exp();
    const T sum = p.row(n).sum();
    p.row(n) *= 1 / sum;
    loss[static_cast<std::size_t>(n)] =
        target == ignored ? 0 : std::log(static_cast<double>(sum)) - right;
  }
}

/// The gradient of `scale` · Σₙ loss(n); scale = 1/M for the mean over the M rows that count.
///
///     dlogits(n, j) = scale · (p(n, j) − [j = target])
///
/// dlogits and p are (N, V); dlogits may be p. Rows whose target is `ignored` get zeros.
template <class T = StepScalar>
void cross_entropy_backward(Out<T> dlogits, In<T> p, TokenSpan targets, Number<T> scale) {
  for (Index n = 0; n < p.rows(); ++n) {
    const Token target = targets[static_cast<std::size_t>(n)];
    if (target == ignored) {
      dlogits.row(n).setZero();
    } else {
      dlogits.row(n) = p.row(n) * scale;
      dlogits(n, target) -= scale;
    }
  }
}

}}}  // namespace damla::DAMLA_ABI::functional

#include "damla/functional/compiled.hpp"
