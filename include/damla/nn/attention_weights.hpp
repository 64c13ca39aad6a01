#pragma once

#include "damla/functional/attention.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// Where the heads of an attention layer look, and how they attend: what forward keeps for
/// backward, and for who wants to see it. Up to `keep_weights_to` tokens the weights themselves.
/// Those of a longer text would be most of the memory that training takes, so they are made again,
/// block by block, which from about 512 tokens on is faster, too.
struct AttentionWeights {
  Matrix weights;  // (B·H·T, T): row (b·H + h)·T + t is where head h of token t in sequence b looks
  static constexpr Index usually = 512;
  Index keep_weights_to = usually;
  Matrix peaks;  // (B·H·T, 2) for a longer text, and `weights` is (0, T)

 protected:
  /// Throws Error, in the name of `call`, unless x has `rows` rows, and the latest forward took T.
  void expect_latest(const char* call, const ConstMatrixRef& x, Index rows, Index T) const;
  /// Room for `heads` heads of n queries, which see up to T keys.
  void make_room(Index heads, Index n, Index T) {
    const bool keep = n <= keep_weights_to;
    weights.resize(keep ? heads * n : 0, T);
    peaks.resize(keep ? 0 : heads * n, 2);
  }
  /// y = attend(q, k, v) of the i-th head; y, q (n, d), k, v (T, d).
  void attend(Index i, auto y, auto q, auto k, auto v, functional::Visible visible) {
    const Index n = q.rows();
    if (weights.rows() > 0) functional::attend(y, weights.middleRows(i * n, n), q, k, v, visible);
    else functional::attend_blockwise(y, peaks.middleRows(i * n, n), q, k, v, visible);
  }
  /// Its gradients.
  void attend_backward(Index i, auto dq, auto dk, auto dv, auto dy, auto q, auto k, auto v, auto y,
                       functional::Visible visible) {
    const Index n = q.rows();
    if (weights.rows() > 0)
      functional::attend_backward(dq, dk, dv, dy, q, k, v, weights.middleRows(i * n, n), visible);
    else
      functional::attend_blockwise_backward(dq, dk, dv, dy, q, k, v, y, peaks.middleRows(i * n, n),
                                            visible);
  }
};

}}  // namespace damla::DAMLA_ABI
