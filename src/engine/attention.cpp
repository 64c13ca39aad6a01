// One head of attention, from the engine's products: they skip the half that a causal mask hides.
// The formula and its shapes stand in functional/attention.hpp.
#ifndef DAMLA_STEP
#include "damla/functional/attention.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "damla/core/error.hpp"
#include "engine/matmul.hpp"
#include "engine/packets.hpp"
#include "engine/product.hpp"

namespace damla { inline namespace DAMLA_ABI { namespace functional {

namespace {
using Row = Eigen::Map<Eigen::Array<Scalar, 1, Eigen::Dynamic>>;
using ConstRow = Eigen::Map<const Eigen::Array<Scalar, 1, Eigen::Dynamic>>;

View columns(View m, Index n) { return {m.data, m.rows, n, m.stride}; }
ConstView columns(ConstView m, Index n) { return {m.data, m.rows, n, m.stride}; }
View rows(View m, Index n) { return {m.data, n, m.cols, m.stride}; }
ConstView rows(ConstView m, Index n) { return {m.data, n, m.cols, m.stride}; }
View rows(View m, Index first, Index n) { return {m.row(first), n, m.cols, m.stride}; }
ConstView rows(ConstView m, Index first, Index n) { return {m.row(first), n, m.cols, m.stride}; }
void clear(View m) {
  for (Index i = 0; i < m.rows; ++i) std::fill_n(m.row(i), m.cols, Scalar(0));
}

/// The lower triangle alone: queries and keys are the same tokens.
bool triangular(Visible visible, Index T, Index S) {
  return visible.first == 1 && visible.step == 1 && T == S;
}
/// How many keys anybody sees.
Index most(Visible visible, Index T) { return T == 0 ? 0 : visible(T - 1); }

void expect(const char* call, const char* name, ConstView m, Index height, Index width) {
  if (m.transposed || m.rows != height || m.cols != width)
    throw Error(std::string("functional::") + call + ": " + name + " is " +
                shape_text(m.height(), m.width()) + ", but needs to be " +
                shape_text(height, width));
}

void expect_shapes(const char* call, ConstView y, ConstView q, ConstView k, ConstView v,
                   Visible visible) {
  const Index T = q.rows, S = k.rows;
  expect(call, "q", q, T, q.cols), expect(call, "k", k, S, q.cols), expect(call, "v", v, S, q.cols);
  expect(call, "y", y, T, q.cols);
  if (T > 0 && (visible(0) < 1 || most(visible, T) > S))
    throw Error(std::string("functional::") + call + ": queries may see " +
                std::to_string(visible(0)) + " to " + std::to_string(most(visible, T)) +
                " keys, but there are " + std::to_string(S));
}
void expect_gradients(const char* call, ConstView dq, ConstView dk, ConstView dv, ConstView q,
                      ConstView k) {
  expect(call, "dq", dq, q.rows, q.cols);
  expect(call, "dk", dk, k.rows, k.cols), expect(call, "dv", dv, k.rows, k.cols);
}
}  // namespace

void attend(View y, View weights, ConstView q, ConstView k, ConstView v, Visible visible) {
  expect_shapes("attend", y, q, k, v, visible);
  expect("attend", "weights", weights, q.rows, k.rows);
  expect_apart("functional::attend", {{"q", q}, {"k", k}, {"v", v}},
               {{"y", y}, {"weights", weights}});
  const Index T = q.rows, S = k.rows, L = most(visible, T);
  const bool lower = triangular(visible, T, S);
  const Scalar scale = 1 / std::sqrt(static_cast<Scalar>(q.cols));
  detail::matmul(columns(weights, L), q, rows(k, L).transpose(), {},
                 lower ? detail::Triangle::out : detail::Triangle::none);
  constexpr Index chunk =
      16;  // whole registers: a row's last few exponentials one by one took a third of the time
  for (Index t = 0; t < T; ++t) {
    const Index seen = visible(t), whole = std::min((seen + chunk - 1) / chunk * chunk, L);
    Scalar* w = weights.row(t);
    const Scalar greatest = ConstRow(w, seen).maxCoeff();
    Row p(w, whole);
    detail::exponentials(w, whole, greatest, scale);
    std::fill(w + seen, w + S, Scalar(0));
    p *= 1 / p.sum();
  }
  detail::matmul(y, columns(weights, L), rows(v, L), {},
                 lower ? detail::Triangle::left : detail::Triangle::none);
}

void attend_backward(View dq, View dk, View dv, ConstView dy, ConstView q, ConstView k, ConstView v,
                     ConstView weights, Visible visible) {
  expect_shapes("attend_backward", dy, q, k, v, visible);
  expect("attend_backward", "weights", weights, q.rows, k.rows);
  expect_gradients("attend_backward", dq, dk, dv, q, k);
  expect_apart("functional::attend_backward",
               {{"dy", dy}, {"q", q}, {"k", k}, {"v", v}, {"weights", weights}},
               {{"dq", dq}, {"dk", dk}, {"dv", dv}});
  using detail::Triangle;
  const Index T = q.rows, S = k.rows, L = most(visible, T);
  const bool lower = triangular(visible, T, S);
  const Triangle out = lower ? Triangle::out : Triangle::none,
                 left = lower ? Triangle::left : Triangle::none;
  const Scalar scale = 1 / std::sqrt(static_cast<Scalar>(q.cols));
  const ConstView w = columns(weights, L);
  // One a thread, not one a head; (T, S) and not (T, L), so that texts of all lengths share it.
  thread_local Matrix scratch;
  scratch.resize(T, S);
  const View ds = columns(View(scratch), L);
  detail::matmul(rows(dv, L), w.transpose(), dy, {}, left);
  detail::matmul(ds, dy, rows(v, L).transpose(), {}, out);
  for (Index t = 0; t < T; ++t) {
    const Index seen = visible(t);
    const ConstRow p(w.row(t), seen);
    Row s(ds.row(t), seen);
    const Scalar dot = (s * p).sum();
    s = scale * p * (s - dot);
    std::fill(ds.row(t) + seen, ds.row(t) + L, Scalar(0));
  }
  detail::matmul(dq, ds, rows(k, L), {}, left);
  detail::matmul(rows(dk, L), ConstView(ds).transpose(), q, {}, left);
  clear(rows(dk, L, S - L)), clear(rows(dv, L, S - L));
}

// Without weights that are kept: a square of scores at a time, which the near caches hold. Keys,
// values and their gradients lie side by side meanwhile: as columns of a wider matrix they pushed
// each other out of the caches.

namespace {
constexpr Index side = 96;  // whole tiles, with 8 numbers in a register or 16
using SideRow = Eigen::Map<Eigen::Array<Scalar, 1, side>>;
constexpr Scalar unseen = -std::numeric_limits<Scalar>::infinity();

void copy(View to, ConstView from) {
  for (Index i = 0; i < to.rows; ++i) std::copy_n(from.row(i), to.cols, to.row(i));
}

/// Matrices that lie one behind the other, in memory that the thread keeps.
class Scratch {
 public:
  explicit Scratch(Index numbers) {
    thread_local Matrix kept;
    if (kept.size() < numbers) kept.resize(1, numbers);
    at_ = kept.data();
  }
  View take(Index height, Index width) {
    const View m(at_, height, width, width);
    at_ += height * width;
    return m;
  }

 private:
  Scalar* at_;
};

/// The scores of n queries from t on by m keys from s on.
struct Square {
  Index t, n, s, m;
  Visible visible;

  /// How many of its keys query t + i sees.
  Index seen(Index i) const { return std::clamp<Index>(visible(t + i) - s, 0, m); }
  bool lower() const { return s == t && triangular(visible, n, m); }
  detail::Triangle out() const { return lower() ? detail::Triangle::out : detail::Triangle::none; }
  detail::Triangle left() const {
    return lower() ? detail::Triangle::left : detail::Triangle::none;
  }
};

/// Of n queries from t on: every square in which a key is seen.
void for_squares(Index t, Index n, Visible visible, auto&& visit) {
  const Index L = visible(t + n - 1);
  for (Index s = 0; s < L; s += side) visit(Square{t, n, s, std::min(side, L - s), visible});
}
}  // namespace

void attend_blockwise(View y, View peaks, ConstView q, ConstView k, ConstView v, Visible visible) {
  constexpr const char* call = "attend_blockwise";
  expect_shapes(call, y, q, k, v, visible);
  expect(call, "peaks", peaks, q.rows, 2);
  expect_apart("functional::attend_blockwise", {{"q", q}, {"k", k}, {"v", v}},
               {{"y", y}, {"peaks", peaks}});
  const Index T = q.rows, d = q.cols, L = most(visible, T);
  const Scalar scale = 1 / std::sqrt(static_cast<Scalar>(d));
  Scratch scratch(side * side + (side + 2 * L) * d);
  const View square = scratch.take(side, side), mixed = scratch.take(side, d),
             keys = scratch.take(L, d), values = scratch.take(L, d);
  copy(keys, k), copy(values, v);
  for (Index t = 0; t < T; t += side) {
    const Index n = std::min(side, T - t);
    Scalar greatest[side], sum[side] = {};
    std::fill_n(greatest, side, unseen);
    clear(mixed);
    for_squares(t, n, visible, [&](const Square& part) {
      const View w(square.data, n, part.m, side), sums = rows(mixed, 0, n);
      detail::product(w, rows(q, t, n), ConstView(rows(keys, part.s, part.m)).transpose(), {},
                      part.out());
      for (Index i = 0; i < n; ++i) {
        std::fill(w.row(i) + part.seen(i), w.row(i) + side, unseen);
        SideRow p(w.row(i));
        if (const Scalar m = p.maxCoeff(); m > greatest[i]) {
          const Scalar shrink = std::exp((greatest[i] - m) * scale);
          sum[i] *= shrink;
          Row(sums.row(i), d) *= shrink;
          greatest[i] = m;
        }
        detail::exponentials(w.row(i), side, greatest[i], scale);
        sum[i] += p.sum();
      }
      detail::product(sums, w, rows(values, part.s, part.m), sums, part.left());
    });
    for (Index i = 0; i < n; ++i) {
      Row(y.row(t + i), d) = Row(mixed.row(i), d) / sum[i];
      peaks.row(t + i)[0] = greatest[i], peaks.row(t + i)[1] = sum[i];
    }
  }
}

void attend_blockwise_backward(View dq, View dk, View dv, ConstView dy, ConstView q, ConstView k,
                               ConstView v, ConstView y, ConstView peaks, Visible visible) {
  constexpr const char* call = "attend_blockwise_backward";
  expect_shapes(call, dy, q, k, v, visible);
  expect(call, "y", y, q.rows, q.cols), expect(call, "peaks", peaks, q.rows, 2);
  expect_gradients(call, dq, dk, dv, q, k);
  expect_apart("functional::attend_blockwise_backward",
               {{"dy", dy}, {"q", q}, {"k", k}, {"v", v}, {"y", y}, {"peaks", peaks}},
               {{"dq", dq}, {"dk", dk}, {"dv", dv}});
  const Index T = q.rows, d = q.cols, L = most(visible, T);
  const Scalar scale = 1 / std::sqrt(static_cast<Scalar>(d));
  Scratch scratch(2 * side * side + (3 * side + 4 * L) * d);
  const View square = scratch.take(side, side), dsquare = scratch.take(side, side),
             queries = scratch.take(side, d), dresults = scratch.take(side, d),
             dqueries = scratch.take(side, d), keys = scratch.take(L, d),
             values = scratch.take(L, d), dkeys = scratch.take(L, d), dvalues = scratch.take(L, d);
  copy(keys, k), copy(values, v);
  clear(dkeys), clear(dvalues);
  for (Index t = 0; t < T; t += side) {
    const Index n = std::min(side, T - t);
    const View qs = rows(queries, 0, n), dys = rows(dresults, 0, n), dqs = rows(dqueries, 0, n);
    copy(qs, rows(q, t, n)), copy(dys, rows(dy, t, n)), clear(dqs);
    for_squares(t, n, visible, [&](const Square& part) {
      const View w(square.data, n, part.m, side), ds(dsquare.data, n, part.m, side);
      const View ks = rows(keys, part.s, part.m), vs = rows(values, part.s, part.m);
      const View dks = rows(dkeys, part.s, part.m), dvs = rows(dvalues, part.s, part.m);
      detail::product(w, qs, ConstView(ks).transpose(), {}, part.out());
      detail::product(ds, dys, ConstView(vs).transpose(), {}, part.out());
      for (Index i = 0; i < n; ++i) {
        const Index seen = part.seen(i);
        const Scalar dot = (ConstRow(dys.row(i), d) * ConstRow(y.row(t + i), d)).sum();
        SideRow p(w.row(i)), s(ds.row(i));
        detail::exponentials(w.row(i), side, peaks.row(t + i)[0], scale);
        p *= 1 / peaks.row(t + i)[1];
        s = scale * p * (s - dot);
        for (const View m : {w, ds}) std::fill(m.row(i) + seen, m.row(i) + part.m, Scalar(0));
      }
      detail::product(dvs, ConstView(w).transpose(), dys, dvs, part.left());
      detail::product(dqs, ds, ks, dqs, part.left());
      detail::product(dks, ConstView(ds).transpose(), qs, dks, part.left());
    });
    copy(rows(dq, t, n), dqs);
  }
  copy(rows(dk, 0, L), dkeys), copy(rows(dv, 0, L), dvalues);
  clear(rows(dk, L, dk.rows - L)), clear(rows(dv, L, dv.rows - L));
}

}}}  // namespace damla::DAMLA_ABI::functional
#endif
