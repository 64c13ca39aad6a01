#include "damla/nn/loss.hpp"

#include <cmath>

#include "damla/align/dpo.hpp"
#include "damla/align/policy_gradient.hpp"
#include "damla/align/reward_model.hpp"
#include "damla/core/error.hpp"
#include "damla/functional/cross_entropy.hpp"
#include "helpers/catch.hpp"
#include "helpers/error_says.hpp"

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
  const Scalar infinity = std::numeric_limits<Scalar>::infinity();
  CHECK(binary.forward(Matrix::Constant(1, 1, infinity), Tokens{1}) == 0);
  CHECK(binary.forward(Matrix::Constant(1, 1, infinity), Tokens{0}) ==
        std::numeric_limits<double>::infinity());
  CHECK(std::isnan(binary.forward(Matrix::Constant(1, 1, infinity - infinity), Tokens{0})));
  binary.forward(sure, Tokens{0, 1});
  CHECK_THROWS_AS(binary.backward(sure, Tokens{1}), Error);
  CHECK_THROWS_AS(binary.forward(Matrix(0, 1), Tokens{}), Error);
  CHECK_THROWS_AS(SquaredError().forward(Matrix(0, 1), Matrix(0, 1)), Error);
}

TEST_CASE("losses refuse logits without a class, and a backward of other targets than forward's",
          "[nn]") {
  const Matrix logits = Matrix::Zero(2, 3);
  const Tokens none(2, ignored), one{1, ignored}, both{1, 2};
  CrossEntropy loss;
  CHECK(error_says([&] { loss.forward(Matrix(2, 0), none); }, {"logits is 2×0", "class"}));
  CHECK(error_says([&] { token_losses(Matrix(2, 0), none); }, {"logits is 2×0"}));
  CHECK(error_says([&] { loss.forward(logits, none); }, {"every target is ignored"}));
  CHECK_THROWS_AS(loss.backward(logits, both), Error);  // before any forward
  loss.forward(logits, both);
  CHECK(error_says([&] { loss.backward(logits, one); }, {"1 targets count", "2 did"}));
  CHECK(error_says([&] { loss.backward(logits, none); }, {"0 targets count"}));

  BinaryCrossEntropy binary;
  const Matrix scores = Matrix::Zero(2, 1);
  CHECK_THROWS_AS(binary.backward(scores, Tokens{0, 1}), Error);
  binary.forward(scores, Tokens{0, 1});
  CHECK(error_says([&] { binary.backward(scores, Tokens{0, 7}); }, {"target 1 is 7"}));
  CHECK(error_says([] { SquaredError().forward(Matrix(2, 0), Matrix(2, 0)); }, {"2×0"}));
  CHECK(error_says([] { SquaredError().backward(Matrix(0, 2), Matrix(0, 2)); }, {"0×2"}));
}

// Of 10 rows, 1 and 9 in parts: each part's mean counts as much as it has rows.
TEST_CASE("gradients of a batch in parts, weighed by `counted`, are those of the whole", "[nn]") {
  Matrix logits(10, 3);
  for (Index i = 0; i < logits.size(); ++i) logits.data()[i] = static_cast<Scalar>(i % 7) / 3;
  const Tokens targets(10, 1);
  CrossEntropy whole, part;
  whole.forward(logits, targets);
  const Matrix expected = whole.backward(logits, targets);
  Matrix found(10, 3);
  for (const auto& [first, rows] : {std::pair<Index, Index>{0, 1}, {1, 9}}) {
    const Matrix x = logits.middleRows(first, rows);
    const TokenSpan t = TokenSpan(targets).first(static_cast<std::size_t>(rows));
    part.forward(x, t);
    found.middleRows(first, rows) =
        part.backward(x, t) * static_cast<Scalar>(part.counted) / Scalar(10);
  }
  CHECK(found.isApprox(expected, Scalar(1e-5)));
}

TEST_CASE("a second backward gives what the first gave", "[nn]") {
  const Matrix logits = Matrix::Random(3, 4);
  const Tokens targets{1, ignored, 3};
  CrossEntropy loss;
  loss.forward(logits, targets);
  const Matrix first = loss.backward(logits, targets);
  CHECK(loss.backward(logits, targets).isApprox(first, Scalar(1e-6)));
}

TEST_CASE("logits that are replaced by their gradient give the same loss and gradient", "[nn]") {
  Matrix logits = 5 * Matrix::Random(3, 40);
  const Tokens targets{1, ignored, 39};
  CrossEntropy apart, in_place;
  const double loss = apart.forward(logits, targets);
  const Matrix dx = apart.backward(logits, targets);
  const Matrix before = logits;
  CHECK(in_place.replace_by_gradient(logits, targets) == loss);
  CHECK(in_place.losses == apart.losses);
  CHECK(logits == dx);
  logits = before;
  const Tokens none(3, ignored);
  CHECK(error_says([&] { in_place.replace_by_gradient(logits, none); },
                   {"CrossEntropy::replace_by_gradient", "ignored"}));
  const Tokens outside{0, 40, 1};
  CHECK(error_says([&] { in_place.replace_by_gradient(logits, outside); }, {"target 1 is 40"}));
  CHECK(logits == before);
  apart.replace_by_gradient(logits, targets);
  CHECK(error_says([&] { apart.backward(logits, targets); }, {"CrossEntropy::backward"}));
}

TEST_CASE("a large vocabulary goes row by row, and gives what all rows at once give", "[nn]") {
  const Matrix logits = Matrix::Random(3, 1 << 20);
  const Tokens targets{7, ignored, (1 << 20) - 1};
  Matrix expected(3, logits.cols());
  std::vector<double> losses(3);
  functional::cross_entropy(expected, losses, logits, targets);
  functional::cross_entropy_backward(expected, expected, targets, Scalar(0.5));
  CrossEntropy loss;
  loss.forward(logits, targets);
  CHECK(loss.losses == losses);
  CHECK(loss.backward(logits, targets) == expected);
}

TEST_CASE("a loss refuses logits that lie in what it overwrites", "[nn]") {
  const auto refuses = [](auto call) { return error_says(call, {"shares memory with"}); };
  const Matrix logits = Matrix::Random(4, 3), column = Matrix::Random(4, 1);
  const Tokens targets{0, 1, 2, 0};
  CrossEntropy loss;
  loss.forward(logits, targets), loss.backward(logits, targets);
  CHECK(refuses([&] { loss.forward(loss.dx.topRows(2), Tokens{0, 1}); }));
  CHECK(refuses([&] { loss.backward(loss.dx, targets); }));
  BinaryCrossEntropy binary;
  const Tokens yes{1, 1, 0, 1};
  binary.forward(column, yes), binary.backward(column, yes);
  CHECK(refuses([&] { binary.forward(binary.probabilities, yes); }));
  CHECK(refuses([&] { binary.backward(binary.dx, yes); }));
  SquaredError error;
  error.backward(logits, logits);
  CHECK(refuses([&] { error.backward(error.dx.topRows(1), logits.topRows(1)); }));
  CHECK(refuses([&] { error.backward(logits, error.dx); }));
  PolicyGradient policy;
  policy.forward(logits, targets, {1, 1, 1, 1}), policy.backward(logits, targets);
  CHECK(refuses([&] { policy.forward(policy.probabilities, targets, {1, 1, 1, 1}); }));
  CHECK(refuses([&] { policy.backward(policy.dx, targets); }));
  DpoLoss dpo;
  dpo.forward(logits, targets, 2, {-1, -1}), dpo.backward(logits, targets, 2);
  CHECK(refuses([&] { dpo.forward(dpo.probabilities, targets, 2, {-1, -1}); }));
  CHECK(refuses([&] { dpo.backward(dpo.dx, targets, 2); }));
  PreferenceLoss preference;
  preference.forward(column);
  CHECK(refuses([&] { preference.forward(preference.dx.topRows(2)); }));
}
