#pragma once

#include <algorithm>
#include <chrono>
#include <numeric>
#include <string>
#include <vector>

#include "damla/data/windows.hpp"
#include "damla/models/gpt.hpp"
#include "damla/optim/adamw.hpp"
#include "damla/optim/clip.hpp"
#include "damla/optim/schedule.hpp"
#include "damla/train/evaluate.hpp"
#include "worlds/next_word.hpp"

namespace damla::playground {

/// A word that may come next: how likely the model finds it, and how likely it is.
struct NextWordGuess {
  std::string word;
  double p = 0, truth = 0;

  void visit_fields(auto&& visit) const {
    visit("word", word), visit("p", p), visit("truth", truth);
  }
};

/// A GPT with one layer reads a text whose every probability is known: lesson 07 as its --fast has
/// it, with 2,000 words and 750 steps. The same seed gives the lesson's text, model and batches.
class NextWord {
 public:
  explicit NextWord(std::int32_t seed)
      : random_(static_cast<std::uint64_t>(seed)),
        source_(worlds::next_word_source({.vocab_size = 2000})),
        text_(source_.draw(300000, random_)),
        model_({.vocab_size = source_.vocab_size(),
                .context = 16,
                .channels = 32,
                .layers = 1,
                .tied = false},
               random_),
        batch_(20, 16) {
    random_.fill_normal(model_.transformer.token_embedding.weight.value, 0.2);
    random_.fill_normal(model_.transformer.positions.weight.value, 0.2);
    Random fresh(static_cast<std::uint64_t>(seed), 1);
    fresh_ = source_.draw(2001, fresh);
    const TextWindows windows(fresh_, 16);
    best_ = worlds::source_losses(source_, windows.tokens, windows.targets, windows.T);
  }

  /// n steps, fewer at the end: after `steps` the learning rate is 0. Returns their mean loss, in
  /// nats a word.
  double step(std::int32_t n) {
    const auto begin = std::chrono::steady_clock::now();
    Index done = 0;
    double sum = 0;
    for (; done < n && optimizer_.steps < schedule_.steps; ++done) {
      batch_.draw(text_, random_);
      const Matrix& logits = model_.forward(batch_);
      sum += cross_entropy_.forward(logits, batch_.targets);
      zero_gradients(model_);
      model_.backward(batch_, cross_entropy_.backward(logits, batch_.targets));
      optimizer_.learning_rate = schedule_(optimizer_.steps);
      optimizer_.step(model_, clip_scale(model_, 1.0));
    }
    if (done == 0) return loss_;
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    speed_ = static_cast<double>(done * batch_.B * batch_.T) / took.count();
    return loss_ = sum / static_cast<double>(done);
  }
  double steps() const { return static_cast<double>(schedule_.steps); }
  double steps_done() const { return static_cast<double>(optimizer_.steps); }
  /// Training tokens a second in the latest `step`.
  double tokens_per_second() const { return speed_; }

  /// The mean loss of the source itself on 2,000 words that are not learned from: the least that
  /// any model can reach there.
  double floor() const { return mean_of_windows(best_, 16).mean; }
  /// The model's mean loss on the same words.
  double fresh_loss() {
    return mean_of_windows(window_losses(model_, TextWindows(fresh_, 16)), 16).mean;
  }

  /// The words that are likeliest to come after these, by the truth or by the model, and kutu,
  /// balkon and zebra. Throws Error for a word that the source does not know, or that cannot come
  /// there.
  std::vector<NextWordGuess> after(const std::string& begun) {
    const Tokens text = source_.encode(begun);
    const std::vector<double> truth = source_.next(source_.read(text));
    const TokenSpan seen = TokenSpan(text).last(std::min<std::size_t>(text.size(), 16));
    const std::vector<double> p = next_probabilities(model_, seen);
    Tokens words = source_.encode("kutu balkon zebra");
    for (const std::vector<double>& of : {truth, p}) {
      Tokens order(of.size());
      std::iota(order.begin(), order.end(), 0);
      std::partial_sort(order.begin(), order.begin() + 8, order.end(), [&](Token a, Token b) {
        return of[static_cast<std::size_t>(a)] > of[static_cast<std::size_t>(b)];
      });
      words.insert(words.end(), order.begin(), order.begin() + 8);
    }
    std::sort(words.begin(), words.end());
    words.erase(std::unique(words.begin(), words.end()), words.end());
    std::vector<NextWordGuess> guesses;
    for (const Token w : words) {
      const auto i = static_cast<std::size_t>(w);
      guesses.push_back({source_.vocabulary[i], p[i], truth[i]});
    }
    std::sort(guesses.begin(), guesses.end(), [](const NextWordGuess& a, const NextWordGuess& b) {
      return a.truth != b.truth ? a.truth > b.truth : a.p > b.p;
    });
    return guesses;
  }
  /// KL(truth ‖ model) in nats after these words.
  double distance(const std::string& begun) {
    const Tokens text = source_.encode(begun);
    const TokenSpan seen = TokenSpan(text).last(std::min<std::size_t>(text.size(), 16));
    return worlds::kl_divergence(source_.next(source_.read(text)),
                                 next_probabilities(model_, seen));
  }

  /// Some of the text that it learns from.
  std::string text(std::int32_t words) const {
    return source_.text(
        TokenSpan(text_).first(static_cast<std::size_t>(std::clamp(words, 0, 1000))));
  }
  double parameters() { return static_cast<double>(parameter_count(model_)); }
  static std::string begun() { return "Kedilerin uyumayı sevdiği yerlerden biri"; }

 private:
  Random random_;
  worlds::MarkovSource source_;
  Tokens text_;
  Gpt<> model_;
  TokenBatch batch_;
  CrossEntropy cross_entropy_;
  AdamW optimizer_;
  WarmupCosine schedule_{.peak = 1e-2, .warmup = 50, .steps = 750};
  Tokens fresh_;
  std::vector<double> best_;
  double loss_ = 0, speed_ = 0;
};

}  // namespace damla::playground
