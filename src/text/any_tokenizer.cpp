#include "damla/text/any_tokenizer.hpp"

#include <algorithm>

#include "text/text_files.hpp"

namespace damla { inline namespace DAMLA_ABI {

std::string_view AnyTokenizer::kind() const {
  constexpr std::string_view names[] = {"characters", "words", "byte pairs"};
  return names[tokenizer_.index()];
}

std::optional<Token> AnyTokenizer::special(std::string_view name) const {
  if (const auto* words = std::get_if<WordTokenizer>(&tokenizer_)) {
    const auto& names = words->options().special_tokens;
    if (std::find(names.begin(), names.end(), name) != names.end()) return words->token(name);
  }
  if (const auto* pairs = std::get_if<BytePairTokenizer>(&tokenizer_))
    for (const Token t : pairs->special_tokens())
      if (pairs->bytes(t) == name) return t;
  return {};
}

Token AnyTokenizer::token(std::string_view name) const {
  if (const auto found = special(name)) return *found;
  throw Error(fmt::format("AnyTokenizer::token: the vocabulary has no special token \"{}\"", name));
}

Tokens AnyTokenizer::ends_of_text() const {
  if (!ends_of_text_.empty()) return ends_of_text_;
  const auto end = special(end_of_text_name);
  return end ? Tokens{*end} : Tokens{};
}

std::optional<Token> AnyTokenizer::end_of_text() const {
  const Tokens ends = ends_of_text();
  return ends.empty() ? std::nullopt : std::optional(ends.front());
}

void AnyTokenizer::set_text_limits(std::optional<Token> begin, Tokens ends) {
  if (begin) piece(*begin);  // throws
  for (const Token t : ends) piece(t);
  begin_of_text_ = begin;
  ends_of_text_ = std::move(ends);
}

void AnyTokenizer::add_special(std::span<const std::string> names) {
  for (const std::string& name : names) {
    if (special(name)) continue;
    auto* pairs = std::get_if<BytePairTokenizer>(&tokenizer_);
    if (pairs == nullptr)
      throw Error(
          fmt::format("AnyTokenizer::add_special: the vocabulary has no token \"{}\", and one of "
                      "{} cannot grow: use byte pairs",
                      name, kind()));
    pairs->add_special(name);
  }
}

Tokens AnyTokenizer::encode_plain(std::string_view text) const {
  if (const auto* words = std::get_if<WordTokenizer>(&tokenizer_)) return words->encode_plain(text);
  return encode(text);
}

Tokens AnyTokenizer::encode_with_special(std::string_view text, std::string_view plain) const {
  return visit([&](const auto& t) {
    if constexpr (requires { t.encode_with_special(text, plain); })
      return t.encode_with_special(text, plain);
    else return t.encode(text);
  });
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
