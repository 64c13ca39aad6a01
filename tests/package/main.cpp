// A homework: which of two numbers is larger?
#include <damla/damla.hpp>
using namespace damla;

int main() {
  Matrix x(100, 2);
  Random(1).fill_normal(x, 1);
  Tokens larger;
  for (Index n = 0; n < 100; ++n) larger.push_back(x(n, 1) > x(n, 0) ? 1 : 0);
  SoftmaxClassifier model(2, 2);
  Sgd sgd;
  sgd.learning_rate = 1;
  double loss = 0;
  for (int step = 0; step < 100; ++step) {
    loss = model.loss(x, larger);
    zero_gradients(model);
    model.loss_backward(x, larger);
    sgd.step(model);
  }
  return loss < 0.1 ? 0 : 1;
}
