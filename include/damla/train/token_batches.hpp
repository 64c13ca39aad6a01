#pragma once

#include "damla/core/error.hpp"
#include "damla/core/random.hpp"

namespace damla::inline DAMLA_ABI {

/// Batches for next-token prediction: B windows of T tokens at random offsets of one long text, and as targets the same
/// windows one token later. Documents are packed one behind the other, so a window may begin inside one and end in another.
/// The text labels itself: N tokens give N − 1 labels.
struct TokenBatches {
  Index B, T;
  Tokens inputs, targets;  // B·T each

  /// Throws Error when either is under 1.
  TokenBatches(Index batch, Index context)
      : B(batch), T(context) {
    require(B > 0 && T > 0, "TokenBatches: the batch and the context need to be at least 1");
    inputs.resize(static_cast<std::size_t>(B * T)), targets.resize(inputs.size());
  }

  /// Draws the next batch from `text`. Throws Error when that has T tokens or fewer.
  void draw(TokenSpan text, Random& random) {
    if (std::ssize(text) <= T)
      throw Error("TokenBatches::draw: the text has " + std::to_string(text.size()) + " tokens, but windows of " +
                  std::to_string(T) + " and their targets need more (a longer text, or a smaller context)");
    for (Index b = 0; b < B; ++b) {
      const auto from = text.begin() + random.below(std::ssize(text) - T);
      std::copy_n(from, T, inputs.begin() + b * T);
      std::copy_n(from + 1, T, targets.begin() + b * T);
    }
  }
};

/// A text cut in two: the first share to train on, the rest held out.
struct TextSplit {
  TokenSpan train, held_out;
};
inline TextSplit split_text(TokenSpan text, double train_share = 0.9) {
  require(train_share >= 0 && train_share <= 1, "split_text: the share to train on needs to be in [0, 1], such as 0.9");
  const auto n = static_cast<std::size_t>(static_cast<double>(text.size()) * train_share);
  return {text.first(n), text.subspan(n)};
}
/// The halves are views: keep the text itself in a variable, `const Tokens text = tokenizer.encode(…)`.
TextSplit split_text(Tokens&&, double = 0.9) = delete;

}  // namespace damla::inline DAMLA_ABI
