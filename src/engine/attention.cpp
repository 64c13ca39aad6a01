// One head of attention, from the engine's products: they skip the half that a causal mask hides.
// The formula and its shapes stand in functional/attention.hpp.
#ifndef DAMLA_STEP
#include "damla/functional/attention.hpp"

#include <algorithm>
#include <cmath>

#include "damla/core/error.hpp"
#include "engine/matmul.hpp"
#include "engine/packets.hpp"

namespace damla { inline namespace DAMLA_ABI { namespace functional {

namespace {
using Row = Eigen::Map<Eigen::Array<Scalar, 1, Eigen::Dynamic>>;
using ConstRow = Eigen::Map<const Eigen::Array<Scalar, 1, Eigen::Dynamic>>;

View columns(View m, Index n) { return {m.data, m.rows, n, m.stride}; }
ConstView columns(ConstView m, Index n) { return {m.data, m.rows, n, m.stride}; }
View rows(View m, Index n) { return {m.data, n, m.cols, m.stride}; }
ConstView rows(ConstView m, Index n) { return {m.data, n, m.cols, m.stride}; }

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

void expect_shapes(const char* call, ConstView y, ConstView weights, ConstView q, ConstView k,
                   ConstView v, Visible visible) {
  const Index T = q.rows, S = k.rows;
  expect(call, "q", q, T, q.cols), expect(call, "k", k, S, q.cols), expect(call, "v", v, S, q.cols);
  expect(call, "y", y, T, q.cols), expect(call, "weights", weights, T, S);
  if (T > 0 && (visible(0) < 1 || most(visible, T) > S))
    throw Error(std::string("functional::") + call + ": queries may see " +
                std::to_string(visible(0)) + " to " + std::to_string(most(visible, T)) +
                " keys, but there are " + std::to_string(S));
}
}  // namespace

void attend(View y, View weights, ConstView q, ConstView k, ConstView v, Visible visible) {
  expect_shapes("attend", y, weights, q, k, v, visible);
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
  expect_shapes("attend_backward", dy, weights, q, k, v, visible);
  expect("attend_backward", "dq", dq, q.rows, q.cols),
      expect("attend_backward", "dk", dk, k.rows, k.cols);
  expect("attend_backward", "dv", dv, v.rows, v.cols);
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
  for (Index s = L; s < S; ++s)
    std::fill_n(dk.row(s), dk.cols, Scalar(0)), std::fill_n(dv.row(s), dv.cols, Scalar(0));
}

}}}  // namespace damla::DAMLA_ABI::functional
#endif
