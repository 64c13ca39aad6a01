#pragma once

#include <algorithm>
#include <concepts>
#include <functional>
#include <string>

#include "damla/data/token_batch.hpp"
#include "damla/nn/loss.hpp"
#include "damla/optim/schedule.hpp"
#include "damla/train/data_parallel.hpp"
#include "damla/train/progress.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// How long and how fast to train: AdamW, warm-up and half a cosine, gradients clipped.
struct TrainOptions {
  Index steps = 1000;
  Index batch = 32;                ///< sequences at a time, all ranks together
  double learning_rate = 3e-3;     ///< at its peak
  double final_learning_rate = 0;  ///< at the end
  Index warmup = 0;                ///< steps; 0: a tenth of all, at most 50
  double clip_norm = 1;            ///< the most that the gradients' norm may be
  double weight_decay = 0.01;      ///< of matrices (AdamW)
  std::string title = "training";
  std::function<void(Index step, double loss)> after_step = {};  ///< for a curve
  Ranks* ranks = nullptr;  ///< to train on many machines: `Ranks ranks;` … `.ranks = &ranks`
  bool sharded = false;    ///< then each rank has a share of AdamW's moments only (DataParallel)
};

namespace detail {
void check(const TrainOptions& o);
/// This rank's part of each batch. Throws Error unless all have as many sequences.
Share share_of(const TrainOptions& o);
}  // namespace detail

/// The steps of warm-up in a run of `steps`.
inline Index warmup_steps(const TrainOptions& o, Index steps) {
  return o.warmup > 0 ? o.warmup : std::min<Index>(50, steps / 10 + 1);
}

/// The training loop. `learn(together)` takes one batch forward and backward, which adds to the
/// gradients, and returns its loss; the loop does what is the same for all models. On many machines
/// each rank's learn takes a batch of its own, and may leave backward to `together`. Returns the
/// mean loss of the last tenth of the steps. Throws Error for an option out of its range.
template <class Model, class Learn>
requires std::invocable<Learn, DataParallel&>
double minimize(Model& model, const TrainOptions& o, Learn&& learn) {
  detail::check(o);
  AdamW optimizer;
  DataParallel together(o.ranks, o.sharded);
  together.begin(model, optimizer);
  optimizer.weight_decay = static_cast<Scalar>(o.weight_decay);
  const WarmupCosine schedule{.peak = o.learning_rate,
                              .warmup = warmup_steps(o, o.steps),
                              .steps = o.steps,
                              .floor = o.final_learning_rate};
  Progress progress(o.title, o.steps);
  const Index tail = std::max<Index>(1, o.steps / 10);
  double tail_loss = 0;
  for (Index step = 0; step < o.steps; ++step) {
    zero_gradients(model);
    const double loss = together.learn(model, [&] { return learn(together); });
    optimizer.learning_rate = schedule(step);
    together.update(model, optimizer, o.clip_norm);
    if (step >= o.steps - tail) tail_loss += loss / static_cast<double>(tail);
    progress.update(step, loss, o.batch);
    if (o.after_step) o.after_step(step, loss);
  }
  return tail_loss;
}
template <class Model, class Learn>
requires std::invocable<Learn>
double minimize(Model& model, const TrainOptions& o, Learn&& learn) {
  return minimize(model, o, [&](DataParallel&) { return learn(); });
}

/// The training loop for models that take a batch of tokens, language models and classifiers alike:
/// next_batch() returns one, with its targets, on many machines the part of this rank. Returns the
/// mean loss of the last tenth of the steps.
template <class Model, class NextBatch>
double train(Model& model, const TrainOptions& o, NextBatch&& next_batch) {
  CrossEntropy cross_entropy;
  return minimize(model, o, [&](DataParallel& together) {
    const auto& batch = next_batch();
    const Matrix& logits = model.forward(batch);
    const double loss = cross_entropy.forward(logits, batch.targets);
    together.backward(model, batch, cross_entropy.backward(logits, batch.targets));
    return loss;
  });
}

/// Next-word prediction on windows of `text` as long as the model's context. Returns the mean loss
/// of the last tenth of the steps. On many machines all ranks give the same text and generator.
template <class Model>
double train_language_model(Model& model, TokenSpan text, const TrainOptions& o, Random& random) {
  const Share share = detail::share_of(o);
  TokenBatch batch(o.batch / share.parts, model.options.context);
  return train(model, o, [&]() -> const TokenBatch& {
    batch.draw(text, random, share);
    return batch;
  });
}

}}  // namespace damla::DAMLA_ABI
