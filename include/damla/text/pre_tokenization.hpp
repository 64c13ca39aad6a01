#pragma once

#include <string_view>
#include <vector>

#include "damla/core/scalar.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// How byte-pair encoding cuts text into words before it looks for pairs: no piece ever crosses
/// these cuts. The space before a word belongs to the word. In the notation of regular expressions,
/// the first alternative that fits is taken:
enum class PreTokenization {
  /// Apostrophe and suffix stand apart from the name, accents stay with their letter, digits come
  /// by threes at most:
  ///
  ///     (?<=[\p{L}\p{M}\p{N}])['’]\p{L}[\p{L}\p{M}]*
  ///     | ?\p{L}[\p{L}\p{M}]*| ?\p{N}{1,3}| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
  turkish,
  /// As GPT-2 does (Radford et al., "Language Models are Unsupervised Multitask Learners", 2019):
  ///
  ///     's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
  gpt2,
  /// As Llama 3 does (Grattafiori et al., "The Llama 3 Herd of Models", 2024): a symbol or a blank
  /// belongs to the word behind it, line ends to the symbols before them:
  ///
  ///     (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}
  ///     | ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+
  llama3,
  /// As Qwen 2, 2.5 and 3 do: Llama 3's, with \p{N} for \p{N}{1,3}.
  qwen2,
  /// As SmolLM 2 does: each digit alone, then GPT-2's between them:
  ///
  ///     's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+|\s+(?![^\s\p{N}])|\s+
  smollm2,
  /// As Llama 2 does, whose files write a space as ▁ (Kudo & Richardson, "SentencePiece", 2018): no
  /// cuts but where none of its pieces could reach over, before spaces:
  ///
  ///     [ ]*[^ ]+|[ ]+
  metaspace
};

/// Where the word that begins at byte `begin` (< text.size()) ends. Invalid UTF-8 counts as a
/// symbol.
std::size_t pre_token_end(std::string_view text, std::size_t begin, PreTokenization rule);

/// The first place at or behind `from` where a text can be cut into parts whose words are those of
/// the whole, by these rules and those of the other tokenizers: between a letter or digit and one
/// of `blanks`. text.size() when there is none. By metaspace only a space can be a blank.
std::size_t cut_between_words(std::string_view text, std::size_t from,
                              std::string_view blanks = " \n");

/// All words of the text; joined, they are the text: "Ankara'da 1923" → "Ankara", "'da", " 192",
/// "3".
std::vector<std::string_view> pre_tokens(std::string_view text,
                                         PreTokenization rule = PreTokenization::turkish);

}}  // namespace damla::DAMLA_ABI
