#pragma once

// The picture of lesson 08, and a row of its table.

#include <fmt/format.h>

#include "damla/damla.hpp"
#include "report/lesson.hpp"
#include "report/picture.hpp"

namespace damla::report {

/// The text so far, the three likeliest words, and the one that was drawn.
inline std::vector<std::string> step_row(const WordTokenizer& words, const Tokens& story,
                                         const std::vector<Candidate>& next, Token drawn) {
  std::vector<std::string> row{words.decode(story)};
  for (std::size_t k = 0; k < 3; ++k)
    row.push_back(fmt::format("{} {:.2f}", words.piece(next[k].token), next[k].probability));
  row.push_back(words.piece(drawn));
  return row;
}

/// The eight likeliest words, which come in the same order at each temperature.
inline void draw_temperatures(Lesson& lesson, const WordTokenizer& words, const std::string& prompt,
                              const std::vector<double>& temperatures,
                              const std::vector<std::vector<Candidate>>& choices) {
  std::vector<std::string> labels;
  for (std::size_t k = 0; k < 8; ++k) labels.push_back(words.piece(choices[1][k].token));
  std::vector<Series> bars;
  for (std::size_t i = 0; i < choices.size(); ++i) {
    Series bar{fmt::format("T = {}", temperatures[i]), {}, std::vector<double>(8)};
    for (std::size_t k = 0; k < 8 && k < choices[i].size(); ++k)
      bar.y[k] = choices[i][k].probability;
    bars.push_back(bar);
  }
  draw_bars(lesson.picture("temperature", "The next word after the prompt, at three temperatures",
                           "Verilen sözden sonraki kelime, üç sıcaklıkta"),
            {.title = prompt + " …", .x = "", .y = "P"}, labels, bars);
}

}  // namespace damla::report
