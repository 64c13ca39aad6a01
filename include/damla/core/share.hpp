#pragma once

#include "damla/core/scalar.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// One of several parts, about equal: of a batch's sequences, of a matrix's rows. The default is
/// all of it.
struct Share {
  Index part = 0, parts = 1;

  /// Of n things, those from begin(n) up to begin(n) + size(n).
  Index begin(Index n) const { return n * part / parts; }
  Index size(Index n) const { return n * (part + 1) / parts - begin(n); }
  /// Its rows of a matrix.
  auto rows_of(auto& m) const { return m.middleRows(begin(m.rows()), size(m.rows())); }
};

}}  // namespace damla::DAMLA_ABI
