// A student's attention, in the place of ours, trains a GPT to the same loss.
#include "damla/models/gpt.hpp"
#include "damla/train/train.hpp"
#include "helpers/catch.hpp"
#include "homework/solutions/2_layer_norm.hpp"
#include "homework/solutions/4_attention.hpp"

using namespace damla;

namespace {
template <class Block>
double trained_loss(std::uint64_t seed) {
  Random random(seed);
  Tokens
      text;  // most words repeat the one three places before: to know that, a token must look back
  for (std::size_t i = 0; i < 3000; ++i)
    text.push_back(i > 2 && random.chance(0.8) ? text[i - 3]
                                               : static_cast<Token>(random.below(11)));
  Gpt<Block> model(
      {.vocab_size = 11, .context = 12, .channels = 16, .heads = 4, .layers = 2, .init_std = 0.2},
      random);
  return train_language_model(model, text, {.steps = 300, .batch = 8, .learning_rate = 1e-2},
                              random);
}
}  // namespace

TEST_CASE("a GPT with a student's attention or norm reaches the loss of ours", "[homework]") {
  const double ours = trained_loss<TransformerBlock<>>(1);
  CHECK(ours < 1.9);  // it learned to look back: guessing is ln 11 = 2.4
  CHECK(std::abs(trained_loss<TransformerBlock<student::Attention>>(1) - ours) < 1e-4);
  CHECK(std::abs(trained_loss<TransformerBlock<MultiHeadAttention, student::LayerNorm>>(1) - ours) <
        1e-4);
  CHECK(std::abs(trained_loss<TransformerBlock<>>(2) - ours) >
        1e-4);  // another start is told apart
}
