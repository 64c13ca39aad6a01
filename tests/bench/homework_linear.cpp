// A homework that trains a linear classifier. Its compile time is measured.
#include <fmt/core.h>

#include "damla/models/linear_model.hpp"
#include "damla/nn/loss.hpp"
#include "damla/optim/sgd.hpp"

using namespace damla;

int main() {
  Random random(1);
  Matrix x(100, 2);
  random.fill_normal(x, 1);
  Tokens classes(100);
  for (Index n = 0; n < 100; ++n) classes[static_cast<std::size_t>(n)] = x(n, 0) > x(n, 1) ? 1 : 0;
  LinearModel model(2, 2);
  CrossEntropy loss;
  Sgd sgd;
  sgd.learning_rate = 1;
  for (int step = 0; step < 100; ++step) {
    loss.forward(model.forward(x), classes);
    zero_gradients(model);
    model.backward(x, loss.backward(model.y, classes));
    sgd.step(model);
  }
  fmt::print("loss {:.3f}\n", loss.loss);
}
