#pragma once

#include "damla/nn/activation.hpp"
#include "damla/nn/layer.hpp"
#include "damla/nn/linear.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// The position-wise feed-forward network (Vaswani et al., 2017, section 3.3), four times as wide
/// inside. Each token is worked on by itself.
///
///     y = activation(x·W₁ + b₁)·W₂ + b₂
template <ActivationLayer Activation = Gelu, LinearLayer LinearType = Linear>
struct FeedForward {
  LinearType up;  // (C, 4C)
  Activation activation;
  LinearType down;  // (4C, C)

  FeedForward(const BlockOptions& o, Random& random)
      : up(detail::checked(o).channels, 4 * detail::checked(o).channels, random, true, o.init_std),
        down(4 * o.channels, o.channels, random, true, o.projection_std) {}

  const Matrix& forward(const ConstMatrixRef& x) {
    expect_apart("FeedForward::forward", {{"x", x}}, {{"y", down.y}});
    return down.forward(activation.forward(up.forward(x)));
  }

  const Matrix& backward(const ConstMatrixRef& x, const ConstMatrixRef& dy) {
    expect_apart("FeedForward::backward", {{"x", x}, {"dy", dy}},
                 {{"down.dx", down.dx}, {"dx", up.dx}});
    if constexpr (requires { activation.backward_in_place(up.y, down.dx); }) {
      down.backward(activation.y, dy);
      return up.backward(x, activation.backward_in_place(up.y, down.dx));
    } else return up.backward(x, activation.backward(up.y, down.backward(activation.y, dy)));
  }

  void visit_parameters(auto&& visit) {
    visit_part("c_fc", up, visit);
    visit_part("c_proj", down, visit);
  }
  void swap_gradients(FeedForward& other) {
    damla::swap_gradients(up, other.up);
    damla::swap_gradients(activation, other.activation);
    damla::swap_gradients(down, other.down);
  }
};

}}  // namespace damla::DAMLA_ABI
