#pragma once

#include <algorithm>
#include <chrono>
#include <limits>
#include <numeric>
#include <string>

#include "damla/train/checkpoint.hpp"
#include "damla/train/evaluate.hpp"
#include "damla/train/train.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// A run on a text of one's own: beside the recipe, how often it is measured and what ends it.
struct RunOptions {
  TrainOptions train{};
  Index evaluate_every =
      0;               ///< steps from one look at the held-out text to the next; 0: twenty in all
  Index windows = 64;  ///< of the held-out text that are measured, spread over all of it
  Index patience = 0;  ///< so many looks without a better loss end the run; 0: none do
};

/// What a look at the held-out text found: a line of the log.
struct Evaluation {
  Index step = 0;            ///< updates so far
  Index tokens = 0;          ///< read so far, those read twice counted twice
  double seconds = 0;        ///< of training so far, all parts of a resumed run together
  double learning_rate = 0;  ///< of the latest update
  double loss = 0;           ///< nats a token: the mean over the steps since the last look
  double held_out_loss = 0;  ///< nats a token, on text that the model does not learn from
  bool best = false;         ///< the least held-out loss so far
};

/// How far a run is: all of it besides weights, moments and generators.
struct RunState {
  Index step = 0, steps = 0, warmup = 0, evaluate_every = 0;
  double seconds = 0;
  double loss_sum = 0;   ///< of the steps since the last look …
  Index loss_count = 0;  ///< … and how many they are
  double best = std::numeric_limits<double>::infinity();
  Index waited = 0;  ///< looks since the best one

  /// As texts, to the last digit, for a checkpoint; and back. Throws Error with the path when one
  /// is missing or out of its range.
  Settings settings() const;
  static RunState from(const std::string& path, const Settings& settings);
};

/// `windows` windows of T tokens with their targets, evenly spread over a text: what a run is
/// measured on, the same at each look.
struct SpreadWindows {
  Index T;
  Tokens tokens, targets;  // (count·T) each
  /// Throws Error when the text is too short for one window.
  SpreadWindows(TokenSpan text, Index window, Index windows);
};

/// Next-word training one step at a time, so that a program can look, save and stop in between:
///
///     LanguageModelRun run(model, split.train, split.held_out, options, seed);
///     while (!run.finished()) {
///       run.step();
///       if (run.evaluation_due()) log(run.evaluate());
///     }
///
/// After `save` and `resume`, at any step, the losses are those of an uninterrupted run, digit by
/// digit. The texts are views: keep them.
template <class Model>
class LanguageModelRun {
 public:
  /// Throws Error when the options are out of range or a text is shorter than the model's context.
  LanguageModelRun(Model& model, TokenSpan text, TokenSpan held_out, const RunOptions& options,
                   std::uint64_t seed)
      : model_(model),
        text_(text),
        options_(options),
        random_(seed),
        batch_(options.train.batch / detail::share_of(options.train).parts, model.options.context),
        held_out_(held_out, model.options.context, options.windows),
        together_(options.train.ranks, options.train.sharded) {
    expect_count("LanguageModelRun", "evaluate_every", options.evaluate_every, 0);
    expect_count("LanguageModelRun", "patience", options.patience, 0);
    optimizer_.weight_decay = static_cast<Scalar>(options.train.weight_decay);
    plan(options.train.steps);
    together_.begin(model, optimizer_);
  }

  /// Changes how many steps the run has in all; the learning rate falls to its end there.
  void plan(Index steps) {
    expect_count("LanguageModelRun", "steps", steps, 1);
    state_.steps = steps;
    state_.warmup = warmup_steps(options_.train, steps);
    state_.evaluate_every =
        options_.evaluate_every > 0 ? options_.evaluate_every : std::max<Index>(1, steps / 20);
  }

  /// One batch forward and backward, and an update. Returns the loss, in nats a token.
  double step() {
    const auto start = std::chrono::steady_clock::now();
    batch_.draw(text_, random_, together_.ranks().share());
    zero_gradients(model_);
    const double loss = together_.learn(model_, [&] {
      model_.forward(batch_);
      const double own = cross_entropy_.replace_by_gradient(model_.logits, batch_.targets);
      together_.backward(model_, batch_, model_.logits);
      return own;
    });
    optimizer_.learning_rate = schedule()(state_.step);
    together_.update(model_, optimizer_, options_.train.clip_norm);
    ++state_.step;
    state_.loss_sum += loss, ++state_.loss_count;
    state_.seconds +=
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return loss;
  }

  bool finished() const {
    return state_.step >= state_.steps ||
           (options_.patience > 0 && state_.waited >= options_.patience);
  }
  bool evaluation_due() const { return finished() || state_.step % state_.evaluate_every == 0; }

  /// Measures the model on the held-out text.
  Evaluation evaluate() {
    const double held_out = held_out_loss();
    Evaluation e{
        .step = state_.step,
        .tokens = state_.step * options_.train.batch * batch_.T,
        .seconds = state_.seconds,
        .learning_rate = static_cast<double>(optimizer_.learning_rate),
        .loss = state_.loss_sum / static_cast<double>(std::max<Index>(1, state_.loss_count)),
        .held_out_loss = held_out,
        .best = held_out < state_.best};
    state_.loss_sum = 0, state_.loss_count = 0;
    state_.waited = e.best ? 0 : state_.waited + 1;
    state_.best = std::min(state_.best, held_out);
    return e;
  }

  const RunState& state() const { return state_; }
  const AdamW& optimizer() const { return optimizer_; }
  /// What `evaluate` measures: also for who wants to compare with something else.
  const SpreadWindows& held_out() const { return held_out_; }

  /// The whole run in one file, with settings of the caller's own: rank 0 writes it, but all ranks
  /// call this. Throws Error with the path.
  void save(const std::string& path, Settings settings = {}) {
    settings.merge(state_.settings());
    together_.save_on_first(model_, optimizer_, [&](const AdamW& optimizer) {
      save_checkpoint(path, model_, optimizer, random_, state_.step, std::move(settings));
    });
  }
  /// Goes on where `save` was called, with a model of the same sizes and the same options; with any
  /// number of ranks, each of which reads the file. Throws Error when the file is not such a run's;
  /// all is then as it was.
  void resume(const std::string& path) {
    const RunState state = RunState::from(path, read_tensors(path).settings);
    load_checkpoint(path, model_, optimizer_, random_);
    state_ = state;
  }

 private:
  /// Each rank measures its share of the windows.
  double held_out_loss() {
    const Ranks& ranks = together_.ranks();
    const Index windows = std::ssize(held_out_.tokens) / held_out_.T;
    const auto from = static_cast<std::size_t>(ranks.share().begin(windows) * held_out_.T);
    const auto n = static_cast<std::size_t>(ranks.share().size(windows) * held_out_.T);
    const std::vector<double> losses =
        window_losses(model_, TokenSpan(held_out_.tokens).subspan(from, n),
                      TokenSpan(held_out_.targets).subspan(from, n), held_out_.T);
    return ranks.sum(std::accumulate(losses.begin(), losses.end(), 0.0)) /
           static_cast<double>(held_out_.tokens.size());
  }
  WarmupCosine schedule() const {
    return {.peak = options_.train.learning_rate,
            .warmup = state_.warmup,
            .steps = state_.steps,
            .floor = options_.train.final_learning_rate};
  }

  Model& model_;
  TokenSpan text_;
  RunOptions options_;
  Random random_;
  TokenBatch batch_;
  SpreadWindows held_out_;
  DataParallel together_;
  AdamW optimizer_;
  CrossEntropy cross_entropy_;
  RunState state_;
};

}}  // namespace damla::DAMLA_ABI
