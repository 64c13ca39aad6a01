#include "damla/nn/loss.hpp"

#include <cmath>

#include "damla/core/error.hpp"
#include "helpers/catch.hpp"

using namespace damla;

TEST_CASE("the loss of what is all but impossible is what the logits say, not the logarithm of 0",
          "[nn]") {
  const Matrix logits = (Matrix(3, 3) << 0, 100, -50, 0, 0, 0, 7, -80, 0).finished();
  CrossEntropy loss;
  CHECK(loss.forward(logits, Tokens{2, ignored, ignored}) == Approx(150));
  CHECK(loss.forward(logits, Tokens{2, 1, 1}) ==
        Approx((150 + std::log(3) + 87 + std::log1p(std::exp(-7))) / 3));
  const std::vector<double> each = token_losses(logits, Tokens{2, ignored, 1});
  CHECK(each[0] == Approx(150));
  CHECK(each[1] == 0);
  CHECK(each[2] == Approx(87 + std::log1p(std::exp(-7))));

  BinaryCrossEntropy binary;
  const Matrix sure = (Matrix(2, 1) << 200, -200).finished();
  CHECK(binary.forward(sure, Tokens{0, 1}) == Approx(200));
  CHECK(binary.forward(sure, Tokens{1, 0}) == Approx(0).margin(1e-12));
  CHECK_THROWS_AS(binary.backward(sure, Tokens{1}), Error);
  CHECK_THROWS_AS(binary.forward(Matrix(0, 1), Tokens{}), Error);
  CHECK_THROWS_AS(SquaredError().forward(Matrix(0, 1), Matrix(0, 1)), Error);
}
