#include "damla/functional/sum.hpp"

#include "damla/core/error.hpp"
#include "helpers/blocks.hpp"

using namespace damla;

TEST_CASE("sums: the compiled texts say what the formulas say", "[functional]") {
  for_each_shape([](Index N, Index C, Random& random) {
    const Matrix x = normal_matrix(N, C, random), y = normal_matrix(N, C, random),
                 before = normal_matrix(1, C, random);
    Exact z(N, C), sum = exact(before);
    functional::add<double>(z, exact(x), exact(y));
    functional::add_rows<double>(sum, exact(x));
    Block z_(N, C), sum_(before), x_(x), in_place(x);
    functional::add(z_.inner(), x_.inner(), y);
    functional::add(in_place.inner(), in_place.inner(), y);
    functional::add_rows(sum_.inner(), x_.inner());
    CHECK(distance(z_.inner(), z) < rounding);
    CHECK(in_place.inner() == z_.inner());
    CHECK(distance(sum_.inner(), sum) < rounding_of_sum(N));
    CHECK(margins_kept(z_, sum_, x_, in_place));
    CHECK(functional::sum_of_squares(x_.inner()) ==
          Approx(functional::sum_of_squares<double>(exact(x))).epsilon(1e-12));
  });
}

TEST_CASE("sums by hand, and a square that is not finite shows", "[functional]") {
  Exact x(2, 2), sum(1, 2);
  x << 1, 2, 3, -4;
  sum << 10, 20;
  functional::add_rows<double>(sum, x);
  CHECK(sum == (Exact(1, 2) << 14, 18).finished());
  CHECK(functional::sum_of_squares<double>(x) == 30);
  for (const Scalar bad :
       {std::numeric_limits<Scalar>::quiet_NaN(), std::numeric_limits<Scalar>::infinity()}) {
    Matrix m = Matrix::Ones(3, 40);
    m(1, 37) = bad;
    CHECK_FALSE(std::isfinite(functional::sum_of_squares(m)));
    CHECK_FALSE(std::isfinite(functional::sum_of_squares<Scalar>(m)));
  }
  const Matrix huge = Matrix::Constant(1, 2, Scalar(3e30));
  CHECK(functional::sum_of_squares(huge) == Approx(18e60));
}

#ifndef DAMLA_STEP
TEST_CASE("sums refuse shapes that do not fit", "[functional]") {
  Matrix a = Matrix::Zero(3, 4), b = Matrix::Zero(4, 3), row = Matrix::Zero(1, 3),
         square = Matrix::Zero(3, 3);
  CHECK_THROWS_AS(functional::add(a, a, b), Error);
  CHECK_THROWS_AS(functional::add(a, a, b.transpose()), Error);  // a view the other way round
  CHECK_THROWS_AS(functional::add_rows(row, a), Error);
  CHECK_THROWS_AS(functional::add_rows(row, square.transpose()), Error);
}
#endif
