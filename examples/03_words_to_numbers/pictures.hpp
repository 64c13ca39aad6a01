#pragma once

// The tables and pictures of lesson 03.

#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "damla/models/word_vectors.hpp"
#include "damla/text/cuts.hpp"
#include "damla/text/word_tokenizer.hpp"
#include "report/lesson.hpp"
#include "report/picture.hpp"
#include "worlds/contexts.hpp"

namespace damla {

using Rows = std::vector<std::vector<std::string>>;

/// How tokenizers cut a text of so many words that none of them has seen, and some words.
struct CutsTable {
  std::string fresh;
  std::size_t words;
  Rows rows{{"", "vocabulary", "tokens per word", "unknown", "müthiş", "evlerimizden",
             "Gençlerbirliği'nin"}};

  /// Returns its tokens per word.
  double add(const char* name, const auto& tokenizer) {
    const Tokens tokens = tokenizer.encode(fresh);
    const double length = static_cast<double>(tokens.size());
    const double unknown = static_cast<double>(std::ranges::count(tokens, 0));
    const double per_word = length / static_cast<double>(words);
    rows.push_back({name, std::to_string(tokenizer.vocab_size()), fmt::format("{:.2f}", per_word),
                    fmt::format("{:.1f} %", 100 * unknown / length)});
    for (std::size_t i = 4; i < rows[0].size(); ++i)
      rows.back().push_back(cuts(tokenizer, " " + rows[0][i]));
    return per_word;
  }

  void show(report::Lesson& lesson) const {
    lesson.table("Three tokenizers, on what they never saw",
                 "Üç tokenizer, hiç görmedikleri metinde", rows);
  }
};

/// How many numbers a sentence, a page and a book are.
inline void show_inputs(report::Lesson& lesson, double tokens_per_word, double dimensions) {
  Rows rows{{"text", "words", "tokens", fmt::format("inputs (× {})", dimensions)}};
  for (const auto& [name, n] :
       {std::pair("sentence / cümle", 10), {"page / sayfa", 300}, {"book / kitap", 80000}})
    rows.push_back({name, std::to_string(n), fmt::format("{:.0f}", n * tokens_per_word),
                    fmt::format("{:.0f}", n * (tokens_per_word * dimensions))});
  lesson.table("Inputs: tokens × dimensions", "Girdiler: token × boyut", rows);
}

/// One of each group.
inline const std::array<std::string, 5> shown_words{"müthiş", "berbat", "köfte", "kedi", "roman"};

/// Their five nearest, by vectors learned from company and from labels.
inline void show_nearest(report::Lesson& lesson, const WordTokenizer& words, const Matrix& company,
                         const Matrix& labels) {
  Rows rows{{"word", "nearest: skip-gram", "nearest: classifier"}};
  for (const std::string& word : shown_words) {
    rows.push_back({word, "", ""});
    for (const Neighbour& near : nearest(company, words.token(word), 5))
      rows.back()[1] += words.piece(near.word) + " ";
    for (const Neighbour& near : nearest(labels, words.token(word), 5))
      rows.back()[2] += words.piece(near.word) + " ";
  }
  lesson.table("The five nearest words", "En yakın beş kelime", rows);
}

/// The cosine of each two of twenty words, by both kinds of vectors, and a map of the adjectives.
inline void draw_meaning(report::Lesson& lesson, const WordTokenizer& words,
                         const worlds::ContextSource& source, const Matrix& company,
                         const Matrix& labels) {
  std::vector<std::string> shown;
  for (const std::string& word : shown_words)
    for (std::size_t i = 0; i < 4; ++i) shown.push_back(source.group_of(word)->words[i]);
  const Tokens tokens = words.encode(fmt::format("{}", fmt::join(shown, " ")));
  const auto draw_cosines = [&](const char* name, const char* says, const char* says_tr,
                                const Matrix& vectors) {
    report::draw_heat_map(lesson.picture(name, says, says_tr), {.title = says_tr}, shown, shown,
                          cosines(vectors_of(vectors, tokens)));
  };
  draw_cosines("skip_gram", "Cosines, learned from company", "Kosinüsler: komşulardan öğrenilen",
               company);
  draw_cosines("classifier", "Cosines, learned from labels", "Kosinüsler: etiketlerden öğrenilen",
               labels);
  shown.resize(8);  // those of praise and blame
  report::draw_words(lesson.picture("map", "A map of adjectives", "Sıfatların haritası"),
                     {.title = "Sıfatlar"}, shown,
                     principal_components(vectors_of(company, TokenSpan(tokens).first(8)), 2));
}

}  // namespace damla
