#include "damla/check/gradient.hpp"
#include "damla/models/gpt.hpp"
#include "damla/models/softmax_classifier.hpp"
#include "damla/nn/loss.hpp"
#include "damla/nn/rms_norm.hpp"
#include "helpers/catch.hpp"
#include "helpers/random_data.hpp"

using namespace damla;

namespace {
template <class Model>
void check_model() {
  Random random(1);
  Model model({.vocab_size = 7, .context = 5, .channels = 8, .heads = 2, .layers = 1}, random);
  enlarge(model, random);
  const Tokens tokens = random_tokens(10, 7, random), targets = random_tokens(10, 7, random);
  CrossEntropy cross_entropy;
  const auto loss = [&] { return cross_entropy.forward(model.forward(tokens, 5), targets); };
  loss();
  model.backward(tokens, cross_entropy.backward(model.logits, targets), 5);
  const GradientCheck check = check_gradients(model, loss);
  INFO(check.where);
  CHECK(check.error < 1e-6);
}
}  // namespace

TEST_CASE("a GPT's gradients are right with other norms, positions and activations", "[models]") {
  check_model<Gpt<TransformerBlock<>, SinusoidalPositions>>();
  check_model<Gpt<TransformerBlock<MultiHeadAttention, RmsNorm, FeedForward<Tanh>>>>();
}

TEST_CASE("SoftmaxClassifier's gradients are right", "[models]") {
  Random random(2);
  SoftmaxClassifier model(4, 3);
  random.fill_normal(model.linear.weight.value, 1);
  const Matrix x = normal_matrix(6, 4, random);
  const Tokens targets{0, 1, 2, ignored, 1, 0};
  model.loss(x, targets);
  model.loss_backward(x, targets);
  const GradientCheck check = check_gradients(model, [&] { return model.loss(x, targets); });
  INFO(check.where);
  CHECK(check.error < 1e-6);
}
