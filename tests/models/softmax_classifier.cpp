#include "damla/models/softmax_classifier.hpp"

#include <cmath>

#include "damla/optim/adamw.hpp"
#include "helpers/catch.hpp"
#include "helpers/random_data.hpp"

using namespace damla;

TEST_CASE("a new SoftmaxClassifier finds all classes equally likely", "[models]") {
  Random random(1);
  SoftmaxClassifier model(4, 3);
  const Matrix x = normal_matrix(5, 4, random);
  CHECK(model.loss(x, Tokens{0, 1, 2, 1, 0}) == Approx(std::log(3)));
  CHECK(model.probabilities(x).isApprox(Matrix::Constant(5, 3, Scalar(1) / 3)));
  CHECK_THROWS_AS(model.loss(x, Tokens{0, 1, 2, 1, 3}), Error);
  CHECK_THROWS_AS(model.forward(normal_matrix(5, 3, random)), Error);
}

TEST_CASE("SoftmaxClassifier: probabilities sum to 1, and the likeliest class is predicted",
          "[models]") {
  Random random(2);
  SoftmaxClassifier model(4, 3);
  random.fill_normal(model.linear.weight.value, 1);
  random.fill_normal(model.linear.bias.value, 1);
  const Matrix x = normal_matrix(50, 4, random), p = model.probabilities(x);
  const Tokens classes = model.predict(x);
  for (Index n = 0; n < 50; ++n) {
    CHECK(p.row(n).sum() == Approx(1));
    CHECK(p.row(n).minCoeff() > 0);
    CHECK(p(n, classes[static_cast<std::size_t>(n)]) == p.row(n).maxCoeff());
  }
  CHECK(model.loss(x.topRows(1), Tokens{1}) ==
        Approx(-std::log(static_cast<double>(p(0, 1)))).epsilon(1e-5));
}

TEST_CASE("SoftmaxClassifier learns three clouds that lines can part", "[models]") {
  Random random(3);
  Matrix x = normal_matrix(90, 2, random, 0.3);
  Tokens targets(90);
  for (Index n = 0; n < 90; ++n) {
    const auto angle = static_cast<double>(n % 3) * 2.0944;
    x(n, 0) += static_cast<Scalar>(3 * std::cos(angle));
    x(n, 1) += static_cast<Scalar>(3 * std::sin(angle));
    targets[static_cast<std::size_t>(n)] = static_cast<Token>(n % 3);
  }
  SoftmaxClassifier model(2, 3);
  AdamW optimizer{.learning_rate = Scalar(0.1)};
  double loss = 0;
  for (int i = 0; i < 100; ++i) {
    loss = model.loss(x, targets);
    zero_gradients(model);
    model.loss_backward(x, targets);
    optimizer.step(model);
  }
  CHECK(loss < 0.05);
  CHECK(model.predict(x) == targets);
}
