#include "15_a_real_model/rounding.hpp"

#include "helpers/catch.hpp"

using namespace damla;

TEST_CASE("lesson 15: a block of 32 numbers is rounded to the steps of its largest", "[lessons]") {
  Matrix w = Matrix::Zero(2, 33);
  w.leftCols(4).row(0) << -1, 0.51f, 0.49f, 0.3f;
  w(0, 32) = 0.3f;  // alone in the second block
  SECTION("2 bits: −max, 0 or max") {
    round_row(w.row(0), 2);
    CHECK(w(0, 0) == -1);
    CHECK(w(0, 1) == 1);
    CHECK(w(0, 2) == 0);
    CHECK(w(0, 3) == 0);
  }
  SECTION("3 bits: thirds of it") {
    round_row(w.row(0), 3);
    CHECK(w(0, 1) == Approx(2.0 / 3));
    CHECK(w(0, 2) == Approx(1.0 / 3));
    CHECK(w(0, 3) == Approx(1.0 / 3));
  }
  CHECK(w(0, 32) == Approx(0.3));
  round_row(w.row(1), 4);  // zeros stay zeros
  CHECK(w.row(1).isZero(0));
}

TEST_CASE("lesson 15: what a rough model costs, in nats a token", "[lessons]") {
  const Tokens tokens{0, 1, 1, 0};
  const SpreadWindows text(tokens, 3, 1);  // 0 1 1, then 1 1 0
  const Matrix even = Matrix::Zero(3, 2);
  Matrix sure = even;
  sure.col(1).setConstant(std::log(Scalar(3)));  // P(1) = 3/4
  const Cost same = cost_of([&](TokenSpan) { return sure; }, [&](TokenSpan) { return sure; }, text);
  CHECK(same.loss == 0);
  CHECK(same.kl == 0);
  // ln ½ − ln ¾ for each of two 1s, ln ½ − ln ¼ for the 0; and ½ ln(½/¾) + ½ ln(½/¼).
  const Cost cost = cost_of([&](TokenSpan) { return even; }, [&](TokenSpan) { return sure; }, text);
  CHECK(cost.loss == Approx((2 * std::log(2.0 / 3) + std::log(2.0)) / 3));
  CHECK(cost.kl == Approx(0.5 * std::log(2.0 / 3) + 0.5 * std::log(2.0)));
}
