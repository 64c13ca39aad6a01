#include "damla/models/llama.hpp"

#include "damla/check/gradient.hpp"
#include "damla/nn/loss.hpp"
#include "helpers/catch.hpp"
#include "helpers/random_data.hpp"

using namespace damla;

TEST_CASE("a Llama's gradients are right, with all that one of the family has", "[models]") {
  for (const bool tied : {true, false}) {
    Random random(1);
    Llama<> model({.vocab_size = 7,
                   .context = 5,
                   .channels = 8,
                   .heads = 4,
                   .key_value_heads = 2,
                   .head_size = 6,
                   .inner = 10,
                   .rotary = {.theta = 30, .scaling = RotaryScaling{.original_context = 16}},
                   .qkv_bias = tied,
                   .qk_norm = !tied,
                   .tied = tied},
                  random);
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
}
