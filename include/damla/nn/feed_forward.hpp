#pragma once

#include "damla/nn/activation.hpp"
#include "damla/nn/attention.hpp"

namespace damla::inline DAMLA_ABI {

/// The position-wise feed-forward network (Vaswani et al., 2017, section 3.3) with GPT-2's GELU: y = gelu(x·W₁ + b₁)·W₂ + b₂,
/// four times as wide inside. Each token is worked on by itself.
struct FeedForward {
  Linear c_fc;    // (C, 4C)
  Gelu gelu;
  Linear c_proj;  // (4C, C)

  FeedForward(const BlockOptions& o, Random& random)
      : c_fc(o.channels, 4 * o.channels, random, true, o.deviation),
        c_proj(4 * o.channels, o.channels, random, true, o.projection_deviation) {}

  const Matrix& forward(const ConstMatrixRef& x) { return c_proj.forward(gelu.forward(c_fc.forward(x))); }

  const Matrix& backward(const ConstMatrixRef& x, const ConstMatrixRef& dy) {
    return c_fc.backward(x, gelu.backward(c_fc.y, c_proj.backward(gelu.y, dy)));
  }

  void visit_parameters(auto&& visit) {
    visit_part("c_fc", c_fc, visit);
    visit_part("c_proj", c_proj, visit);
  }
};

}  // namespace damla::inline DAMLA_ABI
