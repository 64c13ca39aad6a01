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
#include "worlds/places.hpp"

namespace damla {

using Rows = std::vector<std::vector<std::string>>;

/// How tokenizers cut a text of so many words that none of them has seen, and some words.
struct CutsTable {
  std::string fresh;
  std::size_t words;
  Rows rows{{"", "vocabulary / sözlük", "tokens per word / kelime başına token",
             "unknown / bilinmeyen", "müthiş", "evlerimizden", "Gençlerbirliği'nin"}};

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
  Rows rows{{"text / metin", "words / kelime", "tokens / token",
             fmt::format("inputs (× {0}) / girdi (× {0})", dimensions)}};
  for (const auto& [name, n] :
       {std::pair("sentence / cümle", 10), {"page / sayfa", 300}, {"book / kitap", 80000}})
    rows.push_back({name, std::to_string(n), fmt::format("{:.0f}", n * tokens_per_word),
                    fmt::format("{:.0f}", n * (tokens_per_word * dimensions))});
  lesson.table("Inputs: tokens × dimensions", "Girdiler: token × boyut", rows);
}

/// One of each group.
inline const std::array<std::string, 5> shown_words{"müthiş", "berbat", "köfte", "kedi", "roman"};

/// Their five nearest.
inline void show_nearest(report::Lesson& lesson, const WordTokenizer& words,
                         const Matrix& vectors) {
  Rows rows{{"word / kelime", "nearest / en yakın"}};
  for (const std::string& word : shown_words) {
    rows.push_back({word, ""});
    for (const Neighbour& near : nearest(vectors, words.token(word), 5))
      rows.back()[1] += words.piece(near.word) + " ";
  }
  lesson.table("The five nearest words", "En yakın beş kelime", rows);
}

/// The cosine of each two of twenty words, and a map of the adjectives.
inline void draw_meaning(report::Lesson& lesson, const WordTokenizer& words,
                         const worlds::ContextSource& source, const Matrix& vectors) {
  std::vector<std::string> shown;
  for (const std::string& word : shown_words)
    for (std::size_t i = 0; i < 4; ++i) shown.push_back(source.group_of(word)->words[i]);
  const Tokens tokens = words.encode(fmt::format("{}", fmt::join(shown, " ")));
  const char* title = "Kosinüsler: komşulardan öğrenilen";
  report::draw_heat_map(lesson.picture("skip_gram", "Cosines, learned from company", title),
                        {.title = std::string("Cosines, learned from company / ") + title}, shown,
                        shown, cosines(vectors_of(vectors, tokens)));
  shown.resize(8);  // those of praise and blame
  report::draw_words(lesson.picture("map", "A map of adjectives", "Sıfatların haritası"),
                     {.title = "Adjectives / Sıfatlar"}, shown,
                     principal_components(vectors_of(vectors, TokenSpan(tokens).first(8)), 2));
}

/// What came nearest to base + direction for nouns that the direction was not found on.
struct SuffixTable {
  Index vocab_size;
  Rows rows{{"suffix / ek", "right, % / doğru, %", "for example / örneğin"}};

  /// Returns the share that is right, in %.
  double add(const std::string& name, const std::vector<std::string>& found,
             const std::vector<std::string>& right) {
    double count = 0;
    std::string shown;
    for (std::size_t i = 0; i < found.size(); ++i) {
      count += found[i] == right[i];
      if (i < 3) shown += found[i] + (found[i] == right[i] ? "  " : " (≠ " + right[i] + ")  ");
    }
    const double percent = 100 * count / static_cast<double>(found.size());
    rows.push_back({name, fmt::format("{:.0f}", percent), shown});
    return percent;
  }
  void show(report::Lesson& lesson) const {
    lesson.table("A suffix is a direction: tried on nouns that it was not found on",
                 "Ek bir yöndür: bulunmadığı isimlerde denendi", rows);
    report::say("By chance: {:.1f} %, one word of {}\n", "Rastgele: %{:.1f}, {} kelimeden biri\n",
                100.0 / static_cast<double>(vocab_size - 1), vocab_size - 1);
  }
};

/// A map of what suffixes add: evde − ev, okulda − okul, … of six nouns.
inline void draw_suffixes(report::Lesson& lesson, const WordTokenizer& words,
                          const worlds::PlaceSource& source, const Matrix& vectors) {
  constexpr Index nouns = 6;
  const Index suffixes = std::ssize(source.inflections) - 1;
  Matrix added(nouns * suffixes, vectors.cols());
  std::vector<std::string> shown;
  for (Index i = 0; i < nouns; ++i)
    for (Index k = 0; k < suffixes; ++k) {
      const worlds::Place& place = source.places[static_cast<std::size_t>(i)];
      shown.push_back(source.form(place, source.inflections[static_cast<std::size_t>(k + 1)]));
      added.row(i * suffixes + k) =
          vectors.row(words.token(shown.back())) - vectors.row(words.token(place.noun));
    }
  report::draw_words(lesson.picture("suffixes", "What suffixes add: a map of form − bare noun",
                                    "Eklerin kattığı: ekli − yalın vektörlerin haritası"),
                     {.title = "form − bare noun / ekli − yalın"}, shown,
                     principal_components(added, 2));
}

}  // namespace damla
