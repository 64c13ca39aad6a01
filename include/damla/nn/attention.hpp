#pragma once

#include <span>
#include <string>

#include "damla/core/threads.hpp"
#include "damla/nn/attention_weights.hpp"
#include "damla/nn/key_value_cache.hpp"
#include "damla/nn/layer.hpp"
#include "damla/nn/linear.hpp"

namespace damla { inline namespace DAMLA_ABI {

namespace detail {
/// Throws Error unless x is B sequences of T rows, each with a length of 1 … T or none with one.
void expect_batch(const char* call, const ConstMatrixRef& x, Index T,
                  std::span<const Index> lengths);
/// Throws Error unless attention is causal, and the cache its own with room for x.
void expect_room(const ConstMatrixRef& x, const KeyValueCache& cache, Index channels, bool causal);
}  // namespace detail

/// Multi-head attention (Vaswani et al., 2017, section 3.2.2): C channels are split into H heads of
/// d = C/H. In each head every token asks (query), offers (key) and tells (value), and
/// `functional::attend` mixes the values. The heads' results are joined side by side. Its usual
/// name is `MultiHeadAttention`; LinearType is what may stand for Linear inside.
template <LinearLayer LinearType = Linear>
struct BasicMultiHeadAttention : AttentionWeights {
  LinearType qkv;         // (C, 3C): queries, keys and values, each with the H heads side by side
  LinearType projection;  // (C, C)
  Index channels;         // C
  Index heads;            // H
  bool causal;
  Matrix mixed;  // (N, C): the heads' results
  Matrix dqkv;   // (N, 3C)

  /// Throws Error when the heads do not divide the channels, or an option is out of its range.
  BasicMultiHeadAttention(const BlockOptions& o, Random& random)
      : qkv(detail::checked(o).channels, 3 * detail::checked(o).channels, random, true, o.init_std),
        projection(o.channels, o.channels, random, true, o.projection_std),
        channels(o.channels),
        heads(o.heads),
        causal(o.causal) {
    if (o.channels % heads != 0)
      throw Error("MultiHeadAttention: channels is " + std::to_string(o.channels) +
                  ", but needs to be a multiple of heads, which is " + std::to_string(heads));
  }

  /// x is (B·T, C). Without the causal mask, sequence b may be shorter than T: tokens from
  /// lengths[b] on are padding that nobody looks at. Returns y (B·T, C).
  const Matrix& forward(const ConstMatrixRef& x, Index T, std::span<const Index> lengths = {}) {
    detail::expect_batch("forward", x, T, lengths);
    expect_apart("MultiHeadAttention::forward", {{"x", x}},
                 {{"weights", weights}, {"mixed", mixed}, {"y", projection.y}});
    qkv.forward(x);
    make_room(x.rows() / T * heads, T, T);
    mixed.resize(x.rows(), x.cols());
    parallel_for(x.rows() / T * heads, [&](Index i) {  // head i % H of sequence i / H
      attend(i, head(mixed, 0, i, T), head(qkv.y, 0, i, T), head(qkv.y, 1, i, T),
             head(qkv.y, 2, i, T), visible(i / heads, T, lengths));
    });
    return projection.forward(mixed);
  }

  /// dy is (B·T, C); x, T and lengths are those of the latest forward. Returns dx (B·T, C); adds to
  /// the gradients.
  const Matrix& backward(const ConstMatrixRef& x, const ConstMatrixRef& dy, Index T,
                         std::span<const Index> lengths = {}) {
    detail::expect_batch("backward", x, T, lengths);
    expect_latest("MultiHeadAttention::backward", x, mixed.rows(), T);
    expect_apart("MultiHeadAttention::backward", {{"x", x}, {"dy", dy}},
                 {{"dmixed", projection.dx}, {"dqkv", dqkv}, {"dx", qkv.dx}});
    const Matrix& dmixed = projection.backward(mixed, dy);
    dqkv.resize(x.rows(), 3 * x.cols());
    parallel_for(x.rows() / T * heads, [&](Index i) {
      attend_backward(i, head(dqkv, 0, i, T), head(dqkv, 1, i, T), head(dqkv, 2, i, T),
                      head(dmixed, 0, i, T), head(qkv.y, 0, i, T), head(qkv.y, 1, i, T),
                      head(qkv.y, 2, i, T), head(mixed, 0, i, T), visible(i / heads, T, lengths));
    });
    return qkv.backward(x, dqkv);
  }

  /// The forward pass of n new tokens x (n, C) behind those in the cache, which keeps their keys
  /// and values. Returns y (n, C).
  const Matrix& forward_next(const ConstMatrixRef& x, KeyValueCache& cache) {
    detail::expect_room(x, cache, channels, causal);
    const Index n = x.rows(), C = channels, before = cache.length, seen = before + n;
    qkv.forward(x);
    cache.keys.middleRows(before, n) = qkv.y.middleCols(C, C);
    cache.values.middleRows(before, n) = qkv.y.rightCols(C);
    cache.length = seen;
    make_room(heads, n, seen);
    mixed.resize(n, C);
    for (Index h = 0; h < heads; ++h)
      attend(h, head(mixed, 0, h, n), head(qkv.y, 0, h, n), head(cache.keys, 0, h, seen),
             head(cache.values, 0, h, seen), functional::Visible::causal(before));
    return projection.forward(mixed);
  }

  void visit_parameters(auto&& visit) {
    visit_part("c_attn", qkv, visit);
    visit_part("c_proj", projection, visit);
  }
  void swap_gradients(BasicMultiHeadAttention& other) {
    dqkv.swap(other.dqkv);
    damla::swap_gradients(qkv, other.qkv);
    damla::swap_gradients(projection, other.projection);
  }

 private:
  /// The columns of head i % H in the p-th (N, C) part of m, for the T rows of sequence i / H.
  template <class M>
  Eigen::Block<M> head(M& m, Index p, Index i, Index T) const {
    const Index d = channels / heads;
    return m.block(i / heads * T, p * channels + i % heads * d, T, d);
  }

  functional::Visible visible(Index b, Index T, std::span<const Index> lengths) const {
    if (causal) return functional::Visible::causal();
    return functional::Visible::all(lengths.empty() ? T : lengths[static_cast<std::size_t>(b)]);
  }
};

using MultiHeadAttention = BasicMultiHeadAttention<>;

}}  // namespace damla::DAMLA_ABI
