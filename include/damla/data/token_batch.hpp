#pragma once

#include <algorithm>
#include <span>
#include <vector>

#include "damla/core/error.hpp"
#include "damla/core/random.hpp"
#include "damla/core/share.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// A text, and which of its tokens a model is to learn to say: the answer, not the question (Ouyang
/// et al., 2022, step 1).
struct TuningExample {
  Tokens tokens;
  std::vector<bool> learn;  // as many as tokens

  /// A question that is only read, and an answer that is learned.
  static TuningExample of(TokenSpan question, TokenSpan answer);
  /// Another example behind this one.
  void append(const TuningExample& next);
};

/// What a model reads at a time: B sequences of T tokens side by side, and what it is to say about
/// them.
struct TokenBatch {
  Index B = 0, T = 0;
  Tokens tokens;   // B·T: token t of sequence b is tokens[b*T + t]; short sequences are filled up
                   // behind their end
  Tokens targets;  // B·T next tokens, or `ignored`; for a classifier B classes; empty when nothing
                   // is learned
  std::vector<Index> lengths;  // B: how long each sequence is, 1 … T; empty when all have T

  TokenBatch() = default;
  /// An empty batch for `draw`. Throws Error when either is under 1, or the batch too large.
  TokenBatch(Index batch, Index context);

  /// Fills the batch with windows at random places of one long text; each token's target is the one
  /// after it. Documents are packed one behind the other, so a window may begin inside one and end
  /// in another. Where several draw one large batch, this one becomes a share of it: the others'
  /// places are drawn too, so that all generators stay alike. Throws Error when the text has T
  /// tokens or fewer.
  void draw(TokenSpan text, Random& random, Share share = {});

  /// Texts side by side, T being the longest, and the class of each where they have one. Throws
  /// Error when there is none, one is empty, or there are not as many classes.
  static TokenBatch of(std::span<const Tokens> texts, TokenSpan classes = {});
  /// Examples side by side: each token's target is the one after it where that is to be learned,
  /// else `ignored`. Throws Error when there is none or one is shorter than two tokens.
  static TokenBatch of(const std::vector<TuningExample>& examples);

  /// How long sequence b is.
  Index length(Index b) const { return lengths.empty() ? T : lengths[static_cast<std::size_t>(b)]; }
  /// Throws Error, in the name of `call`, unless the parts fit each other: a batch may be made by
  /// hand.
  void check(const char* call) const;
};

}}  // namespace damla::DAMLA_ABI
