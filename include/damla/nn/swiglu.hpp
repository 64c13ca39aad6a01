#pragma once

#include "damla/functional/swiglu.hpp"
#include "damla/nn/layer.hpp"
#include "damla/nn/linear.hpp"

namespace damla { inline namespace DAMLA_ABI {

namespace detail {
/// The width inside, where 0 stands for 8/3 of the channels, rounded up to a multiple of 32.
inline Index inner_of(const BlockOptions& o) {
  return o.inner > 0 ? o.inner : (8 * o.channels / 3 + 31) / 32 * 32;
}
}  // namespace detail

/// The feed-forward network of the Llama family (Shazeer, 2020, eq. 6), without biases:
///
///     y = (silu(x·W_gate) ⊙ x·W_up)·W_down
///
/// Its three matrices have as many numbers as FeedForward's two when `inner` is 8/3 of the
/// channels.
template <LinearLayer LinearType = Linear>
struct SwiGlu {
  LinearType gate, up;  // (C, inner)
  LinearType down;      // (inner, C)
  Matrix opened;        // (N, inner): silu(gate.y) ⊙ up.y
  Matrix dgate, dup;    // (N, inner)
  Matrix dx;            // (N, C)

  /// Throws Error for an option that is out of its range.
  SwiGlu(const BlockOptions& o, Random& random)
      : gate(detail::checked(o).channels, detail::inner_of(o), random, false, o.init_std),
        up(o.channels, detail::inner_of(o), random, false, o.init_std),
        down(detail::inner_of(o), o.channels, random, false, o.projection_std) {}

  /// x is (N, C). Returns y (N, C).
  const Matrix& forward(const ConstMatrixRef& x) {
    expect_apart("SwiGlu::forward", {{"x", x}},
                 {{"gate.y", gate.y}, {"up.y", up.y}, {"opened", opened}, {"y", down.y}});
    gate.forward(x), up.forward(x);
    opened.resize(x.rows(), gate.y.cols());
    functional::swiglu(opened, gate.y, up.y);
    return down.forward(opened);
  }

  /// dx = dgate·W_gateᵀ + dup·W_upᵀ. x is that of the latest forward; adds to the gradients.
  const Matrix& backward(const ConstMatrixRef& x, const ConstMatrixRef& dy) {
    expect_shape("SwiGlu::backward", "x", x, opened.rows(), any, "as at the latest forward");
    expect_apart("SwiGlu::backward", {{"x", x}, {"dy", dy}},
                 {{"dopened", down.dx}, {"dgate", dgate}, {"dup", dup}, {"dx", dx}});
    const Matrix& dopened = down.backward(opened, dy);
    dgate.resize(opened.rows(), opened.cols()), dup.resize(opened.rows(), opened.cols());
    functional::swiglu_backward(dgate, dup, gate.y, up.y, dopened);
    dx = gate.backward(x, dgate);
    dx += up.backward(x, dup);
    return dx;
  }

  void visit_parameters(auto&& visit) {
    visit_part("gate_proj", gate, visit);
    visit_part("up_proj", up, visit);
    visit_part("down_proj", down, visit);
  }
  void swap_gradients(SwiGlu& other) {
    dgate.swap(other.dgate), dup.swap(other.dup), dx.swap(other.dx);
    damla::swap_gradients(gate, other.gate);
    damla::swap_gradients(up, other.up);
    damla::swap_gradients(down, other.down);
  }
};

}}  // namespace damla::DAMLA_ABI
