#include "damla/functional/layer_norm.hpp"

#include <cmath>
#include <vector>

#include "damla/core/error.hpp"
#include "helpers/blocks.hpp"

using namespace damla;

namespace {
/// How far the numbers are from the expected ones, in relation to their size.
double relative_distance(const std::vector<double>& numbers, const std::vector<double>& expected) {
  REQUIRE(numbers.size() == expected.size());
  double most = 0;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const double d = std::abs(numbers[i] - expected[i]) / std::abs(expected[i]);
    if (!(d <= most)) most = d;  // NaN counts
  }
  return most;
}

void check_both_texts(const Matrix& x, const Matrix& dy, Random& random) {
  const Index N = x.rows(), C = x.cols();
  const Matrix weight = normal_matrix(1, C, random), bias = normal_matrix(1, C, random);
  const Matrix before = normal_matrix(1, C, random);
  const Scalar epsilon = Scalar(1e-2);
  std::vector<double> mean(static_cast<std::size_t>(N)), rstd = mean, mean_ = mean, rstd_ = mean;
  Exact y(N, C), dx(N, C), dweight = exact(before), dbias = dweight;
  functional::layer_norm<double>(y, mean, rstd, exact(x), exact(weight), exact(bias), epsilon);
  functional::layer_norm_backward<double>(dx, exact(x), mean, rstd, exact(weight), exact(dy));
  functional::layer_norm_backward_parameters<double>(dweight, dbias, exact(x), mean, rstd,
                                                     exact(dy));

  Block y_(N, C), x_(x), dx_(N, C), same(dy), dweight_(before), dbias_(before);
  functional::layer_norm(y_.inner(), mean_, rstd_, x_.inner(), weight, bias, epsilon);
  functional::layer_norm_backward(dx_.inner(), x_.inner(), mean_, rstd_, weight, dy);
  functional::layer_norm_backward(same.inner(), x_.inner(), mean_, rstd_, weight, same.inner());
  functional::layer_norm_backward_parameters(dweight_.inner(), dbias_.inner(), x_.inner(), mean_,
                                             rstd_, dy);
  CHECK(distance(y_.inner(), y) < rounding);
  CHECK(relative_distance(mean_, mean) < 1e-9);
  CHECK(relative_distance(rstd_, rstd) < 1e-9);
  CHECK(distance(dx_.inner(), dx) < rounding);
  CHECK(same.inner() == dx_.inner());
  CHECK(distance(dweight_.inner(), dweight) < rounding_of_sum(N));
  CHECK(distance(dbias_.inner(), dbias) < rounding_of_sum(N));
  CHECK(margins_kept(y_, x_, dx_, same, dweight_, dbias_));
}
}  // namespace

TEST_CASE("layer norm: the compiled text says what the formula says", "[functional]") {
  for_each_shape([](Index N, Index C, Random& random) {
    check_both_texts(normal_matrix(N, C, random), normal_matrix(N, C, random), random);
  });
  Random random(1);
  const Matrix dy = normal_matrix(5, 33, random);
  check_both_texts(normal_matrix(5, 33, random, 1e15), dy, random);
  check_both_texts(Matrix::Constant(5, 33, 2), dy, random);
}

TEST_CASE("layer norm by hand, and a constant row has nothing but its bias", "[functional]") {
  Exact y(1, 2);
  std::vector<double> mean(1), rstd(1);
  const Exact x = (Exact(1, 2) << 1, 5).finished(), weight = (Exact(1, 2) << 10, 20).finished(),
              bias = (Exact(1, 2) << 3, 4).finished();
  functional::layer_norm<double>(y, mean, rstd, x, weight, bias, 0);
  CHECK(mean[0] == Approx(3));
  CHECK(rstd[0] == Approx(0.5));
  CHECK(y.isApprox((Exact(1, 2) << -7, 24).finished()));

  const Index C = 33;
  const Matrix row = Matrix::Constant(1, C, Scalar(1234.567)), ones = Matrix::Ones(1, C),
               zeros = Matrix::Zero(1, C);
  Matrix out(1, C);
  functional::layer_norm(out, mean, rstd, row, ones, zeros, Scalar(1e-5));
  CHECK(static_cast<double>(out.cwiseAbs().maxCoeff()) < 1e-9);  // 1/√ε enlarges each rounding
}

#ifndef DAMLA_STEP
TEST_CASE("layer norm refuses shapes that do not fit", "[functional]") {
  const Matrix x = Matrix::Zero(3, 4);
  Matrix a = x, b = Matrix::Zero(4, 3), row = Matrix::Zero(1, 4), narrow = Matrix::Zero(1, 3);
  std::vector<double> mean(3), rstd(3), few(2);
  namespace f = functional;
  CHECK_NOTHROW(f::layer_norm(a, mean, rstd, x, row, row, 1));
  CHECK_THROWS_AS(f::layer_norm(b, mean, rstd, x, row, row, 1), Error);
  CHECK_THROWS_AS(f::layer_norm(a, few, rstd, x, row, row, 1), Error);
  CHECK_THROWS_AS(f::layer_norm(a, mean, few, x, row, row, 1), Error);
  CHECK_THROWS_AS(f::layer_norm(a, mean, rstd, x, narrow, row, 1), Error);
  CHECK_THROWS_AS(f::layer_norm(a, mean, rstd, x, row, narrow, 1), Error);
  CHECK_NOTHROW(f::layer_norm_backward(a, x, mean, rstd, row, x));
  CHECK_THROWS_AS(f::layer_norm_backward(b, x, mean, rstd, row, x), Error);
  CHECK_THROWS_AS(f::layer_norm_backward(a, x, few, rstd, row, x), Error);
  CHECK_THROWS_AS(f::layer_norm_backward(a, x, mean, few, row, x), Error);
  CHECK_THROWS_AS(f::layer_norm_backward(a, x, mean, rstd, narrow, x), Error);
  Matrix other = row;
  CHECK_NOTHROW(f::layer_norm_backward_parameters(row, other, x, mean, rstd, x));
  CHECK_THROWS_AS(f::layer_norm_backward_parameters(narrow, row, x, mean, rstd, x), Error);
  CHECK_THROWS_AS(f::layer_norm_backward_parameters(row, narrow, x, mean, rstd, x), Error);
  CHECK_THROWS_AS(f::layer_norm_backward_parameters(row, other, x, few, rstd, x), Error);
  CHECK_THROWS_AS(f::layer_norm_backward_parameters(row, other, x, mean, few, x), Error);
}
#endif
