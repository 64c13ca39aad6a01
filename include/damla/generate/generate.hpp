#pragma once

#include <algorithm>
#include <functional>
#include <utility>

#include "damla/generate/sampling.hpp"
#include "damla/models/gpt.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// When to stop, and how to choose.
struct GenerateOptions {
  Index max_new_tokens = 50;
  SamplingOptions sampling = {};
  Tokens stop = {};  ///< generation ends with any of these, which is not part of the result
  /// Called with each new token as soon as it is chosen; return false to stop there.
  std::function<bool(Token)> on_token = {};
};

/// Goes on with a text, one token at a time. Blocks that can, reuse the keys and values of earlier
/// tokens; others run the whole text again for each token, with the same result up to rounding.
/// When the context is full, the first half of it is dropped. Dropout is off as long as this lives.
template <class Model>
class Generator {
 public:
  /// Throws Error when an option is out of its range.
  Generator(Model& model, const SamplingOptions& sampling)
      : model_(model), sampling_(sampling), dropout_off_(model), cache_(model.make_cache()) {
    expect_size("Generator", "the model's context", model.options.context);
  }

  /// What stands before the next token, behind all that was read and drawn so far.
  void read(TokenSpan tokens) {
    if (text_.empty() && tokens.size() > context()) seen_from_ = tokens.size() - context();
    text_.insert(text_.end(), tokens.begin(), tokens.end());
  }

  /// Draws the next token and appends it. Throws Error when nothing was read.
  Token next(Random& random) {
    const TokenSpan tokens = unread();
    if constexpr (requires { model_.forward_next(tokens, cache_); })
      return choose(model_.forward_next(tokens, cache_), random);
    else return choose(model_.forward(tokens, std::ssize(tokens)).bottomRows(1), random);
  }

  /// The two halves of next(), for who runs the model himself. What the model has to read before it
  /// can rate the next token, behind what is in the cache:
  TokenSpan unread() {
    require(!text_.empty(), "Generator::next: the prompt needs at least one token");
    if (text_.size() - seen_from_ > context()) {
      seen_from_ = text_.size() - context() / 2 - 1;
      cache_ = model_.make_cache();
    }
    return TokenSpan(text_).subspan(seen_from_ + static_cast<std::size_t>(cache_.length()));
  }
  auto& cache() { return cache_; }
  /// and the token that is drawn by its logits (1, V), and appended.
  Token choose(const ConstMatrixRef& logits, Random& random) {
    text_.push_back(sample(candidates(logits, sampling_, text_), random));
    return text_.back();
  }

  /// Forgets the text, to begin with another.
  void restart() {
    text_.clear();
    seen_from_ = 0;
    cache_ = model_.make_cache();
  }

 private:
  std::size_t context() const { return static_cast<std::size_t>(model_.options.context); }

  Model& model_;
  SamplingOptions sampling_;
  WithoutDropout<Model> dropout_off_;
  decltype(std::declval<Model&>().make_cache()) cache_;
  Tokens text_;
  std::size_t seen_from_ = 0;  // where the window begins that the model sees
};

namespace detail {
/// Appends a token that was drawn, unless it is a stop. Whether the text goes on behind it.
inline bool append(Tokens& text, Token next, const GenerateOptions& options) {
  if (std::find(options.stop.begin(), options.stop.end(), next) != options.stop.end()) return false;
  text.push_back(next);
  return (!options.on_token || options.on_token(next)) && std::ssize(text) < options.max_new_tokens;
}
}  // namespace detail

/// Predict, append, repeat: the tokens that follow the prompt, by a Generator. Throws Error when
/// the prompt is empty, or an option out of its range.
template <class Model>
Tokens generate(Model& model, TokenSpan prompt, const GenerateOptions& options, Random& random) {
  require(!prompt.empty(), "generate: the prompt needs at least one token");
  expect_count("generate", "max_new_tokens", options.max_new_tokens, 0);
  Generator<Model> generator(model, options.sampling);
  generator.read(prompt);
  Tokens result;
  while (options.max_new_tokens > 0 && detail::append(result, generator.next(random), options)) {
  }
  return result;
}

/// The likeliest continuation, token by token: temperature 0.
template <class Model>
Tokens generate_greedy(Model& model, TokenSpan prompt, Index max_new_tokens, Tokens stop = {}) {
  Random unused(0);
  GenerateOptions options;
  options.max_new_tokens = max_new_tokens;
  options.sampling.temperature = 0;
  options.stop = std::move(stop);
  return generate(model, prompt, options, unused);
}

}}  // namespace damla::DAMLA_ABI
