#pragma once

#include <algorithm>

#include "damla/text/tokenizer.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// How a tokenizer cuts a text, for people to look at: the pieces with a bar between them, and _
/// for a space.
///
///     cuts(byte_pairs, " evlerimizden");  // "_ev|lerimiz|den"
std::string cuts(const Tokenizer auto& tokenizer, std::string_view text) {
  std::string result;
  for (const Token token : tokenizer.encode(text))
    result += (result.empty() ? "" : "|") + tokenizer.piece(token);
  std::replace(result.begin(), result.end(), ' ', '_');
  return result;
}

}}  // namespace damla::DAMLA_ABI
