#pragma once

#include "damla/core/scalar.hpp"

namespace damla::inline DAMLA_ABI {

/// What the parts of a transformer block are built from.
struct BlockOptions {
  Index channels = 64;
  Index heads = 4;
  bool causal = true;         ///< a token sees only itself and those before it
  Scalar dropout = 0;         ///< on what each half of a block adds to the stream
  double deviation = 0.02;    ///< of the initial weights (GPT-2)
  double projection_deviation = 0.02;  ///< of those that write to the stream: GPT-2 divides by √(2·layers)
};

}  // namespace damla::inline DAMLA_ABI
