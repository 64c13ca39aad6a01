#include "damla/optim/sgd.hpp"

#include "helpers/catch.hpp"

using namespace damla;

namespace {
struct Point {
  Parameter at{1, 1};
  void visit_parameters(auto&& visit) { visit("at", at); }
};
}  // namespace

TEST_CASE("momentum that is switched on later begins with that step's gradient", "[optim]") {
  Point point;
  point.at.grad().setOnes();
  Sgd optimizer{.learning_rate = Scalar(0.5)};
  optimizer.step(point);
  CHECK(point.at.value(0, 0) == Scalar(-0.5));
  optimizer.momentum = Scalar(0.5);
  optimizer.step(point);  // velocity 1
  CHECK(point.at.value(0, 0) == Scalar(-1));
  optimizer.step(point);  // velocity 1.5
  CHECK(point.at.value(0, 0) == Scalar(-1.75));
}
