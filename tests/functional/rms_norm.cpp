#include "damla/functional/rms_norm.hpp"

#include "damla/core/error.hpp"
#include "helpers/blocks.hpp"

using namespace damla;

namespace {
void check_both_rms_norms(const Matrix& x, const Matrix& dy, Random& random) {
  const Index N = x.rows(), C = x.cols();
  const Matrix weight = normal_matrix(1, C, random), before = normal_matrix(1, C, random);
  const Scalar epsilon = Scalar(1e-2);
  Exact y(N, C), rstd(N, 1), dx(N, C), dweight = exact(before);
  functional::rms_norm<double>(y, rstd, exact(x), exact(weight), epsilon);
  functional::rms_norm_backward<double>(dx, rstd, exact(x), exact(weight), exact(dy));
  functional::rms_norm_backward_parameters<double>(dweight, rstd, exact(x), exact(dy));

  Block from(x), y_(N, C), rstd_(N, 1), dx_(N, C), same(dy), dweight_(before);
  functional::rms_norm(y_.inner(), rstd_.inner(), from.inner(), weight, epsilon);
  functional::rms_norm_backward(dx_.inner(), rstd_.inner(), from.inner(), weight, dy);
  functional::rms_norm_backward(same.inner(), rstd_.inner(), from.inner(), weight, same.inner());
  functional::rms_norm_backward_parameters(dweight_.inner(), rstd_.inner(), from.inner(), dy);
  CHECK(distance(y_.inner(), y) < rounding);
  CHECK(distance(rstd_.inner(), rstd) < rounding);
  CHECK(distance(dx_.inner(), dx) < rounding);
  CHECK(same.inner() == dx_.inner());
  CHECK(distance(dweight_.inner(), dweight) < rounding_of_sum(N));
  CHECK(margins_kept(from, y_, rstd_, dx_, same, dweight_));
}
}  // namespace

TEST_CASE("RMS norm: the compiled text says what the formula says", "[functional]") {
  for_each_shape([](Index N, Index C, Random& random) {
    check_both_rms_norms(normal_matrix(N, C, random), normal_matrix(N, C, random), random);
  });
  Random random(1);
  const Matrix dy = normal_matrix(5, 33, random);
  check_both_rms_norms(normal_matrix(5, 33, random, 1e15), dy, random);
  check_both_rms_norms(Matrix::Constant(5, 33, Scalar(1234.567)), dy, random);
  check_both_rms_norms(Matrix::Zero(5, 33), dy, random);
}

TEST_CASE("RMS norm by hand", "[functional]") {
  Exact y(1, 2), rstd(1, 1);
  const Exact x = (Exact(1, 2) << 1, 7).finished(), weight = (Exact(1, 2) << 10, -20).finished();
  functional::rms_norm<double>(y, rstd, x, weight, 0);  // the mean of squares is 25
  CHECK(rstd(0, 0) == Approx(0.2));
  CHECK(y.isApprox((Exact(1, 2) << 2, -28).finished()));
}

#ifndef DAMLA_STEP
TEST_CASE("RMS norm refuses shapes that do not fit", "[functional]") {
  const Matrix x = Matrix::Zero(3, 4);
  Matrix a = x, wide = Matrix::Zero(1, 4), b = Matrix::Zero(4, 3), row = Matrix::Zero(1, 4),
         narrow = Matrix::Zero(1, 3), column = Matrix::Zero(3, 1);
  CHECK_THROWS_AS(functional::rms_norm(b, column, x, row, 1), Error);
  CHECK_THROWS_AS(functional::rms_norm(a, wide, x, row, 1), Error);
  CHECK_THROWS_AS(functional::rms_norm(a, column, x, narrow, 1), Error);
  CHECK_THROWS_AS(functional::rms_norm_backward(a, column, x, row, b), Error);
  CHECK_THROWS_AS(functional::rms_norm_backward(a, column, x, narrow, x), Error);
  CHECK_THROWS_AS(functional::rms_norm_backward_parameters(narrow, column, x, x), Error);
  CHECK_THROWS_AS(functional::rms_norm_backward_parameters(row, wide, x, x), Error);
}
#endif
