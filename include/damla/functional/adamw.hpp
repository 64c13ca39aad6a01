#pragma once

#include <cmath>

#include "damla/core/matrix.hpp"

namespace damla { inline namespace DAMLA_ABI { namespace functional {

/// What AdamW's update of step t needs besides the matrices.
struct AdamWStep {
  Scalar learning_rate, beta1, beta2, epsilon;
  Scalar weight_decay;  ///< λ
  Scalar correction1,
      correction2;  ///< 1 − β₁ᵗ and 1 − β₂ᵗ: the moments start at 0, and this makes up for it
  Scalar grad_scale;  ///< the gradient is multiplied by it first (clipping)
};

/// One update of Adam with decoupled weight decay (Loshchilov and Hutter, 2019, algorithm 2).
///
///     m = β₁·m + (1 − β₁)·g      v = β₂·v + (1 − β₂)·g²
///     w = w − η·λ·w − η · (m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε)
///
/// w, m, v and g have one shape. Number by number, since the update is bound by memory: each is
/// read and written once.
template <class T = StepScalar>
void adamw(Out<T> w, Out<T> m, Out<T> v, In<T> g, const AdamWStep& s) {
  const T unbias1 = 1 / T(s.correction1), unbias2 = 1 / T(s.correction2);
  const T keep = 1 - T(s.learning_rate) * T(s.weight_decay);
  for (Index n = 0; n < g.rows(); ++n)
    for (Index j = 0; j < g.cols(); ++j) {
      const T d = g(n, j) * T(s.grad_scale);
      m(n, j) = T(s.beta1) * m(n, j) + (1 - T(s.beta1)) * d;
      v(n, j) = T(s.beta2) * v(n, j) + (1 - T(s.beta2)) * d * d;
      w(n, j) = keep * w(n, j) - T(s.learning_rate) * (m(n, j) * unbias1) /
                                     (std::sqrt(v(n, j) * unbias2) + T(s.epsilon));
    }
}

}}}  // namespace damla::DAMLA_ABI::functional

#include "damla/functional/compiled.hpp"
