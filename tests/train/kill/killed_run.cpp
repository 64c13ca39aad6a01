// Trains for so many steps, saving after each, or takes up the run that the file holds. Prints how
// far the file is, and at the end all digits of what was learnt. killed_run FILE STEPS
#include <fmt/core.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "damla/core/threads.hpp"
#include "damla/nn/loss.hpp"
#include "damla/optim/clip.hpp"
#include "damla/train/checkpoint.hpp"

using namespace damla;

int main(int, char** argv) {
  set_threads(1);
  const std::string path = argv[1];
  const Index steps = std::atoi(argv[2]);
  Random random(1);
  Gpt<> model({.vocab_size = 17,
               .context = 12,
               .channels = 16,
               .heads = 2,
               .layers = 2,
               .dropout = Scalar(0.2)},
              random);
  Tokens text;
  Random source(5);
  for (int i = 0; i < 500; ++i) text.push_back(static_cast<Token>(source.below(17)));
  TokenBatch batch(4, 12);
  CrossEntropy cross_entropy;
  AdamW optimizer;
  Index done = 0;
  if (std::filesystem::exists(path)) done = load_checkpoint(path, model, optimizer, random);
  for (;;) {
    fmt::print("{}\n", done);
    std::fflush(stdout);
    if (done == steps) break;
    batch.draw(text, random);
    const Matrix& logits = model.forward(batch.tokens, batch.T);
    cross_entropy.forward(logits, batch.targets);
    zero_gradients(model);
    model.backward(batch.tokens, cross_entropy.backward(logits, batch.targets), batch.T);
    optimizer.step(model, clip_scale(model, 1.0));
    save_checkpoint(path, model, optimizer, random, ++done);
  }
  double sum = 0;
  model.visit_parameters(
      [&](std::string_view, Parameter& p) { sum += p.value.cast<double>().sum(); });
  for (const auto& m : optimizer.moments) sum += m.second.cast<double>().sum();
  fmt::print("{:a} {}\n", sum, random.next());
}
