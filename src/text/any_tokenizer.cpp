#include "damla/text/any_tokenizer.hpp"

#include <algorithm>

#include "text/text_files.hpp"

namespace damla { inline namespace DAMLA_ABI {

std::string_view AnyTokenizer::kind() const {
  constexpr std::string_view names[] = {"characters", "words", "byte pairs"};
  return names[tokenizer_.index()];
}

std::optional<Token> AnyTokenizer::end_of_text() const {
  if (const auto* words = std::get_if<WordTokenizer>(&tokenizer_))
    if (words->contains(end_of_text_name)) return words->token(end_of_text_name);
  if (const auto* pairs = std::get_if<BytePairTokenizer>(&tokenizer_))
    for (const Token t : pairs->special_tokens())
      if (pairs->bytes(t) == end_of_text_name) return t;
  return {};
}

Tokens AnyTokenizer::encode(std::string_view text) const {
  return visit([&](const auto& t) { return t.encode(text); });
}

std::string AnyTokenizer::decode(TokenSpan tokens) const {
  return visit([&](const auto& t) { return t.decode(tokens); });
}

Index AnyTokenizer::vocab_size() const {
  return visit([](const auto& t) { return t.vocab_size(); });
}

std::string AnyTokenizer::piece(Token token) const {
  return visit([&](const auto& t) { return t.piece(token); });
}

void AnyTokenizer::save(const std::string& path) const {
  visit([&](const auto& t) { t.save(path); });
}

AnyTokenizer AnyTokenizer::load(const std::string& path) {
  constexpr const char* call = "AnyTokenizer::load";
  const nlohmann::json json = detail::load_json(call, path, "");
  const auto found = json.is_object() ? json.find("kind") : json.end();
  const std::string kind =
      found != json.end() && found->is_string() ? found->get<std::string>() : "missing";
  if (kind == "damla character tokenizer") return CharacterTokenizer::load(path);
  if (kind == "damla word tokenizer") return WordTokenizer::load(path);
  if (kind == "damla byte-pair tokenizer") return BytePairTokenizer::load(path);
  throw Error(fmt::format("{}: {}: is no tokenizer that damla saved: its field \"kind\" is {}",
                          call, path, detail::shown(kind)));
}

}}  // namespace damla::DAMLA_ABI
