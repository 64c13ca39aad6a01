#include "damla/functional/softmax.hpp"

#include "damla/core/error.hpp"
#include "helpers/blocks.hpp"

using namespace damla;

namespace {
void check_both_texts(const Matrix& x, const Matrix& dy) {
  Exact p(x.rows(), x.cols()), dx = p;
  functional::softmax<double>(p, exact(x));
  functional::softmax_backward<double>(dx, p, exact(dy));

  Block from(x), y(x.rows(), x.cols()), in_place(x), back(x.rows(), x.cols()), back_in_place(dy);
  functional::softmax(y.inner(), from.inner());
  functional::softmax(in_place.inner(), in_place.inner());
  functional::softmax_backward(back.inner(), y.inner(), Block(dy).inner());
  functional::softmax_backward(back_in_place.inner(), y.inner(), back_in_place.inner());
  CHECK(distance(y.inner(), p) < rounding);
  CHECK(in_place.inner() == y.inner());
  CHECK(distance(back.inner(), dx) < rounding);
  CHECK(back_in_place.inner() == back.inner());
  CHECK(margins_kept(from, y, in_place, back, back_in_place));
}
}  // namespace

TEST_CASE("softmax: the compiled text says what the formula says", "[functional]") {
  for_each_shape([](Index N, Index C, Random& random) {
    check_both_texts(normal_matrix(N, C, random, 5), normal_matrix(N, C, random));
  });
  Random random(1);
  for (const Index C : {1, 2, 33}) check_both_texts(hard_rows(C), normal_matrix(6, C, random));
}

TEST_CASE("softmax of logarithms is proportions, and huge numbers do not overflow",
          "[functional]") {
  Exact x(2, 3), y(2, 3);
  x << 0, std::log(2.0), std::log(3.0), 1e300, -1e300, 1e300;
  functional::softmax<double>(y, x);
  CHECK(y.isApprox((Exact(2, 3) << 1. / 6, 2. / 6, 3. / 6, 0.5, 0, 0.5).finished(), 1e-15));
}

#ifndef DAMLA_STEP
TEST_CASE("softmax refuses shapes that do not fit", "[functional]") {
  const Matrix x = Matrix::Zero(3, 4);
  Matrix a = x, b = Matrix::Zero(4, 3);
  CHECK_THROWS_AS(functional::softmax(a, b), Error);
  CHECK_THROWS_AS(functional::softmax(a, b.transpose()), Error);  // a view the other way round
  CHECK_THROWS_AS(functional::softmax_backward(a, x, b), Error);
  CHECK_THROWS_AS(functional::softmax_backward(a, b, x), Error);
}
#endif
