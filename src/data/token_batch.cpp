#include "damla/data/token_batch.hpp"

#include <fmt/format.h>

#include "damla/core/view.hpp"

namespace damla { inline namespace DAMLA_ABI {

namespace {
std::size_t at(Index n) { return static_cast<std::size_t>(n); }

void expect_sizes(const char* call, Index B, Index T) {
  expect_size(call, "B", B, "sequences in a batch");
  expect_size(call, "T", T, "tokens in a sequence");
  if (static_cast<double>(B) * static_cast<double>(T) > 0x1p31)  // the product may not fit Index
    throw Error(fmt::format(
        "{}: {} sequences of {} tokens are too many for one batch: take fewer at a time", call, B,
        T));
}
}  // namespace

TuningExample TuningExample::of(TokenSpan question, TokenSpan answer) {
  TuningExample e{Tokens(question.begin(), question.end()),
                  std::vector<bool>(question.size(), false)};
  e.tokens.insert(e.tokens.end(), answer.begin(), answer.end());
  e.learn.resize(e.tokens.size(), true);
  return e;
}

void TuningExample::append(const TuningExample& next) {
  tokens.insert(tokens.end(), next.tokens.begin(), next.tokens.end());
  learn.insert(learn.end(), next.learn.begin(), next.learn.end());
}

TokenBatch::TokenBatch(Index batch, Index context) : B(batch), T(context) {
  expect_sizes("TokenBatch", B, T);
  tokens.resize(at(B * T)), targets.resize(at(B * T));
}

void TokenBatch::check(const char* call) const {
  expect_sizes(call, B, T);
  if (std::ssize(tokens) != B * T)
    throw Error(fmt::format("{}: the batch has {} tokens, but {} sequences of {} are {}", call,
                            tokens.size(), B, T, B * T));
  if (!lengths.empty() && std::ssize(lengths) != B)
    throw Error(
        fmt::format("{}: the batch has {} lengths for {} sequences", call, lengths.size(), B));
  for (const Index length : lengths)
    expect_count(call, "a length", length, 1, T, "as many tokens as its sequence has");
}

void TokenBatch::draw(TokenSpan text, Random& random, Share share) {
  expect_sizes("TokenBatch::draw", B, T);
  if (std::ssize(text) <= T)
    throw Error(
        fmt::format("TokenBatch::draw: the text has {} tokens, but windows of {} and their targets "
                    "need more (a longer "
                    "text, or a smaller context)",
                    text.size(), T));
  require(!overlap(text, tokens) && !overlap(text, targets),
          "TokenBatch::draw: the text is a part of the batch that is drawn: copy it first");
  tokens.resize(at(B * T)), targets.resize(at(B * T));
  for (Index i = 0; i < B * share.parts; ++i) {
    const auto from = text.begin() + random.below(std::ssize(text) - T);
    const Index b = i - B * share.part;
    if (b < 0 || b >= B) continue;
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
  expect_sizes("TokenBatch::of", batch.B, batch.T);
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
  expect_sizes("TokenBatch::of", batch.B, batch.T);
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
