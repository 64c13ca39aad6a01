#pragma once

#include <cmath>
#include <span>

#include "damla/core/threads.hpp"
#include "damla/nn/block_options.hpp"
#include "damla/nn/linear.hpp"

namespace damla::inline DAMLA_ABI {

/// The keys and values of the tokens so far, so that a new token costs one row and not the whole sequence.
struct KeyValueCache {
  Matrix keys;       // (context, C), the first `length` rows in use
  Matrix values;     // (context, C)
  Index length = 0;  // tokens so far
};

/// Multi-head attention (Vaswani et al., 2017, section 3.2). In each head every token asks (query), offers (key) and
/// tells (value): weights = softmax(q·kᵀ/√d), result = weights·v, with d = C/H. The heads' results stand side by side.
struct MultiHeadAttention {
  Linear c_attn;       // (C, 3C): queries, keys and values, each with the H heads side by side
  Linear c_proj;       // (C, C)
  Index heads;         // H
  bool causal;
  Matrix weights;      // (B·H·T, T): row (b·H + h)·T + t is where head h of token t in sequence b looks
  Matrix mixed;        // (N, C): the heads' results
  Matrix dqkv;         // (N, 3C)

  /// Throws Error when the heads do not divide the channels.
  MultiHeadAttention(const BlockOptions& o, Random& random)
      : c_attn(o.channels, 3 * o.channels, random, true, o.deviation),
        c_proj(o.channels, o.channels, random, true, o.projection_deviation), heads(o.heads), causal(o.causal) {
    require(o.heads > 0 && o.channels % o.heads == 0, "MultiHeadAttention: channels need to be a multiple of heads");
  }

 private:
  Scalar scale() const { return 1 / std::sqrt(static_cast<Scalar>(c_proj.weight.value.rows() / heads)); }

  /// The columns of head i % H in the p-th (N, C) part of m, for the rows of sequence i / H.
  auto part(auto& m, Index p, Index i, Index T) const {
    const Index C = c_proj.weight.value.rows(), d = C / heads;
    return m.block(i / heads * T, p * C + i % heads * d, T, d);
  }

  Index check_batch(const ConstMatrixRef& x, Index T, std::span<const Index> lengths) const {
    if (T < 1 || x.rows() % T != 0)
      throw Error("MultiHeadAttention: x has " + std::to_string(x.rows()) + " rows, which is no multiple of T = " +
                  std::to_string(T));
    if (!lengths.empty() && std::ssize(lengths) != x.rows() / T)
      throw Error("MultiHeadAttention: there are " + std::to_string(lengths.size()) + " lengths for " +
                  std::to_string(x.rows() / T) + " sequences");
    for (const Index L : lengths)
      if (L < 1 || L > T) throw Error("MultiHeadAttention: a length is " + std::to_string(L) + ", but needs 1 … T");
    return x.rows() / T;
  }

 public:
  /// x is (B·T, C). Without the causal mask, sequence b may be shorter than T: tokens from lengths[b] on are padding that
  /// nobody looks at. Returns y (B·T, C).
  const Matrix& forward(const ConstMatrixRef& x, Index T, std::span<const Index> lengths = {}) {
    const Matrix& qkv = c_attn.forward(x);
    const Index B = check_batch(x, T, lengths);
    weights.resize(B * heads * T, T);
    mixed.resize(x.rows(), x.cols());
    parallel_for(B * heads, [&](Index i) {
      const Index L = causal || lengths.empty() ? T : lengths[static_cast<std::size_t>(i / heads)];
      auto w = weights.middleRows(i * T, T);                                    // (T, T)
      auto q = part(qkv, 0, i, T), k = part(qkv, 1, i, T), v = part(qkv, 2, i, T);  // (T, d)
      auto m = part(mixed, 0, i, T);
      if (causal) {
        matmul_lower(w, q, k.transpose());                                      // w = softmax(q·kᵀ/√d), left of the diagonal
        kernels::causal_softmax_rows(w, w, scale());
        matmul(m, lower(w), v);                                                 // m = w·v
      } else {
        matmul(w.leftCols(L), q, k.topRows(L).transpose());
        kernels::softmax_rows(w.leftCols(L), w.leftCols(L), scale());
        w.rightCols(T - L).setZero();
        matmul(m, w.leftCols(L), v.topRows(L));
      }
    });
    return c_proj.forward(mixed);
  }

  /// dy is (B·T, C); x, T and lengths are those of the latest forward. Returns dx (B·T, C); adds to the gradients.
  const Matrix& backward(const ConstMatrixRef& x, const ConstMatrixRef& dy, Index T, std::span<const Index> lengths = {}) {
    const Index B = check_batch(x, T, lengths);
    const Matrix& dmixed = c_proj.backward(mixed, dy);
    const Matrix& qkv = c_attn.y;
    dqkv.resize(x.rows(), 3 * x.cols());
    parallel_for(B * heads, [&](Index i) {
      thread_local Matrix dw;  // (T, T): one a thread, not one a head
      dw.resize(T, T);
      const Index L = causal || lengths.empty() ? T : lengths[static_cast<std::size_t>(i / heads)];
      auto w = weights.middleRows(i * T, T);
      auto q = part(qkv, 0, i, T), k = part(qkv, 1, i, T), v = part(qkv, 2, i, T);
      auto dq = part(dqkv, 0, i, T), dk = part(dqkv, 1, i, T), dv = part(dqkv, 2, i, T);
      auto dm = part(dmixed, 0, i, T);
      if (causal) {
        matmul(dv, lower(w).transpose(), dm);                                   // m = w·v       →  dv = wᵀ·dm
        matmul_lower(dw, dm, v.transpose());                                    //               →  dw = dm·vᵀ
        kernels::causal_softmax_rows_backward(dw, w, dw, scale());              // w = softmax(s/√d)  →  ds, in place
        matmul(dq, lower(dw), k);                                               // s = q·kᵀ      →  dq = ds·k
        matmul(dk, lower(dw).transpose(), q);                                   //               →  dk = dsᵀ·q
      } else {
        auto wl = w.leftCols(L);
        auto dl = dw.leftCols(L);
        matmul(dv.topRows(L), wl.transpose(), dm);
        matmul(dl, dm, v.topRows(L).transpose());
        kernels::softmax_rows_backward(dl, wl, dl, scale());
        matmul(dq, dl, k.topRows(L));
        matmul(dk.topRows(L), dl.transpose(), q);
        dk.bottomRows(T - L).setZero(), dv.bottomRows(T - L).setZero();
      }
    });
    return c_attn.backward(x, dqkv);
  }

  /// The same for n new tokens x (n, C) behind those in the cache, whose keys and values are kept there. Returns y (n, C).
  const Matrix& forward_next(const ConstMatrixRef& x, KeyValueCache& cache) {
    const Matrix& qkv = c_attn.forward(x);
    const Index n = x.rows(), C = x.cols(), d = C / heads, seen = cache.length + n;
    if (!causal || seen > cache.keys.rows()) throw Error("MultiHeadAttention::forward_next: the cache is full, or not causal");
    cache.keys.middleRows(cache.length, n) = qkv.middleCols(C, C);
    cache.values.middleRows(cache.length, n) = qkv.rightCols(C);
    weights.resize(heads * n, seen);
    mixed.resize(n, C);
    for (Index h = 0; h < heads; ++h) {
      auto w = weights.middleRows(h * n, n);
      matmul(w, qkv.middleCols(h * d, d), cache.keys.block(0, h * d, seen, d).transpose());
      for (Index t = 0; t < n; ++t) {
        const Index L = cache.length + t + 1;
        kernels::softmax_rows(w.row(t).leftCols(L), w.row(t).leftCols(L), scale());
        w.row(t).rightCols(seen - L).setZero();
      }
      matmul(mixed.middleCols(h * d, d), w, cache.values.block(0, h * d, seen, d));
    }
    cache.length = seen;
    return c_proj.forward(mixed);
  }

  void visit_parameters(auto&& visit) {
    visit_part("c_attn", c_attn, visit);
    visit_part("c_proj", c_proj, visit);
  }
};

}  // namespace damla::inline DAMLA_ABI
