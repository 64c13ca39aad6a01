#pragma once

#include <functional>

#include "damla/models/gpt.hpp"
#include "damla/nn/loss.hpp"
#include "damla/optim/adamw.hpp"
#include "damla/optim/clip.hpp"
#include "damla/optim/schedule.hpp"
#include "damla/train/progress.hpp"
#include "damla/train/token_batches.hpp"

namespace damla::inline DAMLA_ABI {

/// How long and how fast to train: AdamW with warm-up and cosine, gradients clipped to norm 1.
struct TrainOptions {
  Index steps = 1000;
  Index batch = 32;   ///< sequences at a time
  double rate = 3e-3; ///< at its peak
  std::function<void(Index step, double loss)> after_step = {};  ///< for a curve
};

/// The training loop of lesson 08, for those who come after it: next-word prediction on windows of `text` as long as the
/// model's context. Returns the mean loss of the last tenth of the steps.
template <class Model>
double train_language_model(Model& model, TokenSpan text, const TrainOptions& o, Random& random) {
  TokenBatches batch(o.batch, model.options.context);
  CrossEntropy cross_entropy;
  AdamW optimizer;
  const WarmupCosine schedule{.peak = o.rate, .warmup = std::min<Index>(50, o.steps / 10 + 1), .steps = o.steps};
  Progress progress("training", o.steps);
  const Index tail = std::max<Index>(1, o.steps / 10);
  double tail_loss = 0;
  for (Index step = 0; step < o.steps; ++step) {
    batch.draw(text, random);
    const Matrix& logits = model.forward(batch.inputs, batch.T);
    const double loss = cross_entropy.forward(logits, batch.targets);
    zero_gradients(model);
    model.backward(batch.inputs, cross_entropy.backward(logits, batch.targets), batch.T);
    optimizer.rate = schedule(step);
    optimizer.step(model, clip_scale(model, 1.0));
    if (step >= o.steps - tail) tail_loss += loss / static_cast<double>(tail);
    progress.update(step, loss, batch.B * batch.T);
    if (o.after_step) o.after_step(step, loss);
  }
  return tail_loss;
}

}  // namespace damla::inline DAMLA_ABI
