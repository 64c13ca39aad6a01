#pragma once

#include <string_view>
#include <vector>

#include "damla/core/matrix.hpp"
#include "damla/core/random.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// How the next token is chosen from the logits. The rules apply in this order.
struct SamplingOptions {
  double repetition_penalty =
      1;  ///< > 1: logits of tokens that came before are divided (if negative: multiplied) by it
  double temperature = 1;  ///< 0: greedy, always the likeliest; below 1 bolder, above 1 more random
  Index top_k = 0;         ///< only the k likeliest; 0: all
  double top_p =
      1;  ///< only the fewest that together have this probability (nucleus; Holtzman et al., 2020)
};

/// A candidate for the next token.
struct Candidate {
  Token token;
  double probability;
};

/// The tokens that may come next after all rules, likeliest first (ties: smaller token first);
/// their probabilities sum to 1. logits is (1, V). Throws Error for options out of range, no logits
/// or some that are not finite.
std::vector<Candidate> candidates(const ConstMatrixRef& logits, const SamplingOptions& options = {},
                                  TokenSpan before = {});

/// Draws one of them, each in proportion to its probability: who takes some out of the list need
/// not make the others sum to 1. Throws Error unless all are 0 or more, and their sum over 0.
Token sample(const std::vector<Candidate>& from, Random& random);

}}  // namespace damla::DAMLA_ABI
