#pragma once

#include <string>
#include <vector>

#include "damla/data/token_batch.hpp"
#include "damla/generate/sampling.hpp"
#include "damla/generate/text_stream.hpp"
#include "damla/models/gpt.hpp"
#include "damla/nn/loss.hpp"
#include "damla/optim/adamw.hpp"
#include "damla/optim/clip.hpp"
#include "tokenizers.hpp"
#include "worlds/agreement.hpp"
#include "worlds/people.hpp"

namespace damla::playground {

/// A token that may come next; `kept` by the rules, or cut.
struct MaybeNext {
  std::string token;
  double p = 0;
  bool kept = true;

  void visit_fields(auto&& visit) const {
    visit("token", token), visit("p", p), visit("kept", static_cast<double>(kept));
  }
};

/// The 24 likeliest at this temperature; those that top-k and top-p leave have the probabilities
/// with which they are drawn.
inline std::vector<MaybeNext> maybe_next(const AnyTokenizer& tokenizer,
                                         const ConstMatrixRef& logits,
                                         const SamplingOptions& options) {
  const std::vector<Candidate> all = candidates(logits, {.temperature = options.temperature}),
                               kept = candidates(logits, options);
  std::vector<MaybeNext> next;
  for (std::size_t i = 0; i < std::min<std::size_t>(all.size(), 24); ++i) {
    const bool in = i < kept.size();
    next.push_back({tokenizer.decode(Tokens{all[i].token}),
                    in ? kept[i].probability : all[i].probability, in});
  }
  return next;
}

inline SamplingOptions sampling(double temperature, std::int32_t top_k, double top_p) {
  return {.temperature = temperature, .top_k = top_k, .top_p = top_p};
}

/// The text that one more token adds behind `before`: several where the first ends within a letter.
inline std::string draw_text(const AnyTokenizer& tokenizer, const Tokens& before, auto&& draw) {
  TextStream stream(tokenizer);
  stream.begin_behind(before);
  Tokens text = before;
  std::string added;
  for (int i = 0; i < 4 && added.empty(); ++i) {
    text.push_back(draw(text));
    added = stream.add(text.back());
  }
  return added.empty() ? stream.rest() : added;
}

/// A GPT with two layers that learns a text and writes on: lesson 08's on its own text, with words.
class Writer {
 public:
  /// pieces: characters, words or pairs. Throws Error for another, and for a text that is too short
  /// to learn from.
  Writer(std::int32_t seed, const std::string& text, const std::string& pieces)
      : random_(static_cast<std::uint64_t>(seed)),
        tokenizer_(learn_tokenizer(pieces, text, {.casing = Casing::keep}, 1000)),
        text_(tokenizer_.encode_plain(text)),
        model_({.vocab_size = tokenizer_.vocab_size(),
                .context = context,
                .channels = 48,
                .heads = 4,
                .layers = 2},
               random_),
        batch_(16, context) {
    if (std::ssize(text_) <= context)
      throw Error("Writer: the text has " + std::to_string(text_.size()) + " pieces; expected " +
                  std::to_string(context + 1) + " or more to learn from");
  }

  /// n steps: 50 of warm-up, then a constant rate. Returns their mean loss, in nats a piece.
  double step(std::int32_t n) {
    double sum = 0;
    for (std::int32_t i = 0; i < n; ++i) {
      batch_.draw(text_, random_);
      zero_gradients(model_);
      const Matrix& logits = model_.forward(batch_);
      sum += cross_entropy_.forward(logits, batch_.targets);
      model_.backward(batch_, cross_entropy_.backward(logits, batch_.targets));
      optimizer_.learning_rate =
          static_cast<Scalar>(3e-3 * std::min(1.0, static_cast<double>(optimizer_.steps + 1) / 50));
      optimizer_.step(model_, clip_scale(model_, 1.0));
    }
    return sum / n;
  }

  std::vector<MaybeNext> next(const std::string& prompt, double temperature, std::int32_t top_k,
                              double top_p) {
    return maybe_next(tokenizer_, logits(tokenizer_.encode_plain(prompt)),
                      sampling(temperature, top_k, top_p));
  }
  /// What a drawn token adds to the prompt.
  std::string draw(const std::string& prompt, double temperature, std::int32_t top_k,
                   double top_p) {
    return draw_text(tokenizer_, tokenizer_.encode_plain(prompt), [&](const Tokens& text) {
      return sample(candidates(logits(text), sampling(temperature, top_k, top_p)), random_);
    });
  }
  double parameters() { return static_cast<double>(parameter_count(model_)); }

  /// The text of lesson 08 with this seed: sentences about who went where, small talk and forms.
  static std::string lesson_text(std::int32_t seed) {
    Random random(static_cast<std::uint64_t>(seed));
    std::string text;
    for (int i = 0; i < 6000; ++i) {
      if (i % 10 == 0) text += worlds::PeopleWorld::form() + " ";
      else if (i % 3 == 0) text += worlds::PeopleWorld::small_talk(random) + " ";
      else text += worlds::agreement_sentence(random).text() + " ";
    }
    return text;
  }

 private:
  static constexpr Index context = 64;

  /// After the end of the prompt; of an empty one, after the end of the text.
  Matrix logits(Tokens prompt) {
    if (prompt.empty()) prompt = {text_.back()};
    const TokenSpan seen = TokenSpan(prompt).last(
        std::min<std::size_t>(prompt.size(), static_cast<std::size_t>(context)));
    return model_.forward(seen, std::ssize(seen)).bottomRows(1);
  }

  Random random_;
  AnyTokenizer tokenizer_;
  Tokens text_;
  Gpt<> model_;
  TokenBatch batch_;
  CrossEntropy cross_entropy_;
  AdamW optimizer_;
};

}  // namespace damla::playground
