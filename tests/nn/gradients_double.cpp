#include "damla/check/gradient.hpp"
#include "damla/nn/embedding.hpp"
#include "damla/nn/loss.hpp"
#include "damla/nn/position.hpp"
#include "helpers/layers.hpp"

using namespace damla;

constexpr double tolerance = 1e-6;

TEST_CASE("every layer's backward is the derivative of its forward", "[nn]") {
  for_each_layer([](const std::string& name, auto layer, Index rows, Index cols) {
    DYNAMIC_SECTION(name << " with " << rows << " rows") {
      Random random(21);
      Matrix x = normal_matrix(rows, cols, random);
      x = x.unaryExpr(
          [](Scalar v) { return std::abs(v) < 0.1 ? v + 0.3 : v; });  // away from ReLU's knee
      const Matrix target = normal_matrix(rows, layer.forward(x).cols(), random);
      // loss = Σ y ⊙ target + ½ Σ y²: its dy is not constant
      const auto loss = [&] {
        const Matrix& y = layer.forward(x);
        return y.cwiseProduct(target).sum() + y.squaredNorm() / 2;
      };
      loss();
      const Matrix dy = layer.forward(x) + target;
      const Matrix dx = layer.backward(x, dy);
      const GradientCheck parameters = check_gradients(layer, loss);
      INFO(parameters.where);
      CHECK(parameters.error < tolerance);
      const GradientCheck input = check_input_gradient(x, dx, loss);
      INFO(input.where);
      CHECK(input.error < tolerance);
    }
  });
}

TEST_CASE("a wrong gradient is caught", "[nn]") {
  Random random(2);
  Linear layer(3, 2, random);
  const Matrix x = normal_matrix(4, 3, random);
  const auto loss = [&] { return layer.forward(x).squaredNorm() / 2; };
  const Matrix y = layer.forward(x);
  layer.backward(x, y);
  layer.weight.grad()(1, 1) *= 1.001;
  CHECK(check_gradients(layer, loss).error > 1e-4);
}

TEST_CASE("a gradient check moves by a step over 0", "[nn]") {
  Random random(2);
  Linear layer(3, 2, random);
  for (const double bad : {0.0, -1e-5, std::nan(""), std::numeric_limits<double>::infinity()})
    CHECK_THROWS_WITH(check_gradients(
                          layer, [] { return 0.0; }, bad),
                      Catch::Matchers::ContainsSubstring("step is"));
}

TEST_CASE("Embedding and LearnedPositions add gradients where tokens stood", "[nn]") {
  Random random(3);
  Embedding embedding(5, 3, random);
  LearnedPositions positions(4, 3, random);
  const Tokens tokens{1, 4, 1, 0, 2, 2};
  const Index T = 3;
  const auto loss = [&] {
    Matrix x = embedding.forward(tokens);
    positions.add_to(x, T);
    return x.squaredNorm() / 2;
  };
  loss();
  Matrix x = embedding.y;
  positions.add_to(x, T);
  embedding.backward(tokens, x);
  positions.backward(x, T);
  CHECK(check_gradients(embedding, loss).error < tolerance);
  CHECK(check_gradients(positions, loss).error < tolerance);
  CHECK_THROWS_AS(embedding.forward(Tokens{5}), Error);
  CHECK_THROWS_AS(embedding.forward(Tokens{-1}), Error);
  CHECK_THROWS_AS(
      embedding.backward(Tokens{ignored}, Matrix::Zero(1, embedding.weight.value.cols())), Error);
  for (const Index wrong :
       {Index{0}, Index{4}, x.rows()}) {  // no length, no divisor, over the context
    CAPTURE(wrong);
    CHECK_THROWS_AS(positions.backward(x, wrong), Error);
  }
}

TEST_CASE("the losses' gradients are right, with ignored targets too", "[nn]") {
  Random random(4);
  Matrix logits = normal_matrix(5, 4, random, 2);
  const Tokens targets{0, 3, ignored, 1, 1};
  CrossEntropy cross_entropy;
  cross_entropy.forward(logits, targets);
  const Matrix dx = cross_entropy.backward(logits, targets);
  CHECK(check_input_gradient(logits, dx, [&] {
          return cross_entropy.forward(logits, targets);
        }).error < tolerance);
  CHECK(dx.row(2).isZero());

  Matrix column = normal_matrix(5, 1, random, 2);
  const Tokens yes_no{0, 1, 1, 0, 1};
  BinaryCrossEntropy binary;
  binary.forward(column, yes_no);
  const Matrix dc = binary.backward(column, yes_no);
  CHECK(check_input_gradient(column, dc, [&] { return binary.forward(column, yes_no); }).error <
        tolerance);

  const Matrix goal = normal_matrix(5, 4, random);
  SquaredError squared;
  squared.forward(logits, goal);
  const Matrix ds = squared.backward(logits, goal);
  CHECK(check_input_gradient(logits, ds, [&] { return squared.forward(logits, goal); }).error <
        tolerance);
}

TEST_CASE("cross-entropy equals its definition, and survives extreme logits", "[nn]") {
  const Matrix logits = (Matrix(2, 3) << 1, 2, 3, 1000, 0, -1000).finished();
  CrossEntropy loss;
  CHECK(loss.forward(logits, Tokens{2, 0}) ==
        Approx((std::log(std::exp(1.0) + std::exp(2.0) + std::exp(3.0)) - 3) / 2).epsilon(1e-12));
  CHECK(loss.forward(logits, Tokens{2, 2}) ==
        Approx((std::log(std::exp(1.0) + std::exp(2.0) + std::exp(3.0)) - 3 + 2000) / 2));
  CHECK(token_losses(logits, Tokens{2, 2})[1] == Approx(2000));
  CHECK_THROWS_AS(loss.forward(logits, Tokens{2, 3}), Error);
  CHECK_THROWS_AS(loss.forward(logits, Tokens{ignored, ignored}), Error);
}

TEST_CASE("a gradient that is not finite never passes a gradient check", "[nn]") {
  Random random(5);
  for (const bool all : {false, true}) {
    Linear layer(3, 2, random);
    Matrix x = normal_matrix(4, 3, random);
    const Matrix dy = normal_matrix(4, 2, random);
    const auto loss = [&] { return layer.forward(x).cwiseProduct(dy).sum(); };
    loss();
    Matrix dx = layer.backward(x, dy);
    CHECK(check_gradients(layer, loss).error < tolerance);
    const double nan = std::nan("");
    if (all) layer.weight.grad().setConstant(nan), dx.setConstant(nan);
    else layer.weight.grad()(0, 0) = nan, dx(1, 1) = nan;
    CHECK_FALSE(check_gradients(layer, loss).error < tolerance);
    CHECK_FALSE(check_input_gradient(x, dx, loss).error < tolerance);
  }
}
