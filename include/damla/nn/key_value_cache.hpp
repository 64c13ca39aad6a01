#pragma once

#include "damla/core/matrix.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// The keys and values of the tokens so far, so that a new token costs one row and not the whole
/// sequence.
struct KeyValueCache {
  Matrix keys;       // (context, C), the first `length` rows in use
  Matrix values;     // (context, C)
  Index length = 0;  // tokens so far
};

}}  // namespace damla::DAMLA_ABI
