#pragma once

#include <string>
#include <vector>

#include "05_attention/reading.hpp"
#include "heads.hpp"

namespace damla::playground {

struct WordAfter {
  std::string word;
  double p = 0;

  void visit_fields(auto&& visit) const { visit("word", word), visit("p", p); }
};

/// A GPT with one layer of four heads learns sentences whose verb agrees with words further back:
/// lesson 05 as its --fast has it, with 1,500 steps. The same seed gives the lesson's sentences and
/// model.
class LookingBack {
 public:
  explicit LookingBack(std::int32_t seed)
      : random_(static_cast<std::uint64_t>(seed)),
        sentences_(random_),
        model_({.vocab_size = sentences_.words.vocab_size(),
                .context = 8,
                .channels = 32,
                .heads = 4,
                .layers = 1,
                .init_std = 0.05},
               random_) {}

  /// n steps, fewer at the end. Returns their mean loss, in nats a word.
  double step(std::int32_t n) {
    double sum = 0;
    Index done = 0;
    for (; done < n && optimizer_.steps < schedule_.steps; ++done) {
      const TokenBatch batch = sentences_.draw(32, random_);
      zero_gradients(model_);
      const Matrix& logits = model_.forward(batch);
      sum += cross_entropy_.forward(logits, batch.targets);
      model_.backward(batch, cross_entropy_.backward(logits, batch.targets));
      optimizer_.learning_rate = schedule_(optimizer_.steps);
      optimizer_.step(model_, clip_scale(model_, 1.0));
    }
    return done == 0 ? loss_ : loss_ = sum / static_cast<double>(done);
  }
  double steps() const { return static_cast<double>(schedule_.steps); }
  double layers() const { return 1; }
  double heads() const { return 4; }
  double parameters() { return static_cast<double>(parameter_count(model_)); }

  /// All that it knows.
  std::vector<std::string> words() const {
    std::vector<std::string> all;
    for (Token t = 1; t < sentences_.words.vocab_size(); ++t)
      all.push_back(sentences_.words.piece(t));
    return all;
  }
  /// Where each word looks. Throws Error for a word that it does not know.
  Look look(const std::string& text) {
    Look look;
    const Tokens tokens = read(text);
    for (const Token t : tokens) look.tokens.push_back(sentences_.words.piece(t));
    look.weights = weights_of(model_, std::ssize(tokens));
    return look;
  }
  /// How word i comes to look at word j with a head.
  HeadPair pair(const std::string& text, std::int32_t layer, std::int32_t head, std::int32_t i,
                std::int32_t j) {
    return pair_of(model_, std::ssize(read(text)), layer, head, i, j);
  }
  /// The eight words that are likeliest to come next.
  std::vector<WordAfter> after(const std::string& text) {
    read(text);
    std::vector<WordAfter> next;
    for (const Candidate& c : candidates(model_.logits.bottomRows(1), {.top_k = 8}))
      next.push_back({sentences_.words.piece(c.token), c.probability});
    return next;
  }

  static std::string sentence() { return "Biz kalabalık okuldan sabah"; }

 private:
  Tokens read(const std::string& text) {
    const WordTokenizer& words = sentences_.words;
    const Tokens tokens = words.encode(text);
    for (const std::string& word : split_words(text, words.options()))
      if (!words.contains(word))
        throw Error("LookingBack: the model does not know the word \"" + word +
                    "\"; expected words of its sentences");
    if (tokens.empty() || std::ssize(tokens) > model_.options.context)
      throw Error("LookingBack: the text has " + std::to_string(tokens.size()) +
                  " words; expected 1 to " + std::to_string(model_.options.context));
    model_.forward(tokens, std::ssize(tokens));
    return tokens;
  }

  Random random_;
  Sentences sentences_;
  Gpt<> model_;
  CrossEntropy cross_entropy_;
  AdamW optimizer_{.weight_decay = Scalar(0.01)};
  WarmupCosine schedule_{.peak = 5e-3, .warmup = 50, .steps = 1500};
  double loss_ = 0;
};

}  // namespace damla::playground
