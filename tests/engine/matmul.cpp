#include "damla/core/matmul.hpp"

#include "damla/core/error.hpp"
#include "damla/core/threads.hpp"
#include "engine/matmul.hpp"
#include "helpers/blocks.hpp"

// Every product beside the sums that define it, in double; odd shapes, and blocks of larger
// matrices.
using namespace damla;
using detail::Triangle;

namespace {
double at(const ConstMatrixRef& m, Index i, Index j) { return static_cast<double>(m(i, j)); }
}  // namespace

TEST_CASE(
    "matmul equals the sum that defines it: odd shapes, blocks, either side transposed, adding, a "
    "bias",
    "[engine]") {
  // 401: more than the engine takes at once of a's columns and of b's.
  for (const Index n : {1, 7, 25, 33, 401})
    for (const Index k : {1, 7, 25, 33, 401})
      for (const Index m : {1, 7, 25, 33, 401}) {
        if (n * k * m > 401 * 401 * 33) continue;  // two large sides are enough
        CAPTURE(n, k, m);
        Random random(static_cast<std::uint64_t>(n + 300 * k + 90000 * m));
        Block a(normal_matrix(n, k, random)), b(normal_matrix(k, m, random));
        Block at_(a.inner().transpose().eval()), bt(b.inner().transpose().eval());
        Exact sums = Exact::Zero(n, m);
        for (Index i = 0; i < n; ++i)
          for (Index l = 0; l < k; ++l)
            for (Index j = 0; j < m; ++j) sums(i, j) += at(a.inner(), i, l) * at(b.inner(), l, j);
        const double limit = 4e-6 * std::sqrt(static_cast<double>(k));
        Block y(n, m);
        matmul(y.inner(), a.inner(), b.inner());
        CHECK(distance(y.inner(), sums) < limit);
        matmul(y.inner(), at_.inner().transpose(), b.inner());
        CHECK(distance(y.inner(), sums) < limit);
        matmul(y.inner(), a.inner(), bt.inner().transpose());
        CHECK(distance(y.inner(), sums) < limit);
        matmul(y.inner(), at_.inner().transpose(), bt.inner().transpose());
        CHECK(distance(y.inner(), sums) < limit);
        const Matrix before = normal_matrix(n, m, random);
        y.inner() = before;
        matmul_add(y.inner(), a.inner(), b.inner());
        CHECK(distance(y.inner(), exact(before) + sums) < limit);
        const Matrix bias = normal_matrix(1, m, random);
        Matrix biased;
        matmul(biased, a.inner(), b.inner(), bias);
        CHECK(distance(biased, exact(bias.replicate(n, 1)) + sums) < limit);
        CHECK(y.margin_kept());
        if (n > 33 || m > 33) continue;
        Matrix grown;
        matmul(grown, a.inner(), b.inner());  // gets its shape
        CHECK(distance(grown, sums) < limit);
      }
}

TEST_CASE("more rows than the engine takes at once give what their parts give", "[engine]") {
  const int before = threads();
  set_threads(1);  // more would share the rows
  Random random(2);
  const Index n = 2055, k = 401, first = 1000;
  const Matrix a = normal_matrix(n, k, random), b = normal_matrix(k, 33, random);
  const Matrix turned = a.transpose();
  Matrix whole, top, bottom;
  matmul(top, a.topRows(first), b);
  matmul(bottom, a.bottomRows(n - first), b);
  matmul(whole, a, b);
  CHECK(whole.topRows(first) == top);
  CHECK(whole.bottomRows(n - first) == bottom);
  matmul(whole, turned.transpose(), b);
  CHECK(whole.topRows(first) == top);
  CHECK(whole.bottomRows(n - first) == bottom);
  set_threads(before);
}

TEST_CASE("triangular products read nothing right of the diagonal, whatever is there", "[engine]") {
  const Scalar nan = std::numeric_limits<Scalar>::quiet_NaN();
  for (const Index T : {1, 7, 33, 64, 65, 401})
    for (const Index d : {1, 7, 33}) {
      CAPTURE(T, d);
      Random random(4);
      Matrix w = normal_matrix(T, T, random);
      w = w.triangularView<Eigen::Lower>().toDenseMatrix().eval();
      const Matrix v = normal_matrix(T, d, random), q = normal_matrix(T, d, random);
      const auto product = [&](auto&& left) {
        Exact sums = Exact::Zero(T, d);
        for (Index i = 0; i < T; ++i)
          for (Index l = 0; l < T; ++l)
            for (Index j = 0; j < d; ++j) sums(i, j) += left(i, l) * at(v, l, j);
        return sums;
      };
      Block y(T, d), s(T, T);
      const Exact plain = product([&](Index i, Index l) { return at(w, i, l); });
      detail::matmul(y.inner(), w, v, {}, Triangle::left);
      CHECK(distance(y.inner(), plain) < 1e-4);
      const Exact turned = product([&](Index i, Index l) { return at(w, l, i); });
      detail::matmul(y.inner(), w.transpose(), v, {}, Triangle::left);
      CHECK(distance(y.inner(), turned) < 1e-4);
      CHECK(y.margin_kept());
      s.inner().setConstant(nan);
      detail::matmul(s.inner(), q, v.transpose(), {}, Triangle::out);
      for (Index i = 0; i < T; ++i)
        for (Index j = 0; j <= i; ++j) {
          double sum = 0;
          for (Index c = 0; c < d; ++c) sum += at(q, i, c) * at(v, j, c);
          REQUIRE(std::abs(at(s.inner(), i, j) - sum) < 1e-4);
        }
      CHECK(s.margin_kept());
    }
}

TEST_CASE("products of wrong shapes throw", "[engine]") {
  const Matrix a(4, 5), b(5, 6), square(4, 4);
  Matrix y(4, 6), wrong(6, 4);
  CHECK_THROWS_AS(matmul(View(wrong), a, b), Error);
  CHECK_THROWS_AS(matmul_add(wrong, a, b), Error);
  CHECK_THROWS_AS(matmul_add(y, b, a), Error);
  CHECK_THROWS_AS(matmul(y, a, b, Matrix(1, 5)), Error);                // a bias for other columns
  CHECK_THROWS_AS(matmul(y, a, b, Matrix(4, 6)), Error);                // one for each row
  CHECK_THROWS_AS(detail::matmul(y, a, b, {}, Triangle::out), Error);   // the result is no square
  CHECK_THROWS_AS(detail::matmul(y, a, b, {}, Triangle::left), Error);  // nor is the triangle
  CHECK_THROWS_AS(detail::matmul(y, square, b, {}, Triangle::left), Error);
}
