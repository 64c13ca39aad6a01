#pragma once

#include <concepts>
#include <string>
#include <string_view>

#include "damla/core/scalar.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// Text in, tokens out, and back: what CharacterTokenizer, WordTokenizer and BytePairTokenizer have
/// in common. Tokens are 0 … vocab_size() − 1; decode and piece throw Error for any other.
template <class T>
concept Tokenizer = requires(const T& t, std::string_view text, TokenSpan tokens, Token token,
                             const std::string& path) {
  { t.encode(text) } -> std::same_as<Tokens>;
  { t.decode(tokens) } -> std::same_as<std::string>;
  { t.vocab_size() } -> std::same_as<Index>;
  { t.piece(token) } -> std::same_as<std::string>;  // one token as it is shown to people
  t.save(path);                                     // JSON
  { T::load(path) } -> std::same_as<T>;
};

}}  // namespace damla::DAMLA_ABI
