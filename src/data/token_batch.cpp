#include "damla/data/token_batch.hpp"

#include <fmt/format.h>

namespace damla { inline namespace DAMLA_ABI {

namespace {
std::size_t at(Index n) { return static_cast<std::size_t>(n); }
}  // namespace

TuningExample TuningExample::of(TokenSpan question, TokenSpan answer) {
  TuningExample e{Tokens(question.begin(), question.end()),
                  std::vector<bool>(question.size(), false)};
  e.tokens.insert(e.tokens.end(), answer.begin(), answer.end());
  e.learn.resize(e.tokens.size(), true);
  return e;
}

TokenBatch::TokenBatch(Index batch, Index context) : B(batch), T(context) {
  require(B > 0 && T > 0, "TokenBatch: the batch and the context need to be at least 1");
  tokens.resize(at(B * T)), targets.resize(at(B * T));
}

void TokenBatch::draw(TokenSpan text, Random& random) {
  if (std::ssize(text) <= T)
    throw Error(
        fmt::format("TokenBatch::draw: the text has {} tokens, but windows of {} and their targets "
                    "need more (a longer "
                    "text, or a smaller context)",
                    text.size(), T));
  tokens.resize(at(B * T)), targets.resize(at(B * T));
  for (Index b = 0; b < B; ++b) {
    const auto from = text.begin() + random.below(std::ssize(text) - T);
    std::copy_n(from, T, tokens.begin() + b * T);
    std::copy_n(from + 1, T, targets.begin() + b * T);
  }
}

TokenBatch TokenBatch::of(std::span<const Tokens> texts, TokenSpan classes) {
  require(!texts.empty(), "TokenBatch::of: there are no texts");
  if (!classes.empty() && classes.size() != texts.size())
    throw Error(fmt::format("TokenBatch::of: there are {} classes for {} texts", classes.size(),
                            texts.size()));
  TokenBatch batch;
  batch.B = std::ssize(texts);
  for (const Tokens& text : texts) {
    require(!text.empty(), "TokenBatch::of: a text is empty");
    batch.lengths.push_back(std::ssize(text));
    batch.T = std::max(batch.T, std::ssize(text));
  }
  batch.tokens.assign(at(batch.B * batch.T), 0);
  for (Index b = 0; b < batch.B; ++b)
    std::copy(texts[at(b)].begin(), texts[at(b)].end(), batch.tokens.begin() + b * batch.T);
  batch.targets.assign(classes.begin(), classes.end());
  return batch;
}

TokenBatch TokenBatch::of(const std::vector<TuningExample>& examples) {
  require(!examples.empty(), "TokenBatch::of: there are no examples");
  TokenBatch batch;
  batch.B = std::ssize(examples);
  for (const TuningExample& e : examples) {
    require(e.tokens.size() >= 2, "TokenBatch::of: an example needs at least two tokens");
    require(e.tokens.size() == e.learn.size(),
            "TokenBatch::of: an example needs one `learn` for each token");
    batch.lengths.push_back(std::ssize(e.tokens) - 1);
    batch.T = std::max(batch.T, std::ssize(e.tokens) - 1);
  }
  batch.tokens.assign(at(batch.B * batch.T), 0);
  batch.targets.assign(at(batch.B * batch.T), ignored);
  for (Index b = 0; b < batch.B; ++b) {
    const TuningExample& e = examples[at(b)];
    for (std::size_t t = 0; t + 1 < e.tokens.size(); ++t) {
      batch.tokens[at(b * batch.T) + t] = e.tokens[t];
      if (e.learn[t + 1]) batch.targets[at(b * batch.T) + t] = e.tokens[t + 1];
    }
  }
  return batch;
}

}}  // namespace damla::DAMLA_ABI
