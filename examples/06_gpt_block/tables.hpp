#pragma once

// The tables of lesson 06 and its picture.

#include <fmt/format.h>

#include <functional>

#include "claims.hpp"
#include "damla/damla.hpp"
#include "damla/models/size.hpp"
#include "report/lesson.hpp"
#include "report/picture.hpp"

namespace damla::report {

/// The updates that --steps asks for, or 600.
inline Index steps_of(const Lesson& lesson) {
  const std::string& asked = lesson.option("--steps");
  if (asked.empty()) return 600;
  if (asked.size() > 6 || asked.find_first_not_of("0123456789") != std::string::npos ||
      std::stoi(asked) < 1)
    throw Error(
        fmt::format("--steps is \"{}\", but needs to be a whole number from 1 to 999999", asked));
  return std::stoi(asked);
}

/// What became of a model: its loss in nats, over all words, and over those that are certain.
struct Outcome {
  std::string name;
  Index parameters = 0;
  double loss = 0, copied = 0, mixed = 0;
};

/// The mean over the words that are asked for. losses[t] is the loss of word t + 1.
inline double mean_where(const std::vector<double>& losses,
                         const std::function<bool(Index)>& asked) {
  double sum = 0, count = 0;
  for (std::size_t t = 0; t < losses.size(); ++t)
    if (asked(static_cast<Index>(t) + 1)) sum += losses[t], count += 1;
  return sum / count;
}

/// Each model's losses beside the best possible; the first is the whole one.
inline void show_outcomes(Lesson& lesson, double best, const std::vector<Outcome>& outcomes) {
  std::vector<std::vector<std::string>> rows{
      {"model", "parameters / parametre", "above the best possible / en iyinin üstünde",
       "cost / bedel", "list read again / tekrar okunan liste", "mixtures / karışımlar"}};
  std::vector<Series> bars{{"list read again / tekrar", {}, {}}, {"mixtures / karışım", {}, {}}};
  const std::vector<std::string> turkish{"bütün GPT", "konumsuz", "artık toplamsız", "normsuz",
                                         "ileri beslemesiz"};
  std::vector<std::string> labels;
  for (const Outcome& o : outcomes) {
    labels.push_back(o.name + " / " + turkish.at(labels.size()));
    rows.push_back({labels.back(), fmt::format("{}", o.parameters),
                    fmt::format("{:.3f}", o.loss - best),
                    fmt::format("{:.3f}", o.loss - outcomes[0].loss),
                    fmt::format("{:.3f}", o.copied), fmt::format("{:.3f}", o.mixed)});
    bars[0].y.push_back(o.copied), bars[1].y.push_back(o.mixed);
  }
  lesson.table(fmt::format("What each part is worth, nats a word (best possible: {:.3f})", best),
               decimal_comma(fmt::format(
                   "Her parçanın değeri, kelime başına nat (olabilecek en iyi: {:.3f})", best)),
               rows);
  draw_bars(lesson.picture("parts",
                           "The same GPT without one of its parts: loss on words that are certain",
                           "Bir parçası alınmış aynı GPT: kesin olan kelimelerdeki kayıp"),
            {.title = "One part missing / Bir parça eksik", .y = "nats / nat"}, labels, bars);
}

/// The learned numbers of a GPT, part by part.
struct Parts {
  Index words, positions, attention, feed_forward, norms;
  Index sum() const { return words + positions + attention + feed_forward + norms; }
};
inline Parts parts_of(const GptOptions& o) {
  const Index C = o.channels, L = o.layers;
  return {.words = o.vocab_size * C,
          .positions = o.context * C,
          .attention = L * (3 * C * C + 3 * C + C * C + C),  // q, k, v; projection
          .feed_forward = L * (4 * C * C + 4 * C + 4 * C * C + C),
          .norms = L * 2 * 2 * C + 2 * C};
}

/// Where a GPT's parameters are, and how many neurons there are. `counted` is what a walk through
/// this lesson's model has counted.
inline void show_sizes(Lesson& lesson, const GptOptions& size, Index counted) {
  std::vector<std::vector<std::string>> rows{{"model", "words / kelimeler", "positions / konumlar",
                                              "attention / dikkat", "feed-forward / ileri besleme",
                                              "norms / normlar", "parameters / parametre",
                                              "neurons / nöron"}};
  for (const auto& [name, o] : {std::pair{"this lesson's / bu dersin", size},
                                {"GPT-2 small", gpt2_small},
                                {"GPT-2 XL", gpt2_xl},
                                {"GPT-3", gpt3}}) {
    const Parts p = parts_of(o);
    std::vector<std::string> row{name};
    for (const Index n :
         {p.words, p.positions, p.attention, p.feed_forward, p.norms, p.sum(), neuron_count(o)})
      row.push_back(fmt::format("{}", n));
    rows.push_back(row);
  }
  lesson.table("Parameters are counted, not neurons", "Sayılan nöronlar değil, parametrelerdir",
               rows);
  if (parts_of(size).sum() != counted)
    throw Error(fmt::format("the parts of this lesson's GPT sum to {}, but it has {} parameters",
                            parts_of(size).sum(), counted));
  lesson.claim(claims::parameters_of_gpt2, static_cast<double>(parts_of(gpt2_small).sum()));
}

}  // namespace damla::report
