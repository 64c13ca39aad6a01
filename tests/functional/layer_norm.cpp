#include "damla/functional/layer_norm.hpp"

#include "damla/core/error.hpp"
#include "helpers/blocks.hpp"

using namespace damla;

namespace {
void check_both_texts(const Matrix& x, const Matrix& dy, Random& random) {
  const Index N = x.rows(), C = x.cols();
  const Matrix weight = normal_matrix(1, C, random), bias = normal_matrix(1, C, random);
  const Matrix before = normal_matrix(1, C, random);
  const Scalar epsilon = Scalar(1e-2);
  Exact y(N, C), xhat(N, C), rstd(N, 1), dx(N, C), dweight = exact(before), dbias = dweight;
  functional::layer_norm<double>(y, xhat, rstd, exact(x), exact(weight), exact(bias), epsilon);
  functional::layer_norm_backward<double>(dx, xhat, rstd, exact(weight), exact(dy));
  functional::layer_norm_backward_parameters<double>(dweight, dbias, xhat, exact(dy));

  Block y_(N, C), xhat_(N, C), rstd_(N, 1), dx_(N, C), same(dy), dweight_(before), dbias_(before);
  functional::layer_norm(y_.inner(), xhat_.inner(), rstd_.inner(), Block(x).inner(), weight, bias,
                         epsilon);
  functional::layer_norm_backward(dx_.inner(), xhat_.inner(), rstd_.inner(), weight, dy);
  functional::layer_norm_backward(same.inner(), xhat_.inner(), rstd_.inner(), weight, same.inner());
  functional::layer_norm_backward_parameters(dweight_.inner(), dbias_.inner(), xhat_.inner(), dy);
  CHECK(distance(y_.inner(), y) < rounding);
  CHECK(distance(xhat_.inner(), xhat) < rounding);
  CHECK(distance(rstd_.inner(), rstd) < rounding);
  CHECK(distance(dx_.inner(), dx) < rounding);
  CHECK(same.inner() == dx_.inner());
  CHECK(distance(dweight_.inner(), dweight) < rounding_of_sum(N));
  CHECK(distance(dbias_.inner(), dbias) < rounding_of_sum(N));
  CHECK(margins_kept(y_, xhat_, rstd_, dx_, same, dweight_, dbias_));
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
  Exact y(1, 2), xhat(1, 2), rstd(1, 1);
  const Exact x = (Exact(1, 2) << 1, 5).finished(), weight = (Exact(1, 2) << 10, 20).finished(),
              bias = (Exact(1, 2) << 3, 4).finished();
  functional::layer_norm<double>(y, xhat, rstd, x, weight, bias, 0);
  CHECK(xhat.isApprox((Exact(1, 2) << -1, 1).finished()));
  CHECK(rstd(0, 0) == Approx(0.5));
  CHECK(y.isApprox((Exact(1, 2) << -7, 24).finished()));

  const Index C = 33;
  const Matrix row = Matrix::Constant(1, C, Scalar(1234.567)), ones = Matrix::Ones(1, C),
               zeros = Matrix::Zero(1, C);
  Matrix out(1, C), hat(1, C), one(1, 1);
  functional::layer_norm(out, hat, one, row, ones, zeros, Scalar(1e-5));
  CHECK(static_cast<double>(out.cwiseAbs().maxCoeff()) < 1e-9);  // 1/√ε enlarges each rounding
}

#ifndef DAMLA_STEP
TEST_CASE("layer norm refuses shapes that do not fit", "[functional]") {
  const Matrix x = Matrix::Zero(3, 4);
  Matrix a = x, hat = x, b = Matrix::Zero(4, 3), row = Matrix::Zero(1, 4),
         narrow = Matrix::Zero(1, 3), column = Matrix::Zero(3, 1), wide = row;
  const auto forward = [&](Matrix& y, Matrix& rstd, Matrix& weight, Matrix& bias) {
    functional::layer_norm(y, hat, rstd, x, weight, bias, 1);
  };
  CHECK_NOTHROW(forward(a, column, row, row));
  CHECK_THROWS_AS(forward(b, column, row, row), Error);
  CHECK_THROWS_AS(forward(a, wide, row, row), Error);
  CHECK_THROWS_AS(forward(a, column, narrow, row), Error);
  CHECK_THROWS_AS(forward(a, column, row, narrow), Error);
  CHECK_THROWS_AS(functional::layer_norm_backward(b, x, column, row, x), Error);
  CHECK_THROWS_AS(functional::layer_norm_backward(a, x, row, row, x), Error);
  CHECK_THROWS_AS(functional::layer_norm_backward(a, x, column, narrow, x), Error);
  CHECK_THROWS_AS(functional::layer_norm_backward_parameters(narrow, row, x, x), Error);
  CHECK_THROWS_AS(functional::layer_norm_backward_parameters(row, narrow, x, x), Error);
}
#endif
