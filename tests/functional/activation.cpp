#include "damla/functional/activation.hpp"

#include "damla/core/error.hpp"
#include "helpers/blocks.hpp"

using namespace damla;

namespace {
/// An activation and its derivative, by both texts: compiled(y, x) and formula(Y, X), and so on.
void check_both_texts(const Matrix& x, const Matrix& dy, auto compiled, auto formula,
                      auto compiled_backward, auto formula_backward) {
  const Index N = x.rows(), C = x.cols();
  Exact y(N, C), dx(N, C);
  formula(y, exact(x));
  formula_backward(dx, exact(x), y, exact(dy));
  Block from(x), y_(N, C), dx_(N, C), same(dy);
  compiled(y_.inner(), from.inner());
  compiled_backward(dx_.inner(), from.inner(), y_.inner(), Block(dy).inner());
  compiled_backward(same.inner(), from.inner(), y_.inner(), same.inner());
  CHECK(distance(y_.inner(), y) < rounding);
  CHECK(distance(dx_.inner(), dx) < rounding);
  CHECK(same.inner() == dx_.inner());
  CHECK(margins_kept(from, y_, dx_, same));
}

void check_all(const Matrix& x, const Matrix& dy) {
  namespace f = functional;
  INFO("relu");
  check_both_texts(
      x, dy, [](auto y, auto v) { f::relu(y, v); },
      [](auto& y, const auto& v) { f::relu<double>(y, v); },
      [](auto dx, auto v, auto, auto d) { f::relu_backward(dx, v, d); },
      [](auto& dx, const auto& v, const auto&, const auto& d) {
        f::relu_backward<double>(dx, v, d);
      });
  INFO("tanh");
  check_both_texts(
      x, dy, [](auto y, auto v) { f::tanh(y, v); },
      [](auto& y, const auto& v) { f::tanh<double>(y, v); },
      [](auto dx, auto, auto y, auto d) { f::tanh_backward(dx, y, d); },
      [](auto& dx, const auto&, const auto& y, const auto& d) {
        f::tanh_backward<double>(dx, y, d);
      });
  INFO("sigmoid");
  check_both_texts(
      x, dy, [](auto y, auto v) { f::sigmoid(y, v); },
      [](auto& y, const auto& v) { f::sigmoid<double>(y, v); },
      [](auto dx, auto, auto y, auto d) { f::sigmoid_backward(dx, y, d); },
      [](auto& dx, const auto&, const auto& y, const auto& d) {
        f::sigmoid_backward<double>(dx, y, d);
      });
  INFO("gelu");
  check_both_texts(
      x, dy, [](auto y, auto v) { f::gelu(y, v); },
      [](auto& y, const auto& v) { f::gelu<double>(y, v); },
      [](auto dx, auto v, auto y, auto d) { f::gelu_backward(dx, v, y, d); },
      [](auto& dx, const auto& v, const auto& y, const auto& d) {
        f::gelu_backward<double>(dx, v, y, d);
      });
  INFO("exact_gelu");
  check_both_texts(
      x, dy, [](auto y, auto v) { f::exact_gelu(y, v); },
      [](auto& y, const auto& v) { f::exact_gelu<double>(y, v); },
      [](auto dx, auto v, auto, auto d) { f::exact_gelu_backward(dx, v, d); },
      [](auto& dx, const auto& v, const auto&, const auto& d) {
        f::exact_gelu_backward<double>(dx, v, d);
      });
}
}  // namespace

TEST_CASE("activations: the compiled texts say what the formulas say, far out too",
          "[functional]") {
  for_each_shape([](Index N, Index C, Random& random) {
    Matrix x = normal_matrix(N, C, random, 4);
    x(0, 0) = 50, x(N - 1, C - 1) = -50, x(N / 2, 0) = 0, x(0, C / 2) = Scalar(-1e-30);
    check_all(x, normal_matrix(N, C, random));
  });
  Random random(1);
  const Exact far = (Exact(1, 6) << 1e4, -1e4, 1234.567, -1234.567, 1e15, -1e15).finished();
  check_all(far.cast<Scalar>(), normal_matrix(1, 6, random));
}

TEST_CASE("activations by hand", "[functional]") {
  const Exact x = (Exact(1, 4) << -1, 0, 1, 3).finished();
  Exact y(1, 4);
  const auto row = [](double a, double b, double c, double d) {
    return (Exact(1, 4) << a, b, c, d).finished();
  };
  functional::relu<double>(y, x);
  CHECK(y == row(0, 0, 1, 3));
  functional::tanh<double>(y, x);
  CHECK(y.isApprox(row(-std::tanh(1.0), 0, std::tanh(1.0), std::tanh(3.0)), 1e-14));
  functional::sigmoid<double>(y, x);
  const double e = std::exp(1.0);
  CHECK(y.isApprox(row(1 / (1 + e), 0.5, e / (1 + e), e * e * e / (1 + e * e * e)), 1e-14));
  // The standard normal's distribution: Φ(1) = 0.8413447, Φ(3) = 0.9986501.
  functional::exact_gelu<double>(y, x);
  CHECK(y.isApprox(row(0.8413447 - 1, 0, 0.8413447, 3 * 0.9986501), 1e-6));
  Exact soft(1, 4);
  functional::gelu<double>(soft, x);
  CHECK((soft - y).cwiseAbs().maxCoeff() < 1e-3);  // an approximation of it
  CHECK((soft - y).cwiseAbs().maxCoeff() > 1e-5);
}

#ifndef DAMLA_STEP
TEST_CASE("activations refuse shapes that do not fit", "[functional]") {
  const Matrix x = Matrix::Zero(3, 4);
  Matrix a = x, b = Matrix::Zero(4, 3);
  CHECK_THROWS_AS(functional::relu(a, b), Error);
  CHECK_THROWS_AS(functional::tanh(a, b), Error);
  CHECK_THROWS_AS(functional::sigmoid_backward(a, x, b), Error);
  CHECK_THROWS_AS(functional::gelu(a, b), Error);
  CHECK_THROWS_AS(functional::gelu_backward(a, x, x, b), Error);
  CHECK_THROWS_AS(functional::exact_gelu_backward(a, b, x), Error);
}
#endif
