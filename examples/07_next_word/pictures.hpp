#pragma once

// The tables and pictures of lesson 07, and the claims that are read from them.

#include <fmt/format.h>

#include "claims.hpp"
#include "report/lesson.hpp"
#include "report/picture.hpp"
#include "worlds/next_word.hpp"

namespace damla::report {
using namespace worlds;

/// What may come after a text: the probability of each word, by the source and by the model.
struct Comparison {
  std::string begun;
  std::vector<double> truth, model;
  double kl = 0;  // nats
};

inline std::size_t index_of(const MarkovSource& source, const std::string& word) {
  return static_cast<std::size_t>(source.encode(word)[0]);
}

/// Truth and model as pairs of bars.
inline void draw_next_word(Lesson& lesson, const MarkovSource& source, const Comparison& next,
                           const std::vector<std::string>& words) {
  std::vector<Series> bars{{"gerçek / truth", {}, {}}, {"model", {}, {}}};
  for (const std::string& word : words) {
    bars[0].y.push_back(next.truth[index_of(source, word)]);
    bars[1].y.push_back(next.model[index_of(source, word)]);
  }
  draw_bars(lesson.picture(
                "next_word",
                "After the lecture's sentence: truth and model (each line is ten times more)",
                "Dersteki cümleden sonra: gerçek ve model (her çizgi altındakinin on katıdır)"),
            {.title = next.begun + " …", .y = "P", .log_y = true, .y_range = {1e-7, 1}}, words,
            bars);
}

/// Claim 12, from the lecture's sentence, which is the first; and the table of all.
inline void show_next_word(Lesson& lesson, const MarkovSource& source,
                           const std::vector<Comparison>& comparisons) {
  const Comparison& cats = comparisons[0];
  const auto claim = [&](const Claim& says, const char* word) {
    const std::size_t w = index_of(source, word);
    lesson.claim(says.with_truth(cats.truth[w]), cats.model[w]);
  };
  claim(claims::next_is_kutu, "kutu");
  claim(claims::next_is_balkon, "balkon");
  claim(claims::next_is_zebra, "zebra");
  lesson.claim(claims::distance_from_truth, cats.kl);

  const std::vector<std::string> words{"kutu", "koltuk", "balkon", "bahçe", "mağara", "zebra"};
  const auto comes_after = [&](const Comparison& next, const std::string& word) {
    return next.truth[index_of(source, word)] >= 5e-5;
  };
  std::vector<std::vector<std::string>> rows{
      {"the text so far", "next", "truth", "model", "KL, nats"}};
  for (const Comparison& next : comparisons)
    for (const std::string& word : words)
      if (comes_after(next, word))
        rows.push_back({next.begun, word, fmt::format("{:.4f}", next.truth[index_of(source, word)]),
                        fmt::format("{:.4f}", next.model[index_of(source, word)]),
                        fmt::format("{:.3f}", next.kl)});
  lesson.table("The next word: truth beside model", "Sonraki kelime: gerçeğin yanında model", rows);

  std::vector<std::string> after_cats;
  for (const std::string& word : words)
    if (comes_after(cats, word)) after_cats.push_back(word);
  draw_next_word(lesson, source, cats, after_cats);
}

/// The losses on the words of one kind of text, in nats.
struct KindLosses {
  double words = 0, model = 0, best = 0;  // how many, and two sums

  void add(double by_model, double by_source) { words += 1, model += by_model, best += by_source; }
  double above_best() const { return (model - best) / words; }
};

inline void show_kinds(Lesson& lesson, const std::vector<KindLosses>& kinds) {
  std::vector<std::vector<std::string>> rows{{"kind", "model, nats a word", "best possible"}};
  double most = 0;
  for (std::size_t k = 0; k < kinds.size(); ++k) {
    rows.push_back({std::string(kind_names[k]),
                    fmt::format("{:.3f}", kinds[k].model / kinds[k].words),
                    fmt::format("{:.3f}", kinds[k].best / kinds[k].words)});
    most = std::max(most, kinds[k].above_best());
  }
  lesson.table("One model, five kinds of text", "Tek model, beş tür metin", rows);
  lesson.claim(claims::any_kind_of_text, most, !lesson.fast);
}

/// The mean loss after one word, two words, … of a window.
inline void draw_positions(Lesson& lesson, const std::vector<double>& model,
                           const std::vector<double>& best) {
  std::vector<double> read;
  for (std::size_t t = 1; t <= model.size(); ++t) read.push_back(static_cast<double>(t));
  draw_lines(lesson.picture("position", "The more it has read, the less surprised it is",
                            "Okudukça daha az şaşırır"),
             {.title = "Okudukça daha az şaşırır",
              .x = "okunan kelime / words read",
              .y = "kayıp / loss (nat)"},
             {{"model", read, model}, {"en iyi / best", read, best}});
}

}  // namespace damla::report
