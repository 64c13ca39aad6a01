#pragma once

#include "damla/core/matrix.hpp"

namespace damla { inline namespace DAMLA_ABI { namespace functional {

/// SwiGLU (Shazeer, 2020, eq. 6): one half of a wide layer opens and closes the other.
///
///     y = silu(gate) ⊙ up      silu(g) = g · σ(g)      σ(g) = 1 / (1 + exp(−g))
///
/// All are (N, inner); y may be gate or up.
template <class T = StepScalar>
void swiglu(Out<T> y, In<T> gate, In<T> up) {
  for (Index n = 0; n < gate.rows(); ++n)
    y.row(n) = gate.row(n).array() * gate.row(n).array().logistic() * up.row(n).array();
}

/// Its gradients:
///
///     dup = dy ⊙ silu(gate)      dgate = dy ⊙ up ⊙ silu′(gate)      silu′ = σ · (1 + g · (1 − σ))
template <class T = StepScalar>
void swiglu_backward(Out<T> dgate, Out<T> dup, In<T> gate, In<T> up, In<T> dy) {
  for (Index n = 0; n < gate.rows(); ++n) {
    const auto g = gate.row(n).array();
    auto sigmoid = dup.row(n).array();  // a place for it, so that it is computed once
    sigmoid = g.logistic();
    dgate.row(n) = dy.row(n).array() * up.row(n).array() * sigmoid * (1 + g * (1 - sigmoid));
    dup.row(n) = dy.row(n).array() * g * sigmoid;
  }
}

}}}  // namespace damla::DAMLA_ABI::functional

#include "damla/functional/compiled.hpp"
