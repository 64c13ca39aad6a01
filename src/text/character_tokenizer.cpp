#include "damla/text/character_tokenizer.hpp"

#include <algorithm>
#include <set>

#include "damla/text/unicode.hpp"
#include "text/parts.hpp"
#include "text/text_files.hpp"

namespace damla { inline namespace DAMLA_ABI {
namespace {

constexpr const char* characters_kind = "damla character tokenizer";
constexpr const char* replacement = "\uFFFD";

}  // namespace

CharacterTokenizer CharacterTokenizer::from_text(std::string_view text) {
  std::set<char32_t> distinct;
  detail::for_each_part(text, [&](std::string_view part) {
    const std::string source = normalize(part);
    for (std::size_t i = 0; i < source.size();) {
      const CodePoint c = next_code_point(source, i);
      distinct.insert(c.value);
      i += c.length;
    }
  });
  distinct.erase(U'\uFFFD');
  std::vector<std::string> pieces{replacement};
  for (const char32_t c : distinct) append_utf8(pieces.emplace_back(), c);
  CharacterTokenizer tokenizer;
  tokenizer.set_pieces(std::move(pieces));
  return tokenizer;
}

void CharacterTokenizer::set_pieces(std::vector<std::string> pieces) {
  pieces_ = std::move(pieces);
  tokens_.clear();
  frequent_.assign(0x800, 0);
  for (std::size_t i = 0; i < pieces_.size(); ++i) {
    const char32_t c = next_code_point(pieces_[i], 0).value;
    tokens_[c] = static_cast<Token>(i);
    if (c < frequent_.size()) frequent_[c] = static_cast<Token>(i);
  }
}

Token CharacterTokenizer::token(char32_t character) const {
  if (character < frequent_.size()) return frequent_[character];
  const auto found = tokens_.find(character);
  return found == tokens_.end() ? 0 : found->second;
}

Tokens CharacterTokenizer::encode(std::string_view text) const {
  Tokens tokens;
  tokens.reserve(std::min(text.size(), detail::part_size));  // a line: no growing by doubling
  detail::for_each_part(text, tokens, [&](std::string_view part) {
    const std::string source = normalize(part);
    for (std::size_t i = 0; i < source.size();) {
      const CodePoint c = next_code_point(source, i);
      tokens.push_back(token(c.value));
      i += c.length;
    }
  });
  return tokens;
}

std::string CharacterTokenizer::decode(TokenSpan tokens) const {
  std::string text;
  for (const Token t : tokens) text += detail::piece_of("CharacterTokenizer::decode", pieces_, t);
  return text;
}

std::string CharacterTokenizer::piece(Token token) const {
  return detail::piece_of("CharacterTokenizer::piece", pieces_, token);
}

void CharacterTokenizer::save(const std::string& path) const {
  detail::save_json("CharacterTokenizer::save", path,
                    {{"kind", characters_kind}, {"pieces", pieces_}});
}

CharacterTokenizer CharacterTokenizer::load(const std::string& path) {
  constexpr const char* call = "CharacterTokenizer::load";
  const nlohmann::json json = detail::load_json(call, path, characters_kind);
  return detail::naming(call, path, [&] {
    auto pieces = detail::get_field<std::vector<std::string>>(json, "pieces");
    if (pieces.empty() || pieces[0] != replacement)
      throw Error(fmt::format("the first piece must be \"{}\"", replacement));
    for (std::size_t i = 0; i < pieces.size(); ++i)
      if (pieces[i].empty() || next_code_point(pieces[i], 0).length != pieces[i].size())
        throw Error(fmt::format("piece {} is \"{}\", but must be one character", i, pieces[i]));
    CharacterTokenizer tokenizer;
    tokenizer.set_pieces(std::move(pieces));
    if (tokenizer.tokens_.size() != tokenizer.pieces_.size()) throw Error("a piece is there twice");
    return tokenizer;
  });
}

}}  // namespace damla::DAMLA_ABI
