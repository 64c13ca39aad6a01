#pragma once

// Homework 3: a byte-pair tokenizer. Write the three functions; then ./grade 3.
//
// The library's own tokenizer, to compare with when yours works:
// damla/text/byte_pair_tokenizer.hpp.
#include <damla/check/homework.hpp>
#include <damla/text/pre_tokenization.hpp>

namespace student {
using namespace damla;

/// The words that merges never cross; joined, they are the text. Here the library's: "Ben eve" →
/// "Ben", " eve".
inline std::vector<std::string_view> words(std::string_view text) { return pre_tokens(text); }

/// Tokens 0 … 255 are the bytes. Merge number i joins two neighbours, `left` and `right`, into the
/// new token 256 + i.
struct BytePair {
  struct Merge {
    Token left, right;
  };
  std::vector<Merge> merges;

  /// Learns vocab_size − 256 merges, in place of those that were there. Each word of the text
  /// begins as its bytes. Then, again and again:
  ///     count every two neighbours, in every word of the text ("aaa" has the pair (a, a) twice);
  ///     take the most frequent pair; among equals the one with the smaller left token,
  ///       then the smaller right token;
  ///     end early when no pair occurs twice;
  ///     join the pair wherever it stands, in each word from left to right.
  void train(std::string_view /*text*/, Index /*vocab_size*/) {
    homework::not_written("BytePair::train");
  }

  /// The text's tokens: in each word, the merge that was learned first is applied wherever it fits,
  /// then the next, …
  Tokens encode(std::string_view /*text*/) const { homework::not_written("BytePair::encode"); }

  /// The bytes that the tokens stand for. decode(encode(text)) == text for any bytes.
  std::string decode(const Tokens& /*tokens*/) const { homework::not_written("BytePair::decode"); }
};

}  // namespace student
