#pragma once

#include <fmt/ranges.h>

#include <string>
#include <vector>

#include "damla/text/any_tokenizer.hpp"
#include "worlds/contexts.hpp"
#include "worlds/next_word.hpp"

namespace damla::playground {

/// A token as it is shown to people.
struct Piece {
  std::string text;
  double id = 0;

  void visit_fields(auto&& visit) const { visit("text", text), visit("id", id); }
};

/// The tokens of a text, as they are shown to people.
inline std::vector<Piece> pieces_of(const AnyTokenizer& tokenizer, const std::string& text) {
  std::vector<Piece> pieces;
  for (const Token t : tokenizer.encode_plain(text))
    pieces.push_back({tokenizer.piece(t), static_cast<double>(t)});
  return pieces;
}

/// A tokenizer that learns from a text: characters, words or pairs. Throws Error for another kind.
inline AnyTokenizer learn_tokenizer(const std::string& kind, const std::string& text,
                                    const WordOptions& words, Index pairs) {
  if (kind == "characters") return CharacterTokenizer::from_text(text);
  if (kind == "words") return WordTokenizer::from_text(text, words);
  if (kind == "pairs") return BytePairTokenizer::train(text, {.vocab_size = pairs});
  throw Error("the tokenizer is \"" + kind + "\"; expected characters, words or pairs");
}

/// The three tokenizers of lesson 03, learned from one text.
class Tokenizers {
 public:
  /// pairs: the size of the byte pairs' vocabulary.
  Tokenizers(const std::string& text, std::int32_t pairs) {
    for (const std::string& kind : kinds())
      tokenizers_.push_back(learn_tokenizer(kind, text, {}, pairs));
  }

  std::vector<std::string> kinds() const { return {"characters", "words", "pairs"}; }
  std::vector<Piece> pieces(const std::string& kind, const std::string& text) const {
    return pieces_of(of(kind), text);
  }
  double size(const std::string& kind) const { return static_cast<double>(of(kind).vocab_size()); }

  /// What the lesson's tokenizers learn from with seed 1: 4,000 sentences and 6,000 forms of nouns.
  static std::string lesson_text() {
    Random random(1);
    const std::vector<std::string> forms = worlds::turkish_noun_forms(7000);
    return fmt::format("{} {}", worlds::text_of(worlds::ContextSource().draw(4000, random)),
                       fmt::join(forms.begin(), forms.begin() + 6000, " "));
  }

 private:
  const AnyTokenizer& of(const std::string& kind) const {
    const std::vector<std::string> all = kinds();
    for (std::size_t i = 0; i < all.size(); ++i)
      if (all[i] == kind) return tokenizers_[i];
    throw Error("Tokenizers: the kind is \"" + kind + "\"; expected characters, words or pairs");
  }

  std::vector<AnyTokenizer> tokenizers_;
};

}  // namespace damla::playground
