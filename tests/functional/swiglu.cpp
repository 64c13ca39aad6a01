#include "damla/functional/swiglu.hpp"

#include "damla/core/error.hpp"
#include "helpers/blocks.hpp"

using namespace damla;

namespace {
void check_both_texts(const Matrix& gate, const Matrix& up, const Matrix& dy) {
  const Index N = gate.rows(), inner = gate.cols();
  Exact y(N, inner), dgate = y, dup = y;
  functional::swiglu<double>(y, exact(gate), exact(up));
  functional::swiglu_backward<double>(dgate, dup, exact(gate), exact(up), exact(dy));

  Block from(gate), y_(N, inner), dgate_ = y_, dup_ = y_, as_gate(gate), as_up(up);
  functional::swiglu(y_.inner(), from.inner(), up);
  functional::swiglu(as_gate.inner(), as_gate.inner(), up);
  functional::swiglu(as_up.inner(), gate, as_up.inner());
  functional::swiglu_backward(dgate_.inner(), dup_.inner(), from.inner(), up, dy);
  CHECK(distance(y_.inner(), y) < rounding);
  CHECK(distance(dgate_.inner(), dgate) < rounding);
  CHECK(distance(dup_.inner(), dup) < rounding);
  CHECK(distance(as_gate.inner(), y) < rounding);
  CHECK(distance(as_up.inner(), y) < rounding);
  CHECK(margins_kept(from, y_, dgate_, dup_, as_gate, as_up));
}
}  // namespace

TEST_CASE("SwiGLU: the compiled text says what the formula says", "[functional]") {
  for_each_shape([](Index N, Index inner, Random& random) {
    check_both_texts(normal_matrix(N, inner, random, 3), normal_matrix(N, inner, random),
                     normal_matrix(N, inner, random));
  });
  Random random(1);
  const Matrix up = normal_matrix(6, 33, random), dy = normal_matrix(6, 33, random);
  check_both_texts(hard_rows(33), up, dy);
}

TEST_CASE("SwiGLU by hand", "[functional]") {
  Exact y(1, 3);
  const Exact gate = (Exact(1, 3) << 0, std::log(3), -std::log(3)).finished(),
              up = (Exact(1, 3) << 5, 4, 8).finished();
  functional::swiglu<double>(y, gate, up);  // σ(ln 3) = 3/4 and σ(−ln 3) = 1/4
  CHECK(y.isApprox((Exact(1, 3) << 0, 3 * std::log(3), -2 * std::log(3)).finished()));
}

#ifndef DAMLA_STEP
TEST_CASE("SwiGLU refuses shapes that do not fit", "[functional]") {
  const Matrix x = Matrix::Zero(3, 4), other = Matrix::Zero(4, 3);
  Matrix a = x, b = x, wrong = other;
  CHECK_THROWS_AS(functional::swiglu(wrong, x, x), Error);
  CHECK_THROWS_AS(functional::swiglu(a, x, other), Error);
  CHECK_THROWS_AS(functional::swiglu_backward(a, wrong, x, x, x), Error);
  CHECK_THROWS_AS(functional::swiglu_backward(a, b, x, x, other), Error);
}
#endif
