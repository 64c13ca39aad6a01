#pragma once

#include <string>
#include <vector>

#include "damla/text/unicode.hpp"
#include "damla/text/word_tokenizer.hpp"

namespace damla {

/// The word between < and >, and every `shortest` to `longest` letters of it in a row:
///
///     letter_grams("ev", 2, 3)   // <ev>  <e  ev  v>  <ev  ev>
inline std::vector<std::string> letter_grams(const std::string& word, std::size_t shortest,
                                             std::size_t longest) {
  const std::string marked = "<" + word + ">";
  const std::vector<std::string_view> letters = code_points(marked);
  std::vector<std::string> grams{marked};
  for (std::size_t n = shortest; n <= longest; ++n)
    for (std::size_t i = 0; i + n <= letters.size(); ++i) {
      grams.emplace_back();
      for (std::size_t k = i; k < i + n; ++k) grams.back() += letters[k];
    }
  return grams;
}

/// Pieces of words as tokens, as in fastText (Joulin et al., 2016; Bojanowski et al., 2017). There
/// are too many to number, so each falls into a bucket that its bytes choose (a hash: FNV-1a). Two
/// that share a bucket share a vector.
struct LetterGrams {
  Index buckets = 1 << 14;
  std::size_t shortest = 2, longest = 5;

  Index vocab_size() const { return buckets; }

  Tokens encode(std::string_view text) const {
    Tokens tokens;
    for (const std::string& word : split_words(text, {}))
      for (const std::string& gram : letter_grams(word, shortest, longest))
        tokens.push_back(bucket(gram));
    return tokens;
  }

  Token bucket(std::string_view gram) const {
    std::uint64_t hash = 14695981039346656037u;
    for (const char byte : gram) hash = (hash ^ static_cast<unsigned char>(byte)) * 1099511628211u;
    return static_cast<Token>(hash % static_cast<std::uint64_t>(buckets));
  }
};

}  // namespace damla
