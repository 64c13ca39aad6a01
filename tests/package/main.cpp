// A homework: which of two numbers is larger?
#include <damla/damla.hpp>
using namespace damla;

int main() {
  Matrix x(100, 2);
  Random(1).fill_normal(x, 1);
  Tokens larger;
  for (Index n = 0; n < 100; ++n) larger.push_back(x(n, 1) > x(n, 0) ? 1 : 0);
  LinearModel model(2, 2);
  CrossEntropy loss;
  Sgd sgd;
  sgd.learning_rate = 1;
  for (int step = 0; step < 100; ++step) {
    loss.forward(model.forward(x), larger);
    zero_gradients(model);
    model.backward(x, loss.backward(model.y, larger));
    sgd.step(model);
  }
  return loss.loss < 0.1 ? 0 : 1;
}
