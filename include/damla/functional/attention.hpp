#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include "damla/core/matrix.hpp"

namespace damla { inline namespace DAMLA_ABI { namespace functional {

/// Which keys a query may see: query t sees the first `first + t·step`.
struct Visible {
  Index first = 1;
  Index step = 1;

  /// Each token sees itself and those before it, and `cached` more from before the queries began.
  static Visible causal(Index cached = 0) { return {cached + 1, 1}; }
  /// Every token sees the first `keys`: a whole text, without its padding.
  static Visible all(Index keys) { return {keys, 0}; }

  Index operator()(Index t) const { return first + t * step; }
};

/// Scaled dot-product attention of one head (Vaswani et al., 2017, eq. 1). Each query scores the
/// keys that it may see, softmax makes weights of the scores, and the values are mixed in that
/// proportion.
///
///     scores = q·kᵀ / √d      weights = softmax(scores), row by row      y = weights·v
///
/// q and y are (T, d), k and v are (S, d), weights is (T, S), with zeros for the keys that are not
/// seen.
template <class T = StepScalar>
void attend(Out<T> y, Out<T> weights, In<T> q, In<T> k, In<T> v, Visible visible) {
  const T scale = 1 / std::sqrt(static_cast<T>(q.cols()));
  for (Index t = 0; t < q.rows(); ++t) {
    const Index seen = visible(t);
    auto w = weights.row(t).head(seen);
    w = q.row(t) * k.topRows(seen).transpose() * scale;
    w = (w.array() - w.maxCoeff()).exp();
    w /= w.sum();
    weights.row(t).tail(k.rows() - seen).setZero();
  }
  y = weights * v;
}

/// Its gradients. The forward lines from the last to the first:
///
///     y = weights·v           →  dv = weightsᵀ·dy      dweights = dy·vᵀ
///     weights = softmax(s)    →  ds = weights ⊙ (dweights − Σⱼ dweightsⱼ·weightsⱼ)
///     s = q·kᵀ / √d           →  dq = ds·k / √d        dk = dsᵀ·q / √d
///
/// Shapes as in `attend`; dq, dk and dv are overwritten.
template <class T = StepScalar>
void attend_backward(Out<T> dq, Out<T> dk, Out<T> dv, In<T> dy, In<T> q, In<T> k, In<T> v,
                     In<T> weights, Visible visible) {
  const T scale = 1 / std::sqrt(static_cast<T>(q.cols()));
  dv = weights.transpose() * dy;
  Mat<T> ds = dy * v.transpose();
  for (Index t = 0; t < q.rows(); ++t) {
    const Index seen = visible(t);
    auto s = ds.row(t).head(seen);
    const auto w = weights.row(t).head(seen);
    s = scale * w.array() * (s.array() - s.dot(w));
    ds.row(t).tail(k.rows() - seen).setZero();
  }
  dq = ds * k;
  dk = ds.transpose() * q;
}

/// The same y, but no weights are kept, which for a long text are most of what training keeps (Dao
/// et al., 2022, algorithm 1). The keys come a block at a time. Of those so far, a query knows the
/// greatest product m = max q·k, the sum of all exp((q·k − m)/√d), and the values mixed in that
/// proportion; a greater m shrinks both. `peaks` (T, 2) is each query's m and sum at the end: from
/// these a weight can be made again.
template <class T = StepScalar>
void attend_blockwise(Out<T> y, Out<T> peaks, In<T> q, In<T> k, In<T> v, Visible visible) {
  constexpr Index block = 64;
  const T scale = 1 / std::sqrt(static_cast<T>(q.cols()));
  for (Index t = 0; t < q.rows(); ++t) {
    T m = -std::numeric_limits<T>::infinity(), sum = 0;
    y.row(t).setZero();
    for (Index s = 0; s < visible(t); s += block) {
      const Index n = std::min(block, visible(t) - s);
      Mat<T> w = q.row(t) * k.middleRows(s, n).transpose();
      const T before = m;
      m = std::max(m, w.maxCoeff());
      w = (scale * (w.array() - m)).exp();
      const T shrink = std::exp(scale * (before - m));
      sum = sum * shrink + w.sum();
      y.row(t) = y.row(t) * shrink + w * v.middleRows(s, n);
    }
    y.row(t) /= sum;
    peaks.row(t) << m, sum;
  }
}

/// Its gradients: those of `attend_backward`, with weights = exp((q·k − m)/√d) / sum made again, a
/// block at a time. Σⱼ dweightsⱼ·weightsⱼ is dy·y, since y = Σⱼ weightsⱼ·vⱼ. y and peaks are what
/// `attend_blockwise` gave; dq, dk and dv are overwritten.
template <class T = StepScalar>
void attend_blockwise_backward(Out<T> dq, Out<T> dk, Out<T> dv, In<T> dy, In<T> q, In<T> k, In<T> v,
                               In<T> y, In<T> peaks, Visible visible) {
  constexpr Index block = 64;
  const T scale = 1 / std::sqrt(static_cast<T>(q.cols()));
  dq.setZero(), dk.setZero(), dv.setZero();
  for (Index t = 0; t < q.rows(); ++t)
    for (Index s = 0; s < visible(t); s += block) {
      const Index n = std::min(block, visible(t) - s);
      const auto keys = k.middleRows(s, n), values = v.middleRows(s, n);
      const Mat<T> products = q.row(t) * keys.transpose(), dw = dy.row(t) * values.transpose();
      const Mat<T> w = (scale * (products.array() - peaks(t, 0))).exp() / peaks(t, 1);
      const Mat<T> ds = scale * w.array() * (dw.array() - dy.row(t).dot(y.row(t)));
      dv.middleRows(s, n) += w.transpose() * dy.row(t);
      dk.middleRows(s, n) += ds.transpose() * q.row(t);
      dq.row(t) += ds * keys;
    }
}

}}}  // namespace damla::DAMLA_ABI::functional

#include "damla/functional/compiled.hpp"
