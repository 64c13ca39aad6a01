#pragma once

#include <concepts>

#include "damla/functional/sum.hpp"
#include "damla/nn/attention.hpp"
#include "damla/nn/dropout.hpp"
#include "damla/nn/feed_forward.hpp"
#include "damla/nn/layer_norm.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// One block of a transformer, in GPT-2's pre-norm order (Radford et al., 2019, section 2.3):
///
///     x₁ = x  + attention(norm(x))      tokens look at each other
///     y  = x₁ + feed_forward(norm(x₁))  each token thinks for itself
///
/// Each part is a slot: `TransformerBlock<MultiHeadAttention, RmsNorm, FeedForward<Relu>>`.
template <AttentionLayer AttentionType = MultiHeadAttention, NormLayer NormType = LayerNorm,
          FeedForwardLayer FeedForwardType = FeedForward<>>
struct TransformerBlock {
  using Norm = NormType;  // a model ends with the norm of its blocks

  NormType norm_1, norm_2;
  AttentionType attention;
  FeedForwardType feed_forward;
  Dropout attention_dropout, feed_forward_dropout;
  Matrix x1;       // (N, C)
  Matrix y;        // (N, C)
  Matrix dx1, dx;  // (N, C)

  TransformerBlock(const BlockOptions& o, Random& random)
      : norm_1(detail::norm_of<NormType>(detail::checked(o))),
        norm_2(detail::norm_of<NormType>(o)),
        attention(o, random),
        feed_forward(o, random),
        attention_dropout(o.dropout, Random(random.next(), 1)),
        feed_forward_dropout(o.dropout, Random(random.next(), 2)) {}

  /// x is (B·T, C); `lengths` only for attention that knows padding. Returns y (B·T, C).
  template <class... Lengths>
  const Matrix& forward(const ConstMatrixRef& x, Index T, const Lengths&... lengths) requires
      requires(AttentionType a, const Matrix& m) {
    a.forward(m, T, lengths...);
  }
  {
    expect_apart("TransformerBlock::forward", {{"x", x}}, {{"x1", x1}, {"y", y}});
    add(x1, x, dropped(attention_dropout, attention.forward(norm_1.forward(x), T, lengths...)));
    add(y, x1, dropped(feed_forward_dropout, feed_forward.forward(norm_2.forward(x1))));
    return y;
  }

  /// A sum sends its gradient to both sides: dx₁ = dy + what comes back through the feed-forward
  /// half, and so on.
  template <class... Lengths>
  const Matrix& backward(const ConstMatrixRef& x, const ConstMatrixRef& dy, Index T,
                         const Lengths&... lengths) {
    expect_apart("TransformerBlock::backward", {{"x", x}, {"dy", dy}}, {{"dx1", dx1}, {"dx", dx}});
    const ConstMatrixRef dfeed_forward = dropped_backward(feed_forward_dropout, dy);
    add(dx1, dy, norm_2.backward(x1, feed_forward.backward(norm_2.y, dfeed_forward)));
    const ConstMatrixRef dattention = dropped_backward(attention_dropout, dx1);
    add(dx, dx1, norm_1.backward(x, attention.backward(norm_1.y, dattention, T, lengths...)));
    return dx;
  }

  /// The forward pass of n new tokens x (n, C) behind those in the cache.
  const Matrix& forward_next(const ConstMatrixRef& x, KeyValueCache& cache) requires
      requires(AttentionType a) {
    a.forward_next(x, cache);
  }
  {
    expect_apart("TransformerBlock::forward_next", {{"x", x}}, {{"x1", x1}, {"y", y}});
    add(x1, x, attention.forward_next(norm_1.forward(x), cache));
    add(y, x1, feed_forward.forward(norm_2.forward(x1)));
    return y;
  }

  void visit_parameters(auto&& visit) {
    visit_part("ln_1", norm_1, visit);
    visit_part("attn", attention, visit);
    visit_part("ln_2", norm_2, visit);
    visit_part("mlp", feed_forward, visit);
  }
  /// All but dx, which the block before reads while it writes its own.
  void swap_gradients(TransformerBlock& other) {
    dx1.swap(other.dx1);
    damla::swap_gradients(norm_1, other.norm_1);
    damla::swap_gradients(attention, other.attention);
    damla::swap_gradients(norm_2, other.norm_2);
    damla::swap_gradients(feed_forward, other.feed_forward);
  }
  void set_training(bool on) {
    parts([&](auto&... part) { (damla::set_training(part, on), ...); });
  }
  void visit_generators(auto&& visit) {
    parts([&](auto&... part) { (damla::visit_generators(part, visit), ...); });
  }

 private:
  void parts(auto&& visit) {
    visit(attention_dropout, feed_forward_dropout, norm_1, attention, norm_2, feed_forward);
  }
  static void add(Matrix& z, const ConstMatrixRef& x, const Matrix& y) {
    z.resize(x.rows(), x.cols());
    functional::add(z, x, y);
  }
  // Without dropout nothing is copied.
  static const Matrix& dropped(Dropout& d, const Matrix& x) {
    return d.active() ? d.forward(x) : x;
  }
  static ConstMatrixRef dropped_backward(Dropout& d, const ConstMatrixRef& dy) {
    return d.active() ? ConstMatrixRef(d.backward(dy, dy)) : dy;
  }
};

}}  // namespace damla::DAMLA_ABI
