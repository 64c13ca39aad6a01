#pragma once

#include <optional>

#include "damla/core/threads.hpp"
#include "damla/nn/attention_weights.hpp"
#include "damla/nn/key_value_cache.hpp"
#include "damla/nn/layer.hpp"
#include "damla/nn/linear.hpp"
#include "damla/nn/rms_norm.hpp"

namespace damla { inline namespace DAMLA_ABI {

namespace detail {
/// The options with numbers in place of zeros. Throws Error when they do not fit each other.
BlockOptions grouped(const BlockOptions& o);
/// sum (N, G·d) = the gradients d (N, H·d) of the heads that share a head of keys, added up.
void sum_groups(Matrix& sum, const Matrix& d, Index key_value_heads, Index head_size);
/// Throws Error unless the cache is new, or holds keys and values of that width.
void expect_cache(const ConstMatrixRef& x, const KeyValueCache& cache, Index width);
}  // namespace detail

/// Grouped-query attention (Ainslie et al., 2023) with rotary positions, as in the Llama family: H
/// heads of queries share G heads of keys and values, which keeps the cache small. G = H is
/// multi-head attention, G = 1 multi-query attention.
///
///     q, k = rotate(norm(x·W_q)), rotate(norm(x·W_k))      v = x·W_v      y = attend(q, k, v)·W_o
template <LinearLayer LinearType = Linear>
struct GroupedQueryAttention : AttentionWeights {
  LinearType queries;                           // (C, H·d)
  LinearType keys, values;                      // (C, G·d)
  LinearType projection;                        // (H·d, C)
  std::optional<RmsNorm> query_norm, key_norm;  // of each head's d numbers (Qwen3)
  Rotary rotary;
  Index heads, key_value_heads, head_size;  // H, G, d
  Matrix q, k;                              // (N, H·d), (N, G·d): normed and turned
  Matrix mixed;                             // (N, H·d): the heads' results
  Matrix dq, dk, dv;      // (N, H·d): by keys and values as each head of queries saw them
  Matrix dkeys, dvalues;  // (N, G·d): their sums over the heads that share them
  Matrix dx;              // (N, C)

  /// Throws Error when G does not divide H, d is odd, attention is not to be causal, or an option
  /// is out of its range.
  GroupedQueryAttention(const BlockOptions& o, Random& random)
      : GroupedQueryAttention(random, detail::grouped(o)) {}

  /// x is (B·T, C). Returns y (B·T, C).
  const Matrix& forward(const ConstMatrixRef& x, Index T) {
    expect_apart("GroupedQueryAttention::forward", {{"x", x}},
                 {{"q", q}, {"k", k}, {"weights", weights}, {"mixed", mixed}, {"y", projection.y}});
    project(x, T, 0);
    make_room(x.rows() / T * heads, T, T), mixed.resize(x.rows(), q.cols());
    parallel_for(x.rows() / T * heads, [&](Index i) {
      attend(i, head(mixed, i, T), head(q, i, T), shared(k, i, T), shared(values.y, i, T),
             functional::Visible::causal());
    });
    return projection.forward(mixed);
  }

  /// dy is (B·T, C); x and T are those of the latest forward. Returns dx (B·T, C); adds to the
  /// gradients.
  const Matrix& backward(const ConstMatrixRef& x, const ConstMatrixRef& dy, Index T) {
    expect_latest("GroupedQueryAttention::backward", x, mixed.rows(), T);
    expect_apart("GroupedQueryAttention::backward", {{"x", x}}, {{"dmixed", projection.dx}});
    expect_apart(
        "GroupedQueryAttention::backward", {{"x", x}, {"dy", dy}},
        {{"dq", dq}, {"dk", dk}, {"dv", dv}, {"dkeys", dkeys}, {"dvalues", dvalues}, {"dx", dx}});
    projection.backward(mixed, dy);
    for (Matrix* m : {&dq, &dk, &dv}) m->resize(q.rows(), q.cols());
    parallel_for(x.rows() / T * heads, [&](Index i) {
      attend_backward(i, head(dq, i, T), head(dk, i, T), head(dv, i, T), head(projection.dx, i, T),
                      head(q, i, T), shared(k, i, T), shared(values.y, i, T), head(mixed, i, T),
                      functional::Visible::causal());
    });
    detail::sum_groups(dkeys, dk, key_value_heads, head_size);
    detail::sum_groups(dvalues, dv, key_value_heads, head_size);
    turn_backward(dq, query_norm, queries.y, T), turn_backward(dkeys, key_norm, keys.y, T);
    dx = queries.backward(x, dq);
    dx += keys.backward(x, dkeys), dx += values.backward(x, dvalues);
    return dx;
  }

  /// The forward pass of n new tokens x (n, C) behind those in the cache. Returns y (n, C).
  const Matrix& forward_next(const ConstMatrixRef& x, KeyValueCache& cache) {
    detail::expect_cache(x, cache, key_value_heads * head_size);
    const Index n = x.rows(), before = cache.length, seen = before + n;
    project(x, n, before);
    cache.append(k, values.y);
    make_room(heads, n, seen), mixed.resize(n, q.cols());
    for (Index h = 0; h < heads; ++h)
      attend(h, head(mixed, h, n), head(q, h, n), shared(cache.keys, h, seen),
             shared(cache.values, h, seen), functional::Visible::causal(before));
    return projection.forward(mixed);
  }

  void visit_parameters(auto&& visit) {
    visit_part("q_proj", queries, visit);
    visit_part("k_proj", keys, visit);
    visit_part("v_proj", values, visit);
    visit_part("o_proj", projection, visit);
    if (query_norm) visit_part("q_norm", *query_norm, visit);
    if (key_norm) visit_part("k_norm", *key_norm, visit);
  }
  void swap_gradients(GroupedQueryAttention& o) {
    dq.swap(o.dq), dk.swap(o.dk), dv.swap(o.dv), dx.swap(o.dx);
    damla::swap_gradients(queries, o.queries), damla::swap_gradients(keys, o.keys);
    damla::swap_gradients(values, o.values), damla::swap_gradients(projection, o.projection);
  }

 private:
  using Rows = Eigen::Map<const Matrix>;

  GroupedQueryAttention(Random& random, const BlockOptions& o)
      : queries(o.channels, o.heads * o.head_size, random, o.qkv_bias, o.init_std),
        keys(o.channels, o.key_value_heads * o.head_size, random, o.qkv_bias, o.init_std),
        values(o.channels, o.key_value_heads * o.head_size, random, o.qkv_bias, o.init_std),
        projection(o.heads * o.head_size, o.channels, random, false, o.projection_std),
        rotary(o.head_size, o.rotary),
        heads(o.heads),
        key_value_heads(o.key_value_heads),
        head_size(o.head_size) {
    if (o.qk_norm) query_norm.emplace(head_size, o.epsilon), key_norm.emplace(head_size, o.epsilon);
  }

  void project(const ConstMatrixRef& x, Index T, Index first) {
    queries.forward(x), keys.forward(x), values.forward(x);
    turn(q, query_norm, queries.y, T, first), turn(k, key_norm, keys.y, T, first);
  }
  void turn(Matrix& to, std::optional<RmsNorm>& norm, const Matrix& from, Index T, Index first) {
    const Matrix& normed = norm ? norm->forward(head_by_head(from)) : from;
    rotary.rotate(to, Rows(normed.data(), from.rows(), from.cols()), T, first);
  }
  void turn_backward(Matrix& d, std::optional<RmsNorm>& norm, const Matrix& from, Index T) {
    rotary.rotate_backward(d, T);
    if (norm)
      d = Rows(norm->backward(head_by_head(from), head_by_head(d)).data(), d.rows(), d.cols());
  }
  /// (N, heads·d) as (N·heads, d), in the same memory.
  Rows head_by_head(const Matrix& m) const { return {m.data(), m.size() / head_size, head_size}; }

  /// Of the T rows of sequence i / H: the columns of head i % H, or of what `sharing` heads share.
  Eigen::Block<Matrix> head(Matrix& m, Index i, Index T, Index sharing = 1) const {
    return m.block(i / heads * T, i % heads / sharing * head_size, T, head_size);
  }
  Eigen::Block<Matrix> shared(Matrix& m, Index i, Index T) const {
    return head(m, i, T, heads / key_value_heads);
  }
};

}}  // namespace damla::DAMLA_ABI
