#include <cmath>
#include <type_traits>

#include "damla/core/matmul.hpp"
#include "damla/core/parameter.hpp"
#include "damla/core/random.hpp"
#include "damla/core/threads.hpp"
#include "helpers/catch.hpp"
#include "helpers/error_says.hpp"

using namespace damla;

TEST_CASE("the generator gives the numbers that its author published", "[core]") {
  // First line of pcg32-demo (pcg-c-basic), seed 42, stream 54.
  Random random(42, 54);
  for (const std::uint32_t expected :
       {0xa15c02b7u, 0x7b47f409u, 0xba1d3330u, 0x83d2f293u, 0xbfa4784bu, 0xcbed606eu})
    CHECK(random.next() == expected);
}

TEST_CASE("an option outside its range is named, with the range", "[core]") {
  const auto says = [](double value, const Range& range, const char* what) {
    return error_says([&] { expect_number("Call", "it", value, range); }, {"Call: it is ", what});
  };
  CHECK(says(1, below_one, "1, but needs to be in [0, 1)"));
  CHECK(says(-0.5, a_share, "-0.5, but needs to be in [0, 1]"));
  CHECK(says(0, positive, "0, but needs to be more than 0, and finite"));
  CHECK(says(INFINITY, not_negative, "inf, but needs to be 0 or more, and finite"));
  CHECK(says(NAN, any_finite, "nan, but needs to be finite"));
  for (const Range& range : {below_one, a_share, positive, not_negative, any_finite}) {
    CHECK_NOTHROW(expect_number("Call", "it", 0.5, range));
    CHECK_THROWS_AS(expect_number("Call", "it", NAN, range), Error);
    CHECK_THROWS_AS(expect_number("Call", "it", INFINITY, range), Error);
  }
  CHECK_NOTHROW(expect_number("Call", "it", 0, not_negative));
  CHECK(error_says([] { expect_count("Call", "n", 0, 1); }, {"Call: n is 0", "at least 1"}));
  CHECK(error_says([] { expect_count("Call", "n", 9, 1, 8); }, {"from 1 to 8"}));
  CHECK_NOTHROW(expect_count("Call", "n", 8, 1, 8));
}

TEST_CASE("a number below n, and no n that has none", "[core]") {
  Random random(1);
  CHECK(random.below(1) == 0);
  CHECK(random.below(0xffffffff) < 0xffffffff);
  for (const Index n : {Index{0}, Index{-1}, Index{1} << 32}) {
    CAPTURE(n);
    CHECK_THROWS_AS(random.below(n), Error);
  }
}

TEST_CASE("a product of wrong shapes throws with both shapes in the text", "[core]") {
  const Matrix a(32, 48), b(64, 128);
  Matrix y;
  CHECK_THROWS_WITH(matmul(y, a, b), Catch::Matchers::ContainsSubstring("32×48") &&
                                         Catch::Matchers::ContainsSubstring("64×128"));
}

TEST_CASE("a product does not overwrite what it reads", "[core]") {
  Matrix x = Matrix::Identity(3, 3), w = Matrix::Constant(3, 3, 2), narrow(3, 1);
  CHECK_THROWS_WITH(matmul(x, x, w),
                    Catch::Matchers::ContainsSubstring("a shares memory with out"));
  CHECK_THROWS_AS(matmul(w, x, w.transpose()), Error);
  CHECK_THROWS_AS(matmul(x, x, narrow), Error);  // before x gets another shape
  CHECK_THROWS_AS(matmul(x, x.bottomRows(2), w), Error);
  CHECK_THROWS_AS(matmul(x, w, x.bottomRows(2).transpose()), Error);
  CHECK_THROWS_AS(matmul(x, w, w.transpose(), x.row(1)), Error);
  CHECK_THROWS_AS(matmul(View(x.bottomRows(2)), x.topRows(2), w), Error);
  CHECK(x == Matrix::Identity(3, 3));
  CHECK_THROWS_AS(matmul_add(x, x, w), Error);
  CHECK_THROWS_AS(matmul_add(x.rightCols(2), x, w.leftCols(2)), Error);

  Matrix side_by_side(3, 6);  // other columns of the same rows may be read
  side_by_side.leftCols(3) = x, side_by_side.rightCols(3).setConstant(7);
  matmul(View(side_by_side.rightCols(3)), side_by_side.leftCols(3), w);
  CHECK(side_by_side.rightCols(3) == w);
}

TEST_CASE("a view is of numbers that lie side by side: a column of a matrix needs one of its own",
          "[core]") {
  Matrix m = Matrix::Zero(3, 2);
  STATIC_REQUIRE(std::is_constructible_v<ConstView, decltype(m.row(0))>);
  STATIC_REQUIRE(std::is_constructible_v<ConstView, decltype(m.leftCols(1))>);
  STATIC_REQUIRE(std::is_constructible_v<ConstView, decltype(m.block(0, 0, 1, 1).transpose())>);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<ConstView, decltype(m.col(0))>);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<ConstView, decltype(m.diagonal())>);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<View, decltype(m.col(0))&>);
}

TEST_CASE("weights to draw from are finite and not negative, and one is over 0", "[core]") {
  Random random(1);
  for (const std::vector<double>& weights :
       std::vector<std::vector<double>>{{}, {0, 0}, {-5, 3, 3}, {1, std::nan("")}}) {
    CAPTURE(weights);
    CHECK_THROWS_AS(random.categorical(weights), Error);
  }
  for (int i = 0; i < 100; ++i) CHECK(random.categorical(std::vector<double>{0, 2, 0}) == 1);
}
