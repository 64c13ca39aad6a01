#pragma once

#include <algorithm>
#include <functional>

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

/// Predict, append, repeat: the tokens that follow the prompt. Blocks that can, reuse the keys and
/// values of earlier tokens; others run the whole sequence again for each token, with the same
/// result up to rounding. When the context is full, the first half of it is dropped. Dropout is off
/// meanwhile. Throws Error when the prompt is empty, or an option out of its range.
template <class Model>
Tokens generate(Model& model, TokenSpan prompt, const GenerateOptions& options, Random& random) {
  require(!prompt.empty(), "generate: the prompt needs at least one token");
  expect_count("generate", "max_new_tokens", options.max_new_tokens, 0);
  expect_size("generate", "the model's context", model.options.context);
  const WithoutDropout off(model);
  const auto context = static_cast<std::size_t>(model.options.context);
  Tokens all(prompt.begin(), prompt.end());
  std::size_t first =
      all.size() > context ? all.size() - context : 0;  // of the window that the model sees
  auto cache = model.make_cache();
  for (Index i = 0; i < options.max_new_tokens; ++i) {
    if (all.size() - first > context) {
      first = all.size() - context / 2 - 1;
      cache = model.make_cache();
    }
    const TokenSpan window = TokenSpan(all).subspan(first);
    Matrix logits;
    if constexpr (requires { model.forward_next(window, cache); }) {
      logits = model.forward_next(window.subspan(static_cast<std::size_t>(cache.length())), cache);
    } else {
      logits = model.forward(window, std::ssize(window)).bottomRows(1);
    }
    const Token next = sample(candidates(logits, options.sampling, all), random);
    if (std::find(options.stop.begin(), options.stop.end(), next) != options.stop.end()) break;
    all.push_back(next);
    if (options.on_token && !options.on_token(next)) break;
  }
  return Tokens(all.begin() + std::ssize(prompt), all.end());
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
