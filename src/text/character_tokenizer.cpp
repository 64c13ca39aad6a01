#include "damla/text/character_tokenizer.hpp"

#include <set>

#include "damla/text/unicode.hpp"
#include "text/text_files.hpp"

namespace damla { inline namespace DAMLA_ABI {
namespace {

constexpr const char* kind = "damla character tokenizer";
constexpr const char* replacement = "\uFFFD";

}  // namespace

CharacterTokenizer CharacterTokenizer::from_text(std::string_view text) {
  const std::string source = normalize(text);
  std::set<char32_t> distinct;
  for (std::size_t i = 0; i < source.size();) {
    const CodePoint c = next_code_point(source, i);
    distinct.insert(c.value);
    i += c.length;
  }
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
  for (std::size_t i = 0; i < pieces_.size(); ++i)
    tokens_[next_code_point(pieces_[i], 0).value] = static_cast<Token>(i);
}

Tokens CharacterTokenizer::encode(std::string_view text) const {
  Tokens tokens;
  const std::string source = normalize(text);
  for (std::size_t i = 0; i < source.size();) {
    const CodePoint c = next_code_point(source, i);
    const auto found = tokens_.find(c.value);
    tokens.push_back(found == tokens_.end() ? 0 : found->second);
    i += c.length;
  }
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
  detail::save_json("CharacterTokenizer::save", path, {{"kind", kind}, {"pieces", pieces_}});
}

CharacterTokenizer CharacterTokenizer::load(const std::string& path) {
  constexpr const char* call = "CharacterTokenizer::load";
  const nlohmann::json json = detail::load_json(call, path, kind);
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
