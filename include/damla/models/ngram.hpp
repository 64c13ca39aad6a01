#pragma once

#include <vector>

#include "damla/core/error.hpp"
#include "damla/core/scalar.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// What counting alone can do, as a baseline for a model that learns. How often each word came:
///
///     P₁(b) = (count(b) + 1) / (N + V)      (add-one: Laplace)
///
/// and how often it came behind another, for which a word a with many different successors is
/// trusted less:
///
///     P₂(b | a) = [count(a b) + different(a) · P₁(b)] / [count(a) + different(a)]
///
/// (Witten and Bell, 1991).
class WordCounts {
 public:
  /// Counts a text of tokens 0 … vocab_size − 1. Throws Error for any other token, and for a text
  /// without any.
  WordCounts(TokenSpan text, Index vocab_size);

  // Both throw Error for a token outside 0 … vocab_size − 1.
  double unigram(Token b) const;  ///< P₁(b); sums to 1 over all b
  double bigram(Token a, Token b)
      const;  ///< P₂(b | a); sums to 1 over all b; P₁(b) behind a word that never came

  /// The mean of −ln P₂(target | token), in nats: what a model that learns has to beat. Throws
  /// Error when there are none, or not as many of both.
  double bigram_loss(TokenSpan tokens, TokenSpan targets) const;

 private:
  struct Pair {
    Token next;
    Index count;
  };
  Index total_;
  std::vector<Index> count_;              // of each word
  std::vector<std::vector<Pair>> pairs_;  // what came behind each word, by token
  std::vector<Index> followed_;           // how often anything did
};

}}  // namespace damla::DAMLA_ABI
