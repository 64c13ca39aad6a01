#pragma once

#include "damla/core/matrix.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// The keys and values of the tokens so far, so that a new token costs one row and not the whole
/// sequence.
struct KeyValueCache {
  Matrix keys;       // (room, C), the first `length` rows in use
  Matrix values;     // (room, C)
  Index length = 0;  // tokens so far

  /// Appends n keys and values of one width, and makes room for them where there is none, and for
  /// as many more: the first token behind a prompt shall not have to copy it.
  void append(const ConstMatrixRef& new_keys, const ConstMatrixRef& new_values) {
    const Index n = new_keys.rows(), needed = length + n;
    if (needed > keys.rows()) {
      keys.conservativeResize(2 * needed, new_keys.cols());
      values.conservativeResize(keys.rows(), new_keys.cols());
    }
    keys.middleRows(length, n) = new_keys;
    values.middleRows(length, n) = new_values;
    length = needed;
  }
};

}}  // namespace damla::DAMLA_ABI
