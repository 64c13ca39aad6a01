#pragma once

#include <utility>

#include "damla/data/token_batch.hpp"

namespace damla {

/// B sequences of T tokens, of which some are padding.
inline TokenBatch padded_batch(Tokens tokens, std::vector<Index> lengths, Index T) {
  TokenBatch batch;
  batch.B = std::ssize(lengths), batch.T = T;
  batch.tokens = std::move(tokens), batch.lengths = std::move(lengths);
  return batch;
}

}  // namespace damla
