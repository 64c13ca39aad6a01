#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "damla/core/scalar.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// A token for each code point of the text it was built from, in the order of Unicode.
///
///     const auto tokenizer = CharacterTokenizer::from_text("damlaya damlaya göl olur");
///     tokenizer.encode("göl");          // g, ö, l: three tokens
///     tokenizer.decode(tokenizer.encode("göl"));  // "göl"
///
/// Text is normalised to NFC first; invalid UTF-8 and characters that were not in the text become �
/// (token 0).
class CharacterTokenizer {
 public:
  static CharacterTokenizer from_text(std::string_view text);

  Tokens encode(std::string_view text) const;
  std::string decode(TokenSpan tokens) const;
  Index vocab_size() const { return static_cast<Index>(pieces_.size()); }
  std::string piece(Token token) const;

  /// One JSON file. Both throw Error with the path.
  void save(const std::string& path) const;
  static CharacterTokenizer load(const std::string& path);

 private:
  void set_pieces(std::vector<std::string> pieces);
  Token token(char32_t character) const;

  std::vector<std::string> pieces_;  // pieces_[token]: one code point each
  std::vector<Token> frequent_;  // of the characters below U+0800, which UTF-8 writes in two bytes
  std::unordered_map<char32_t, Token> tokens_;
};

}}  // namespace damla::DAMLA_ABI
