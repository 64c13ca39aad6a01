#pragma once

// What takes the place of a part of GPT's block when that part is taken away: layers for the slots
// of Gpt and TransformerBlock that do nothing, and a block without sums.

#include "damla/models/gpt.hpp"

namespace damla {

/// No positions: the vectors of the words stay as they are.
struct NoPositions {
  NoPositions(Index, Index, Random&, double) {}
  void add_to(Matrix&, Index, Index = 0) const {}
  void backward(const ConstMatrixRef&, Index) {}
  void visit_parameters(auto&&) {}
};

/// No norm: y = x.
struct NoNorm {
  Matrix y, dx;

  explicit NoNorm(Index) {}
  const Matrix& forward(const ConstMatrixRef& x) { return y = x; }
  const Matrix& backward(const ConstMatrixRef&, const ConstMatrixRef& dy) { return dx = dy; }
  void visit_parameters(auto&&) {}
};

/// No feed-forward: the half adds nothing to the stream.
struct NoFeedForward {
  Matrix y, dx;

  NoFeedForward(const BlockOptions&, Random&) {}
  const Matrix& forward(const ConstMatrixRef& x) { return y.setZero(x.rows(), x.cols()); }
  const Matrix& backward(const ConstMatrixRef&, const ConstMatrixRef& dy) {
    return dx.setZero(dy.rows(), dy.cols());
  }
  void visit_parameters(auto&&) {}
};

/// No residual sums: each half replaces the stream instead of adding to it.
///
///     x₁ = attention(norm(x))      y = feed_forward(norm(x₁))
struct NoSums {
  LayerNorm norm_1, norm_2;
  MultiHeadAttention attention;
  FeedForward<> feed_forward;
  Matrix y;  // (N, C)

  NoSums(const BlockOptions& o, Random& random)
      : norm_1(o.channels), norm_2(o.channels), attention(o, random), feed_forward(o, random) {}

  const Matrix& forward(const ConstMatrixRef& x, Index T) {
    const Matrix& x1 = attention.forward(norm_1.forward(x), T);
    return y = feed_forward.forward(norm_2.forward(x1));
  }
  const Matrix& backward(const ConstMatrixRef& x, const ConstMatrixRef& dy, Index T) {
    const Matrix& x1 = attention.projection.y;
    const Matrix& dx1 = norm_2.backward(x1, feed_forward.backward(norm_2.y, dy));
    return norm_1.backward(x, attention.backward(norm_1.y, dx1, T));
  }
  void visit_parameters(auto&& visit) {
    visit_part("ln_1", norm_1, visit);
    visit_part("attn", attention, visit);
    visit_part("ln_2", norm_2, visit);
    visit_part("mlp", feed_forward, visit);
  }
};

}  // namespace damla
