#include "damla/functional/adamw.hpp"

#include "damla/core/error.hpp"
#include "helpers/blocks.hpp"

using namespace damla;

namespace {
functional::AdamWStep step(int t, double grad_scale) {
  const auto s = [](double number) { return static_cast<Scalar>(number); };
  return {.learning_rate = s(0.01),
          .beta1 = s(0.9),
          .beta2 = s(0.95),
          .epsilon = s(1e-8),
          .weight_decay = s(0.1),
          .correction1 = s(1 - std::pow(0.9, t)),
          .correction2 = s(1 - std::pow(0.95, t)),
          .grad_scale = s(grad_scale)};
}
}  // namespace

TEST_CASE("AdamW: the compiled text says what the formula says, over three steps", "[functional]") {
  for_each_shape([](Index N, Index C, Random& random) {
    const Matrix start = normal_matrix(N, C, random), zero = Matrix::Zero(N, C);
    Exact w = exact(start), m = exact(zero), v = m;
    Block w_(start), m_(zero), v_(zero);
    for (int t = 1; t <= 3; ++t) {
      Matrix g = normal_matrix(N, C, random);
      g(0, 0) = 0, g(N - 1, C - 1) = Scalar(1e12);
      functional::adamw<double>(w, m, v, exact(g), step(t, 0.5));
      functional::adamw(w_.inner(), m_.inner(), v_.inner(), Block(g).inner(), step(t, 0.5));
    }
    CHECK(distance(w_.inner(), w) < rounding);
    CHECK(distance(m_.inner(), m) < rounding);
    CHECK(distance(v_.inner(), v) < rounding);
    CHECK(margins_kept(w_, m_, v_));
  });
}

TEST_CASE("AdamW by hand: the first step is the learning rate, whatever the gradient's size",
          "[functional]") {
  Exact w(1, 3), m = Exact::Zero(1, 3), v = m;
  w << 2, 2, 2;
  const Exact g = (Exact(1, 3) << 1e-3, -50, 0).finished();
  functional::AdamWStep s{};
  s.learning_rate = Scalar(0.5), s.beta1 = Scalar(0.5), s.beta2 = Scalar(0.75);
  s.weight_decay = Scalar(0.25), s.grad_scale = 1, s.epsilon = Scalar(1e-30);
  s.correction1 = Scalar(0.5), s.correction2 = Scalar(0.25);
  functional::adamw<double>(w, m, v, g, s);
  // 2 − 0.5·0.25·2 = 1.75, then 0.5 against the gradient's sign.
  CHECK(w.isApprox((Exact(1, 3) << 1.25, 2.25, 1.75).finished(), 1e-12));
  CHECK(m.isApprox(0.5 * g));
  CHECK(v.isApprox(0.25 * g.cwiseAbs2()));
}

#ifndef DAMLA_STEP
TEST_CASE("AdamW refuses shapes that do not fit", "[functional]") {
  Matrix a = Matrix::Zero(3, 4), b = Matrix::Zero(4, 3);
  CHECK_THROWS_AS(functional::adamw(a, a, b, a, step(1, 1)), Error);
  CHECK_THROWS_AS(functional::adamw(a, a, a, b, step(1, 1)), Error);
}
#endif
