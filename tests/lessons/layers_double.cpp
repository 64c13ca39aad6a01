#include "06_gpt_block/without.hpp"
#include "07_next_word/lstm.hpp"
#include "damla/check/gradient.hpp"
#include "damla/nn/loss.hpp"
#include "helpers/catch.hpp"
#include "helpers/random_data.hpp"

// The layers that lessons bring along.
using namespace damla;

namespace {
template <class Model>
void check_model(Index layers) {
  CAPTURE(layers);
  Random random(1);
  Model model({.vocab_size = 7, .context = 5, .channels = 8, .heads = 2, .layers = layers}, random);
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
template <class Model>
Index numbers(GptOptions size) {
  Random random(1);
  Model model(size, random);
  return parameter_count(model);
}
}  // namespace

TEST_CASE("a GPT with a part taken away still has the right gradients", "[lessons]") {
  check_model<Gpt<TransformerBlock<>, NoPositions>>(2);
  check_model<Gpt<NoSums>>(2);
  check_model<Gpt<TransformerBlock<MultiHeadAttention, NoNorm>>>(2);
  check_model<Gpt<TransformerBlock<MultiHeadAttention, LayerNorm, NoFeedForward>>>(2);
}

TEST_CASE("what is taken away is gone", "[lessons]") {
  const GptOptions size{.vocab_size = 7, .context = 5, .channels = 8, .heads = 2, .layers = 3};
  const Index whole = numbers<Gpt<>>(size), C = 8;
  CHECK(whole - numbers<Gpt<TransformerBlock<>, NoPositions>>(size) == 5 * C);
  CHECK(whole == numbers<Gpt<NoSums>>(size));
  CHECK(whole - numbers<Gpt<TransformerBlock<MultiHeadAttention, NoNorm>>>(size) ==
        (2 * 3 + 1) * 2 * C);
  CHECK(whole -
            numbers<Gpt<TransformerBlock<MultiHeadAttention, LayerNorm, NoFeedForward>>>(size) ==
        3 * (8 * C * C + 5 * C));

  // Without sums nothing of a block's x is left when attention says nothing.
  Random random(2);
  NoSums block({.channels = 8, .heads = 2}, random);
  block.attention.projection.weight.value.setZero();
  const Matrix one = block.forward(normal_matrix(5, 8, random), 5);
  const Matrix other = block.forward(normal_matrix(5, 8, random), 5);
  CHECK((one - other).cwiseAbs().maxCoeff() == 0);
}

TEST_CASE("an LSTM's gradients are right", "[lessons]") {
  check_model<LstmModel>(1);
  check_model<LstmModel>(2);
}

TEST_CASE("an LSTM reads on: a word's result depends on the words before it, and on no later one",
          "[lessons]") {
  Random random(3);
  Lstm lstm({.channels = 4}, random);
  Matrix x = normal_matrix(12, 4, random);  // two texts of six words
  const Matrix before = lstm.forward(x, 6);
  x.row(2).setConstant(3);  // in the first text, the third word
  const Matrix after = lstm.forward(x, 6);
  const auto change = (after - before).rowwise().norm().eval();
  for (Index n = 0; n < 12; ++n) {
    CAPTURE(n);
    if (n >= 2 && n < 6) CHECK(change(n) > 1e-6);
    else CHECK(change(n) == 0);
  }
}
