#pragma once

#include <span>
#include <string>
#include <vector>

#include "damla/core/scalar.hpp"
#include "damla/data/token_batch.hpp"
#include "damla/text/word_tokenizer.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// A text and the class that somebody gave it.
struct LabelledText {
  std::string text;
  Token label = 0;
};

/// Texts as a model takes them: tokens, and the class of each text. With `longest`, tokens behind
/// so many are not read. The tokenizer may be anything with `encode`.
struct LabelledTokens {
  std::vector<Tokens> tokens;
  Tokens labels;

  LabelledTokens(std::span<const LabelledText> texts, const auto& tokenizer,
                 std::size_t longest = 1000000) {
    for (const LabelledText& text : texts) {
      tokens.push_back(tokenizer.encode(text.text)), labels.push_back(text.label);
      if (tokens.back().size() > longest) tokens.back().resize(longest);
    }
  }
  /// `batch` of them, drawn with replacement.
  TokenBatch draw(Index batch, Random& random) const;
};

/// The words of all these texts.
WordTokenizer tokenizer_of(std::span<const LabelledText> texts,
                           const WordOptions& options = {.vocab_limit = 20000});

/// Texts from a CSV file with columns text and label, and the names of the labels in alphabetical
/// order, without the spaces around them. Throws Error with the path, and the line where there is
/// one, for a missing column, text or label, for labels that differ only in capital letters, and
/// for fewer than 10 texts, 2 labels or, on average, 2 texts a label.
struct LabelledFile {
  std::vector<LabelledText> texts;
  std::vector<std::string> names;
};
LabelledFile read_labelled_texts(const std::string& path);

}}  // namespace damla::DAMLA_ABI
