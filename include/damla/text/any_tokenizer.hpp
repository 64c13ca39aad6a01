#pragma once

#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>

#include "damla/text/byte_pair_tokenizer.hpp"
#include "damla/text/character_tokenizer.hpp"
#include "damla/text/tokenizer.hpp"
#include "damla/text/word_tokenizer.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// The special token that ends a text, by the name that GPT-2 gave it.
inline constexpr std::string_view end_of_text_name = "<|endoftext|>";

/// One of the three tokenizers: for programs that learn from a file which it is.
///
///     const auto tokenizer = AnyTokenizer::load("tokenizer.json");
///     fmt::print("{} {}\n", tokenizer.vocab_size(), tokenizer.kind());
class AnyTokenizer {
 public:
  AnyTokenizer(CharacterTokenizer tokenizer) : tokenizer_(std::move(tokenizer)) {}
  AnyTokenizer(WordTokenizer tokenizer) : tokenizer_(std::move(tokenizer)) {}
  AnyTokenizer(BytePairTokenizer tokenizer) : tokenizer_(std::move(tokenizer)) {}

  /// "characters", "words" or "byte pairs".
  std::string_view kind() const;
  /// A special token, where the vocabulary has it: characters never do.
  std::optional<Token> special(std::string_view name) const;
  /// What a model's texts begin with, where its folder says so: Llama's <s>.
  std::optional<Token> begin_of_text() const { return begin_of_text_; }
  /// What ends a text, and the first of these: <|endoftext|>, if the folder does not name others.
  Tokens ends_of_text() const;
  std::optional<Token> end_of_text() const;
  /// No ends: as if none were named. Throws Error for what is not in the vocabulary.
  void set_text_limits(std::optional<Token> begin, Tokens ends);
  /// A special token. Throws Error when there is none.
  Token token(std::string_view name) const;
  /// Adds special tokens that are missing, as the last of the vocabulary. Throws Error when they
  /// are missing in a vocabulary that cannot grow: one of characters or words.
  void add_special(std::span<const std::string> names);
  /// What looks like a special token is plain text: safe for text from outside.
  Tokens encode_plain(std::string_view text) const;
  /// Special tokens are recognised, but not within `plain`, a part of the text from outside.
  Tokens encode_with_special(std::string_view text, std::string_view plain = {}) const;

  /// These do what the tokenizer inside does.
  Tokens encode(std::string_view text) const;
  std::string decode(TokenSpan tokens) const;
  Index vocab_size() const;
  std::string piece(Token token) const;
  void save(const std::string& path) const;

  /// Any file that one of the three has saved. Throws Error with the path.
  static AnyTokenizer load(const std::string& path);

  /// Calls f with the tokenizer inside, a `const BytePairTokenizer&` or another, and returns what f
  /// returns.
  decltype(auto) visit(auto&& f) const { return std::visit(f, tokenizer_); }

 private:
  std::variant<CharacterTokenizer, WordTokenizer, BytePairTokenizer> tokenizer_;
  std::optional<Token> begin_of_text_;
  Tokens ends_of_text_;
};

static_assert(Tokenizer<AnyTokenizer>);

}}  // namespace damla::DAMLA_ABI
