// A homework that trains a GPT: what a student compiles again and again. Its compile time is
// measured.
#if __has_include("damla/damla.hpp")
#include "damla/damla.hpp"
#else
#include "damla/data/token_batch.hpp"
#include "damla/models/gpt.hpp"
#include "damla/nn/loss.hpp"
#include "damla/optim/adamw.hpp"
#include "damla/optim/clip.hpp"
#include "damla/optim/schedule.hpp"
#endif
#include <fmt/core.h>

using namespace damla;

int main() {
  Random random(1);
  Gpt<> model({.vocab_size = 64, .context = 16, .channels = 32, .heads = 2, .layers = 2}, random);
  AdamW adamw;
  CrossEntropy loss;
  WarmupCosine schedule{.peak = 3e-3, .steps = 100};
  Tokens text(2000);
  for (std::size_t i = 0; i < text.size(); ++i) text[i] = static_cast<Token>(i * i % 61);
  TokenBatch batch(8, 16);
  for (Index step = 0; step < 100; ++step) {
    batch.draw(text, random);
    loss.forward(model.forward(batch.tokens, batch.T), batch.targets);
    zero_gradients(model);
    model.backward(batch.tokens, loss.backward(model.logits, batch.targets), batch.T);
    adamw.learning_rate = schedule(step);
    adamw.step(model, clip_scale(model, 1));
    if (step % 20 == 0) fmt::print("step {:3}  loss {:.3f}\n", step, loss.loss);
  }
}
