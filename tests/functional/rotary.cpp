#include "damla/functional/rotary.hpp"

#include "damla/core/error.hpp"
#include "helpers/blocks.hpp"

using namespace damla;
using functional::RotaryPairs;

TEST_CASE("rotary: the compiled text says what the formula says", "[functional]") {
  for_each_shape([](Index T, Index half, Random& random) {
    for (const RotaryPairs pairs : {RotaryPairs::halves, RotaryPairs::neighbours}) {
      const Matrix angles = normal_matrix(T, half, random, 3), cosine = angles.array().cos(),
                   sine = angles.array().sin(), x = normal_matrix(T, 3 * 2 * half, random);
      Exact y(x.rows(), x.cols()), back = y;
      functional::rotate<double>(y, exact(x), exact(cosine), exact(sine), pairs);
      functional::rotate_backward<double>(back, exact(cosine), exact(sine), exact(x), pairs);

      Block from(x), y_(x.rows(), x.cols()), back_ = y_, same(x), same_back(x);
      functional::rotate(y_.inner(), from.inner(), cosine, sine, pairs);
      functional::rotate_backward(back_.inner(), cosine, sine, from.inner(), pairs);
      functional::rotate(same.inner(), same.inner(), cosine, sine, pairs);
      functional::rotate_backward(same_back.inner(), cosine, sine, same_back.inner(), pairs);
      CHECK(distance(y_.inner(), y) < rounding);
      CHECK(distance(back_.inner(), back) < rounding);
      CHECK(same.inner() == y_.inner());
      CHECK(same_back.inner() == back_.inner());
      CHECK(margins_kept(from, y_, back_, same, same_back));
    }
  });
}

TEST_CASE("rotary by hand: a quarter turn of each pair, in both conventions", "[functional]") {
  // Two heads of 4 numbers. The first pair turns by 90°, the second by 180°.
  const Exact x = (Exact(1, 8) << 1, 2, 3, 4, 10, 20, 30, 40).finished();
  const Exact cosine = (Exact(1, 2) << 0, -1).finished(), sine = (Exact(1, 2) << 1, 0).finished();
  Exact y(1, 8);
  functional::rotate<double>(y, x, cosine, sine, RotaryPairs::halves);  // (1, 3) and (2, 4)
  CHECK(y.isApprox((Exact(1, 8) << -3, -2, 1, -4, -30, -20, 10, -40).finished()));
  functional::rotate<double>(y, x, cosine, sine, RotaryPairs::neighbours);  // (1, 2) and (3, 4)
  CHECK(y.isApprox((Exact(1, 8) << -2, 1, -3, -4, -20, 10, -30, -40).finished()));
}

#ifndef DAMLA_STEP
TEST_CASE("rotary refuses shapes that do not fit", "[functional]") {
  const Matrix x = Matrix::Zero(3, 8), angles = Matrix::Zero(3, 2), few = Matrix::Zero(2, 2),
               odd = Matrix::Zero(3, 3), none(3, 0);
  Matrix y = x, narrow = Matrix::Zero(3, 4);
  const auto pairs = RotaryPairs::halves;
  CHECK_NOTHROW(functional::rotate(y, x, angles, angles, pairs));
  CHECK_THROWS_AS(functional::rotate(narrow, x, angles, angles, pairs), Error);
  CHECK_THROWS_AS(functional::rotate(y, x, few, few, pairs), Error);
  CHECK_THROWS_AS(functional::rotate(y, x, angles, odd, pairs), Error);
  CHECK_THROWS_AS(functional::rotate(y, x, odd, odd, pairs), Error);
  CHECK_THROWS_AS(functional::rotate(y, x, none, none, pairs), Error);
  CHECK_THROWS_AS(functional::rotate_backward(y, odd, odd, x, pairs), Error);
  CHECK_THROWS_AS(functional::rotate_backward(y, angles, few, x, pairs), Error);
}
#endif
