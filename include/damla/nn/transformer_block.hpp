#pragma once

#include <concepts>

#include "damla/nn/attention.hpp"
#include "damla/nn/dropout.hpp"
#include "damla/nn/feed_forward.hpp"
#include "damla/nn/layer_norm.hpp"

namespace damla::inline DAMLA_ABI {

/// What can take the place of MultiHeadAttention: `A(BlockOptions, Random&)`, `forward(x, T)`, `backward(x, dy, T)`,
/// `visit_parameters(visit)`.
template <class A>
concept AttentionLayer = requires(A a, const Matrix& x, Index T, const BlockOptions& options, Random& random) {
  A(options, random);
  { a.forward(x, T) } -> std::convertible_to<const Matrix&>;
  { a.backward(x, x, T) } -> std::convertible_to<const Matrix&>;
  a.visit_parameters(detail::AnyVisitor{});
};

/// What can take the place of LayerNorm: `N(channels)`, `forward(x)`, `backward(x, dy)`, `visit_parameters(visit)`, and `y`, what
/// the latest forward returned.
template <class N>
concept NormLayer = requires(N n, const Matrix& x, Index channels) {
  N(channels);
  { n.forward(x) } -> std::convertible_to<const Matrix&>;
  { n.backward(x, x) } -> std::convertible_to<const Matrix&>;
  { n.y } -> std::convertible_to<const Matrix&>;
  n.visit_parameters(detail::AnyVisitor{});
};

/// What can be a block of a Gpt: the same as an attention layer, and `y`, what the latest forward returned.
template <class B>
concept BlockLayer = AttentionLayer<B> && requires(B b) {
  { b.y } -> std::convertible_to<const Matrix&>;
};

/// One block of a transformer, in GPT-2's pre-norm order (Radford et al., 2019, section 2.3):
///     x₁ = x  + attention(norm(x))      tokens look at each other
///     y  = x₁ + feed_forward(norm(x₁))  each token thinks for itself
template <AttentionLayer Attention = MultiHeadAttention, NormLayer Norm = LayerNorm>
struct TransformerBlock {
  Norm ln_1, ln_2;
  Attention attn;
  FeedForward mlp;
  Dropout attn_dropout, mlp_dropout;
  Matrix x1;        // (N, C)
  Matrix y;         // (N, C)
  Matrix dx1, dx;   // (N, C)

  TransformerBlock(const BlockOptions& o, Random& random)
      : ln_1(o.channels), ln_2(o.channels), attn(o, random), mlp(o, random),
        attn_dropout(o.dropout, Random(random.next(), 1)), mlp_dropout(o.dropout, Random(random.next(), 2)) {}

  /// x is (B·T, C); `lengths` only for attention that knows padding. Returns y (B·T, C).
  template <class... Lengths>
  const Matrix& forward(const ConstMatrixRef& x, Index T, const Lengths&... lengths)
    requires requires(Attention a, const Matrix& m) { a.forward(m, T, lengths...); }
  {
    sum(x1, x, dropped(attn_dropout, attn.forward(ln_1.forward(x), T, lengths...)));
    sum(y, x1, dropped(mlp_dropout, mlp.forward(ln_2.forward(x1))));
    return y;
  }

  /// A sum sends its gradient to both sides: dx₁ = dy + what comes back through the feed-forward half, and so on.
  template <class... Lengths>
  const Matrix& backward(const ConstMatrixRef& x, const ConstMatrixRef& dy, Index T, const Lengths&... lengths) {
    sum(dx1, dy, ln_2.backward(x1, mlp.backward(ln_2.y, dropped_backward(mlp_dropout, dy))));
    sum(dx, dx1, ln_1.backward(x, attn.backward(ln_1.y, dropped_backward(attn_dropout, dx1), T, lengths...)));
    return dx;
  }

  /// The forward pass of n new tokens x (n, C) behind those in the cache.
  const Matrix& forward_next(const ConstMatrixRef& x, KeyValueCache& cache)
    requires requires(Attention a) { a.forward_next(x, cache); }
  {
    sum(x1, x, attn.forward_next(ln_1.forward(x), cache));
    sum(y, x1, mlp.forward(ln_2.forward(x1)));
    return y;
  }

  void set_training(bool on) { parts([&](auto&... part) { (damla::set_training(part, on), ...); }); }

  void visit_generators(auto&& visit) { parts([&](auto&... part) { (damla::visit_generators(part, visit), ...); }); }

  void visit_parameters(auto&& visit) {
    visit_part("ln_1", ln_1, visit);
    visit_part("attn", attn, visit);
    visit_part("ln_2", ln_2, visit);
    visit_part("mlp", mlp, visit);
  }

 private:
  void parts(auto&& visit) { visit(attn_dropout, mlp_dropout, ln_1, attn, ln_2); }
  static void sum(Matrix& z, const ConstMatrixRef& x, const Matrix& y) {
    z.resize(x.rows(), x.cols());
    kernels::add(z, x, y);
  }
  // Without dropout nothing is copied.
  static const Matrix& dropped(Dropout& d, const Matrix& x) { return d.active() ? d.forward(x) : x; }
  static ConstMatrixRef dropped_backward(Dropout& d, const ConstMatrixRef& dy) {
    return d.active() ? ConstMatrixRef(d.backward(dy, dy)) : dy;
  }
};

}  // namespace damla::inline DAMLA_ABI
