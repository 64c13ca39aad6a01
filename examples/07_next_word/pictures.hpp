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
  std::vector<Series> bars{{"truth / gerçek", {}, {}}, {"model", {}, {}}};
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
  std::vector<std::vector<std::string>> rows{{"the text so far / şimdiye kadarki metin",
                                              "next / sonraki", "truth / gerçek", "model",
                                              "KL, nats / KL, nat"}};
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
  std::vector<std::vector<std::string>> rows{{"kind / tür",
                                              "model, nats a word / model, kelime başına nat",
                                              "best possible / olabilecek en iyi"}};
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
             {.title = "The more it has read, the less surprised it is / Okudukça daha az şaşırır",
              .x = "words read / okunan kelime",
              .y = "loss, nats / kayıp, nat"},
             {{"model", read, model}, {"best / en iyi", read, best}});
}

/// A GPT and an LSTM on the same text, after as many updates: nats a word above the best possible.
struct Rivals {
  std::string text;
  double best = 0, gpt = 0, lstm = 0;
};

inline void show_rivals(Lesson& lesson, const Rivals& five_kinds, const Rivals& lists) {
  std::vector<std::vector<std::string>> rows{{"text / metin", "best possible / olabilecek en iyi",
                                              "GPT above it / üstünde, GPT",
                                              "LSTM above it / üstünde, LSTM"}};
  for (const Rivals& r : {five_kinds, lists})
    rows.push_back({r.text, fmt::format("{:.3f}", r.best), fmt::format("{:.3f}", r.gpt),
                    fmt::format("{:.3f}", r.lstm)});
  lesson.table("A GPT beside an LSTM, nats a word", "GPT'nin yanında LSTM, kelime başına nat",
               rows);
  lesson.claim(claims::lstm_where_little_is_remembered, five_kinds.lstm, !lesson.fast);
  lesson.claim(claims::gpt_looks_back, lists.gpt, !lesson.fast);
  lesson.claim(claims::lstm_forgets(lists.best), lists.lstm, !lesson.fast);
}

/// The mean of the losses after `from` words up to `to`.
inline double mean_between(const std::vector<double>& by_position, std::size_t from,
                           std::size_t to) {
  double sum = 0;
  for (std::size_t t = from; t < to; ++t) sum += by_position[t - 1];
  return sum / static_cast<double>(to - from);
}

/// The loss over a window of 1,024 words, in stretches that double.
inline void show_long_windows(Lesson& lesson, const std::vector<double>& model,
                              const std::vector<double>& best) {
  std::vector<std::vector<std::string>> rows{{"words read / okunan kelime",
                                              "model, nats / model, nat",
                                              "best possible / olabilecek en iyi"}};
  Series by_model{"model", {}, {}}, by_best{"best / en iyi", {}, {}};
  for (std::size_t from = 1; from < model.size(); from *= 2) {
    const double m = mean_between(model, from, 2 * from), b = mean_between(best, from, 2 * from);
    rows.push_back({fmt::format("{0} to {1} / {0}–{1}", from, 2 * from - 1),
                    fmt::format("{:.3f}", m), fmt::format("{:.3f}", b)});
    for (Series* s : {&by_model, &by_best}) s->x.push_back(1.4 * static_cast<double>(from));
    by_model.y.push_back(m), by_best.y.push_back(b);
  }
  lesson.table("Up to a thousand words: loss by what has been read",
               "Bin kelimeye kadar: okunana göre kayıp", rows);
  draw_lines(lesson.picture("long_windows", "A thousand words: the loss goes on falling",
                            "Bin kelime: Kayıp düşmeyi sürdürür"),
             {.title = "A thousand words / Bin kelime",
              .x = "words read / okunan kelime",
              .y = "loss, nats / kayıp, nat",
              .log_x = true},
             {by_model, by_best});
  const auto fall = [](const std::vector<double>& losses) {
    return mean_between(losses, 512, 1024) - mean_between(losses, 64, 128);
  };
  lesson.claim(claims::beyond_a_hundred_words(fall(best)), fall(model), !lesson.fast);
}

}  // namespace damla::report
