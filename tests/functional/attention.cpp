// The formula's own text brings its products into this file; tests/structure knows that.
#include "damla/functional/attention.hpp"

#include "damla/core/error.hpp"
#include "helpers/blocks.hpp"

using namespace damla;
using functional::Visible;

namespace {
/// A head of some size, and in double what the formula says of it.
struct Head {
  Random random;
  Block q, k, v, dy;
  Exact q_ = exact(q.inner()), k_ = exact(k.inner()), v_ = exact(v.inner()),
        dy_ = exact(dy.inner());
  Exact y_, w_, dq_, dk_, dv_;

  Head(Index T, Index S, Index d, Visible visible, double size)
      : random(static_cast<std::uint64_t>(T + 1000 * S + 100000 * d)),
        q(normal_matrix(T, d, random, size)),
        k(normal_matrix(S, d, random, size)),
        v(normal_matrix(S, d, random)),
        dy(normal_matrix(T, d, random)),
        y_(T, d),
        w_(T, S),
        dq_(T, d),
        dk_(S, d),
        dv_(S, d) {
    functional::attend<double>(y_, w_, q_, k_, v_, visible);
    functional::attend_backward<double>(dq_, dk_, dv_, dy_, q_, k_, v_, w_, visible);
  }
};

void check_both_texts(Index T, Index S, Index d, Visible visible, double size) {
  CAPTURE(T, S, d, visible.first, visible.step, size);
  auto [random, q, k, v, dy, q_, k_, v_, dy_, y_, w_, dq_, dk_, dv_] = Head(T, S, d, visible, size);

  Block y(T, d), w(T, S), dq(T, d), dk(S, d), dv(S, d);
  functional::attend(y.inner(), w.inner(), q.inner(), k.inner(), v.inner(), visible);
  functional::attend_backward(dq.inner(), dk.inner(), dv.inner(), dy.inner(), q.inner(), k.inner(),
                              v.inner(), w.inner(), visible);
  const double limit = 4 * rounding * std::max(1.0, size * size);
  CHECK(distance(w.inner(), w_) < limit);
  CHECK(distance(y.inner(), y_) < limit);
  CHECK(distance(dq.inner(), dq_) < limit);
  CHECK(distance(dk.inner(), dk_) < limit);
  CHECK(distance(dv.inner(), dv_) < limit);
  for (Index t = 0; t < T; ++t) {
    CHECK(w.inner().row(t).tail(S - visible(t)).isZero(0));  // exact zeros
    CHECK(w.inner().row(t).sum() == Approx(1));
  }
  CHECK(margins_kept(q, k, v, dy, y, w, dq, dk, dv));
}
}  // namespace

TEST_CASE("attention: the compiled text says what the formula says", "[functional]") {
  for (const Index d : {1, 7, 16})
    for (const double size : {1.0, 8.0}) {  // with 8, one key gets nearly all
      for (const Index T : {1, 7, 33, 65}) check_both_texts(T, T, d, Visible::causal(), size);
      for (const Index keys : {1, 16, 33})  // a text of `keys` tokens, padded to 33
        check_both_texts(33, 33, d, Visible::all(keys), size);
      for (const Index n : {1, 5, 17})  // n new tokens behind 20; the cache's end is free
        for (const Index free : {0, 3})
          check_both_texts(n, 20 + n + free, d, Visible::causal(20), size);
    }
}

namespace {
void check_blockwise(Index T, Index S, Index d, Visible visible, double size) {
  CAPTURE(T, S, d, visible.first, visible.step, size);
  auto [random, q, k, v, dy, q_, k_, v_, dy_, y_, w_, dq_, dk_, dv_] = Head(T, S, d, visible, size);

  Exact y_b(T, d), peaks_b(T, 2), dq_b(T, d), dk_b(S, d), dv_b(S, d);
  functional::attend_blockwise<double>(y_b, peaks_b, q_, k_, v_, visible);
  functional::attend_blockwise_backward<double>(dq_b, dk_b, dv_b, dy_, q_, k_, v_, y_b, peaks_b,
                                                visible);
  const double close = 1e-13 * std::max(1.0, size * size);
  CHECK((y_b - y_).norm() < close * (1 + y_.norm()));
  CHECK((dq_b - dq_).norm() < close * (1 + dq_.norm()));
  CHECK((dk_b - dk_).norm() < close * (1 + dk_.norm()));
  CHECK((dv_b - dv_).norm() < close * (1 + dv_.norm()));

  Block y(T, d), peaks(T, 2), dq(T, d), dk(S, d), dv(S, d);
  functional::attend_blockwise(y.inner(), peaks.inner(), q.inner(), k.inner(), v.inner(), visible);
  functional::attend_blockwise_backward(dq.inner(), dk.inner(), dv.inner(), dy.inner(), q.inner(),
                                        k.inner(), v.inner(), y.inner(), peaks.inner(), visible);
  const double limit = 4 * rounding * std::max(1.0, size * size);
  CHECK(distance(peaks.inner(), peaks_b) < limit * static_cast<double>(S));
  CHECK(distance(y.inner(), y_) < limit);
  CHECK(distance(dq.inner(), dq_) < limit);
  CHECK(distance(dk.inner(), dk_) < limit);
  CHECK(distance(dv.inner(), dv_) < limit);
  CHECK(margins_kept(q, k, v, dy, y, peaks, dq, dk, dv));
}
}  // namespace

TEST_CASE("attention without weights that are kept is the same, in both texts", "[functional]") {
  for (const Index d : {1, 7, 32})
    for (const double size : {1.0, 8.0}) {
      for (const Index T : {1, 33, 95, 96, 97, 200})
        check_blockwise(T, T, d, Visible::causal(), size);
      for (const Index keys : {1, 96, 130}) check_blockwise(130, 130, d, Visible::all(keys), size);
      for (const Index n : {1, 5, 100})  // n new tokens behind 120; the cache's end is free
        for (const Index free : {0, 3})
          check_blockwise(n, 120 + n + free, d, Visible::causal(120), size);
    }
}

TEST_CASE("attention by hand", "[functional]") {
  // One query of four numbers, so that √d = 2; scores 0 and 2·ln 3 / 2.
  const Exact q = (Exact(1, 4) << 2, 0, 0, 0).finished();
  Exact k = Exact::Zero(2, 4), v(2, 4), y(1, 4), w(1, 2);
  k(1, 0) = std::log(3.0);
  v << 0, 4, 8, 0, 4, 8, 0, 0;
  functional::attend<double>(y, w, q, k, v, Visible::all(2));
  CHECK(w.isApprox((Exact(1, 2) << 0.25, 0.75).finished(), 1e-14));
  CHECK(y.isApprox((Exact(1, 4) << 3, 7, 2, 0).finished(), 1e-14));
  functional::attend<double>(y, w, q, k, v, Visible::causal());  // only the first is seen
  CHECK(w == (Exact(1, 2) << 1, 0).finished());
  CHECK(y == v.row(0));
}

TEST_CASE("a key that is not a number spoils the queries that see it, and no other",
          "[functional]") {
  const Index T = 33, d = 7, bad = 12;
  Random random(1);
  const Matrix q = normal_matrix(T, d, random), v = normal_matrix(T, d, random);
  Matrix k = normal_matrix(T, d, random), y(T, d), w(T, T), y_before(T, d), w_before(T, T);
  functional::attend(y_before, w_before, q, k, v, Visible::causal());
  k(bad, 3) = std::numeric_limits<Scalar>::quiet_NaN();
  Exact y_(T, d), w_(T, T);
  functional::attend(y, w, q, k, v, Visible::causal());
  functional::attend<double>(y_, w_, exact(q), exact(k), exact(v), Visible::causal());
  CHECK(y.topRows(bad) == y_before.topRows(bad));
  CHECK(w.topRows(bad) == w_before.topRows(bad));
  CHECK(distance(y_before.topRows(bad), y_.topRows(bad)) < 4 * rounding);
  CHECK(y.bottomRows(T - bad).array().isNaN().all());
  CHECK(y_.bottomRows(T - bad).array().isNaN().all());
  Matrix peaks(T, 2);
  functional::attend_blockwise(y, peaks, q, k, v, Visible::causal());
  CHECK(distance(y.topRows(bad), y_.topRows(bad)) < 4 * rounding);
  CHECK(y.bottomRows(T - bad).array().isNaN().all());
  for (Index t = bad; t < T; ++t) {
    CHECK(w.row(t).head(t + 1).array().isNaN().all());
    CHECK(w_.row(t).head(t + 1).array().isNaN().all());
  }
}

TEST_CASE("scores of any size make weights: the key that fits best gets all", "[functional]") {
  const Exact q = (Exact(1, 2) << 1e15, 0).finished(),
              k = (Exact(3, 2) << 1, 0, 1e15, 0, -1e15, 0).finished(),
              v = (Exact(3, 2) << 1, 2, 3, 4, 5, 6).finished();
  Mat<float> y_(1, 2), w_(1, 3);
  functional::attend<float>(y_, w_, q.cast<float>().eval(), k.cast<float>().eval(),
                            v.cast<float>().eval(), Visible::all(3));
  Matrix y(1, 2), w(1, 3);
  functional::attend(y, w, q.cast<Scalar>().eval(), k.cast<Scalar>().eval(),
                     v.cast<Scalar>().eval(), Visible::all(3));
  CHECK(distance(w, (Exact(1, 3) << 0, 1, 0).finished()) < 1e-30);
  Matrix blockwise(1, 2), peaks(1, 2);
  functional::attend_blockwise(blockwise, peaks, q.cast<Scalar>().eval(), k.cast<Scalar>().eval(),
                               v.cast<Scalar>().eval(), Visible::all(3));
  CHECK(blockwise == v.row(1).cast<Scalar>());
  Matrix dq(1, 2), dk(3, 2), dv(3, 2);
  functional::attend_blockwise_backward(dq, dk, dv, Matrix::Ones(1, 2).eval(),
                                        q.cast<Scalar>().eval(), k.cast<Scalar>().eval(),
                                        v.cast<Scalar>().eval(), blockwise, peaks, Visible::all(3));
  CHECK(distance(dv, (Exact(3, 2) << 0, 0, 1, 1, 0, 0).finished()) < 1e-30);
  CHECK(y == v.row(1).cast<Scalar>());
  CHECK(y_ == v.row(1).cast<float>());
}

#ifndef DAMLA_STEP
TEST_CASE("attention refuses shapes that do not fit, and keys that are not there", "[functional]") {
  Matrix x = Matrix::Zero(3, 4), y = x, w = Matrix::Zero(3, 3), narrow = Matrix::Zero(3, 2),
         long_ = Matrix::Zero(4, 4), dk = x, dv = x;
  const auto attend = [&](Matrix& out, Matrix& weights, Matrix& k, Visible visible) {
    functional::attend(out, weights, x, k, k, visible);
  };
  CHECK_NOTHROW(attend(y, w, x, Visible::causal()));
  CHECK_THROWS_AS(attend(narrow, w, x, Visible::causal()), Error);
  CHECK_THROWS_AS(attend(y, narrow, x, Visible::causal()), Error);
  CHECK_THROWS_AS(attend(y, w, narrow, Visible::causal()), Error);
  CHECK_THROWS_AS(attend(y, w, long_, Visible::causal()), Error);
  CHECK_THROWS_AS(attend(y, w, x, Visible::causal(1)), Error);
  CHECK_THROWS_AS(attend(y, w, x, Visible::all(4)), Error);
  CHECK_THROWS_AS(attend(y, w, x, Visible::all(0)), Error);
  CHECK_THROWS_AS(functional::attend_backward(long_, dk, dv, x, x, x, x, w, Visible::causal()),
                  Error);
  Matrix peaks = Matrix::Zero(3, 2);
  CHECK_NOTHROW(functional::attend_blockwise(y, peaks, x, x, x, Visible::causal()));
  CHECK_THROWS_AS(functional::attend_blockwise(y, w, x, x, x, Visible::causal()), Error);
  CHECK_THROWS_AS(functional::attend_blockwise(narrow, peaks, x, x, x, Visible::causal()), Error);
  const auto back = [&](Matrix& dq, Matrix& dy, Matrix& given) {
    functional::attend_blockwise_backward(dq, dk, dv, dy, x, x, x, y, given, Visible::causal());
  };
  Matrix dq = x, dy = x;
  CHECK_NOTHROW(back(dq, dy, peaks));
  CHECK_THROWS_AS(back(long_, dy, peaks), Error);
  CHECK_THROWS_AS(back(dq, narrow, peaks), Error);
  CHECK_THROWS_AS(back(dq, dy, w), Error);
}
#endif
