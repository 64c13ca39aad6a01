#include <cmath>
#include <type_traits>

#include "catch.hpp"
#include "damla/core/matmul.hpp"
#include "damla/core/parameter.hpp"
#include "damla/core/random.hpp"
#include "damla/core/threads.hpp"
#include "engine/matmul.hpp"

using namespace damla;

TEST_CASE("the generator gives the numbers that its author published") {
  // First line of pcg32-demo (pcg-c-basic), seed 42, stream 54.
  Random random(42, 54);
  for (const std::uint32_t expected :
       {0xa15c02b7u, 0x7b47f409u, 0xba1d3330u, 0x83d2f293u, 0xbfa4784bu, 0xcbed606eu})
    CHECK(random.next() == expected);
}

TEST_CASE("a number below n, and no n that has none") {
  Random random(1);
  CHECK(random.below(1) == 0);
  CHECK(random.below(0xffffffff) < 0xffffffff);
  for (const Index n : {Index{0}, Index{-1}, Index{1} << 32}) {
    CAPTURE(n);
    CHECK_THROWS_AS(random.below(n), Error);
  }
}

TEST_CASE(
    "matmul equals the sum that defines it, for every side transposed, adding, and by blocks") {
  Random random(1);
  Matrix a(70, 33), b(33, 91), out(70, 91);
  random.fill_normal(a, 1), random.fill_normal(b, 1), random.fill_normal(out, 1);
  Matrix expected = Matrix::Zero(70, 91);
  for (Index i = 0; i < 70; ++i)
    for (Index j = 0; j < 91; ++j)
      for (Index k = 0; k < 33; ++k) expected(i, j) += a(i, k) * b(k, j);
  const Matrix at = a.transpose(), bt = b.transpose();
  Matrix y;
  const auto distance = [&](const Matrix& m) { return (m - expected).cwiseAbs().maxCoeff(); };
  matmul(y, a, b);
  CHECK(distance(y) < 1e-4);
  matmul(y, at.transpose(), b);
  CHECK(distance(y) < 1e-4);
  matmul(y, a, bt.transpose());
  CHECK(distance(y) < 1e-4);
  matmul(y, at.transpose(), bt.transpose());
  CHECK(distance(y) < 1e-4);
  const Matrix before = out;
  matmul_add(out, a, b);
  CHECK(distance(out - before) < 1e-4);
  Matrix wide = Matrix::Zero(80, 100);
  matmul(wide.block(3, 5, 70, 91), a, b);
  CHECK(distance(wide.block(3, 5, 70, 91)) < 1e-4);
  CHECK(wide.topRows(3).isZero());
}

TEST_CASE("triangular products equal full ones") {
  Random random(2);
  const Index T = 150;
  Matrix p(T, T), v(T, 20), k(T, 20), y(T, 20), expected, s(T, T);
  random.fill_normal(p, 1), random.fill_normal(v, 1), random.fill_normal(k, 1);
  p = p.triangularView<Eigen::Lower>().toDenseMatrix().eval();
  matmul(expected, p, v);
  detail::matmul(y, p, v, {}, detail::Triangle::left);
  CHECK((y - expected).cwiseAbs().maxCoeff() < 1e-4);
  matmul(expected, p.transpose(), v);
  detail::matmul(y, p.transpose(), v, {}, detail::Triangle::left);
  CHECK((y - expected).cwiseAbs().maxCoeff() < 1e-4);
  matmul(expected, v, k.transpose());
  detail::matmul(s, v, k.transpose(), {}, detail::Triangle::out);
  for (Index i = 0; i < T; ++i)
    CHECK((s - expected).row(i).head(i + 1).cwiseAbs().maxCoeff() < 1e-4);
}

TEST_CASE("a product of wrong shapes throws with both shapes in the text") {
  const Matrix a(32, 48), b(64, 128);
  Matrix y;
  CHECK_THROWS_WITH(matmul(y, a, b), Catch::Matchers::ContainsSubstring("32×48") &&
                                         Catch::Matchers::ContainsSubstring("64×128"));
}

TEST_CASE("parallel_for calls each index once and passes errors on") {
  std::vector<int> calls(1000, 0);
  parallel_for(1000, [&](Index i) { ++calls[static_cast<std::size_t>(i)]; });
  CHECK(calls == std::vector<int>(1000, 1));
  CHECK_THROWS_AS(parallel_for(10,
                               [](Index i) {
                                 if (i == 7) throw Error("seven");
                               }),
                  Error);
}

TEST_CASE("a product does not overwrite what it reads") {
  Matrix x = Matrix::Identity(3, 3), w = Matrix::Constant(3, 3, 2), narrow(3, 1);
  CHECK_THROWS_WITH(matmul(x, x, w), Catch::Matchers::ContainsSubstring("out is also a or b"));
  CHECK_THROWS_AS(matmul(w, x, w.transpose()), Error);
  CHECK_THROWS_AS(matmul(x, x, narrow), Error);  // before x gets another shape
  CHECK(x == Matrix::Identity(3, 3));
  CHECK_THROWS_AS(matmul_add(x, x, w), Error);
}

TEST_CASE("a view is of numbers that lie side by side: a column of a matrix needs one of its own") {
  Matrix m = Matrix::Zero(3, 2);
  STATIC_REQUIRE(std::is_constructible_v<ConstView, decltype(m.row(0))>);
  STATIC_REQUIRE(std::is_constructible_v<ConstView, decltype(m.leftCols(1))>);
  STATIC_REQUIRE(std::is_constructible_v<ConstView, decltype(m.block(0, 0, 1, 1).transpose())>);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<ConstView, decltype(m.col(0))>);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<ConstView, decltype(m.diagonal())>);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<View, decltype(m.col(0))&>);
}

TEST_CASE("weights to draw from are finite and not negative, and one is over 0") {
  Random random(1);
  for (const std::vector<double>& weights :
       std::vector<std::vector<double>>{{}, {0, 0}, {-5, 3, 3}, {1, std::nan("")}}) {
    CAPTURE(weights);
    CHECK_THROWS_AS(random.categorical(weights), Error);
  }
  for (int i = 0; i < 100; ++i) CHECK(random.categorical(std::vector<double>{0, 2, 0}) == 1);
}
