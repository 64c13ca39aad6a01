#include "damla/functional/cross_entropy.hpp"

#include <vector>

#include "damla/core/error.hpp"
#include "helpers/blocks.hpp"

using namespace damla;

namespace {
void check_both_texts(const Matrix& logits, const Tokens& targets) {
  const Index N = logits.rows(), V = logits.cols();
  Exact p(N, V), dlogits = p;
  std::vector<double> loss(targets.size(), -1), compiled(targets.size(), -1);
  functional::cross_entropy<double>(p, loss, exact(logits), targets);
  functional::cross_entropy_backward<double>(dlogits, p, targets, 0.25);

  Block q(N, V), back(N, V);
  functional::cross_entropy(q.inner(), compiled, Block(logits).inner(), targets);
  functional::cross_entropy_backward(back.inner(), q.inner(), targets, Scalar(0.25));
  CHECK(distance(q.inner(), p) < rounding);
  CHECK(distance(back.inner(), dlogits) < rounding);
  for (std::size_t n = 0; n < loss.size(); ++n)
    REQUIRE(std::abs(compiled[n] - loss[n]) < rounding * std::max(1.0, loss[n]));
  functional::cross_entropy_backward(q.inner(), q.inner(), targets, Scalar(0.25));
  CHECK(q.inner() == back.inner());
  CHECK(margins_kept(q, back));
}
}  // namespace

TEST_CASE("cross-entropy: the compiled text says what the formula says", "[functional]") {
  for_each_shape([](Index N, Index V, Random& random) {
    Tokens targets = random_tokens(N, V, random);
    for (Token& t : targets)
      if (random.chance(0.3)) t = ignored;
    check_both_texts(normal_matrix(N, V, random, 3), targets);
  });
  Random random(1);
  for (const Index V : {1, 2, 33}) check_both_texts(hard_rows(V), random_tokens(6, V, random));
}

TEST_CASE("cross-entropy by hand: ln V when all is even, and no logarithm of 0", "[functional]") {
  Exact logits(3, 4), p(3, 4);
  logits << 7, 7, 7, 7, 1000, 0, 0, -1000, 1, 2, 3, 4;
  std::vector<double> loss(3);
  functional::cross_entropy<double>(p, loss, logits, Tokens{2, 3, ignored});
  CHECK(loss[0] == Approx(std::log(4.0)).epsilon(1e-14));
  CHECK(loss[1] == Approx(2000).epsilon(1e-14));
  CHECK(loss[2] == 0);
  Exact d(3, 4);
  functional::cross_entropy_backward<double>(d, p, Tokens{2, 3, ignored}, 0.5);
  CHECK(d.row(0).isApprox((Exact(1, 4) << 0.125, 0.125, -0.375, 0.125).finished()));
  CHECK(d.row(2).isZero(0));
}

#ifndef DAMLA_STEP
TEST_CASE("cross-entropy refuses shapes that do not fit", "[functional]") {
  Matrix a = Matrix::Zero(3, 4), b = Matrix::Zero(4, 3);
  std::vector<double> loss(3);
  CHECK_THROWS_AS(functional::cross_entropy(a, loss, b, Tokens{0, 0, 0}), Error);
  CHECK_THROWS_AS(functional::cross_entropy_backward(a, b, Tokens{0, 0, 0}, 1), Error);
  CHECK_THROWS_AS(functional::cross_entropy(a, loss, a, Tokens{0, 0}), Error);
  CHECK_THROWS_AS(functional::cross_entropy_backward(a, a, Tokens{0, 0}, 1), Error);
  loss.resize(2);
  CHECK_THROWS_AS(functional::cross_entropy(a, loss, a, Tokens{0, 0, 0}), Error);
}
#endif
