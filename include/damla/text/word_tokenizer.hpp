#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "damla/core/scalar.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// What a WordTokenizer does with capital letters.
enum class Casing {
  lower,  ///< "Işık" and "ışık" are one word
  keep
};

struct WordOptions {
  Casing casing = Casing::lower;
  Index vocab_limit = 0;  ///< at most so many tokens, <unk> and special ones counted; 0: no limit
  std::vector<std::string> special_tokens =
      {};  ///< kept whole wherever they stand in a text: "<son>", "<|soru|>"
};

/// The text cut into words, after `normalize`: letters and digits together; each punctuation mark
/// and emoji by itself; an apostrophe (U+0027 or U+2019) after a word begins a suffix, which is a
/// word of its own and is always written with U+0027; points and commas stay inside numbers.
/// Special tokens are kept whole and are the only words that Casing::lower leaves alone.
///
///     split_words("Gençlerbirliği’nin 1.000 taraftarı!", {})
///     // gençlerbirliği  'nin  1.000  taraftarı  !
std::vector<std::string> split_words(std::string_view text, const WordOptions& options);

/// A token for each word. Token 0 is <unk>, the unknown word; then come the special tokens, then
/// the words.
///
///     const auto tokenizer = WordTokenizer::from_text(
///         corpus, {.vocab_limit = 2000, .special_tokens = {"<son>"}});
///     tokenizer.decode(tokenizer.encode("Gençlerbirliği'nin kupası var."));
///     // "gençlerbirliği'nin kupası var."
class WordTokenizer {
 public:
  static constexpr Token unknown = 0;

  /// The words of the text, the most frequent first, those equally frequent in the order of their
  /// bytes. Throws Error for a special token that is given twice or does not look like <son>, and
  /// for a limit too small for <unk> and the special tokens.
  static WordTokenizer from_text(std::string_view text, const WordOptions& options = {});
  /// Exactly these words, in this order. Throws Error for a word that is given twice or would be
  /// cut into several.
  static WordTokenizer from_words(std::span<const std::string> words,
                                  const WordOptions& options = {});

  /// Words that are not in the vocabulary become <unk>. Special tokens are recognised: for text
  /// that the program wrote itself.
  Tokens encode(std::string_view text) const;
  /// What looks like a special token is words as any other: safe for text from outside.
  Tokens encode_plain(std::string_view text) const;
  /// Special tokens are recognised, but not within `plain`, a part of the text from outside.
  Tokens encode_with_special(std::string_view text, std::string_view plain = {}) const;
  /// The words with spaces between them, but none before . , ? ! ; : … ) ] } ” » and a suffix, none
  /// after ( [ { “ « %.
  std::string decode(TokenSpan tokens) const;
  Index vocab_size() const { return static_cast<Index>(pieces_.size()); }
  std::string piece(Token token) const;

  /// The token of a word or special token as it is stored. Throws Error when there is none.
  Token token(std::string_view word) const;
  bool contains(std::string_view word) const { return find(word) != unknown; }
  const WordOptions& options() const { return options_; }

  /// One JSON file. Both throw Error with the path.
  void save(const std::string& path) const;
  static WordTokenizer load(const std::string& path);

 private:
  explicit WordTokenizer(const WordOptions& options);
  void add(std::string word);
  Token find(std::string_view word) const;
  Tokens encode_with(const std::map<std::string, Token, std::less<>>& special,
                     std::string_view text) const;

  WordOptions options_;
  std::vector<std::string> pieces_;                    // pieces_[token]
  std::vector<std::int32_t> tokens_;                   // a hash table of the words
  std::map<std::string, Token, std::less<>> special_;  // those of them that are special
};

}}  // namespace damla::DAMLA_ABI
