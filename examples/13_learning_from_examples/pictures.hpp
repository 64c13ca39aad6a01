#pragma once

// The tables and the picture of lesson 13.

#include <fmt/core.h>

#include <string>
#include <vector>

#include "asking.hpp"
#include "report/lesson.hpp"
#include "report/picture.hpp"

namespace damla {

/// Each proverb with the instruction that it was kept from.
inline void show_proverbs(report::Lesson& lesson, const std::vector<AskedProverb>& proverbs) {
  std::vector<std::vector<std::string>> rows{{"question / soru", "answer / yanıt", ""}};
  for (const AskedProverb& p : proverbs)
    rows.push_back({p.question, p.said, p.right() ? "right / doğru" : "wrong / yanlış"});
  lesson.table("Proverbs with an instruction that they were never seen with",
               "Hiç birlikte görülmedikleri bir talimatla atasözleri", rows);
}

/// Right currencies, in %, by number of examples of the country in the prompt.
inline void show_shots(report::Lesson& lesson, const std::vector<double>& two_layers,
                       const std::vector<double>& one_layer, const std::vector<double>& scrambled) {
  const std::vector<double> x{0, 1, 2, 3, 4};
  const std::vector<report::Series> lines{{"two layers / iki katman", x, two_layers},
                                          {"one layer / tek katman", x, one_layer},
                                          {"scrambled / karışık", x, scrambled}};
  std::vector<std::vector<std::string>> rows{
      {"examples of the country / ülkenin örnekleri", "0", "1", "2", "3", "4"}};
  for (const report::Series& line : lines) {
    rows.push_back({line.name});
    for (const double y : line.y) rows.back().push_back(fmt::format("{:.0f} %", y));
  }
  lesson.table("Right currencies by number of examples", "Örnek sayısına göre doğru para birimleri",
               rows);
  draw_lines(lesson.picture("shots", "Right currencies by number of examples in the prompt",
                            "İstemdeki örnek sayısına göre doğru para birimleri"),
             {.title = "Learning from examples / Örneklerden öğrenme",
              .x = "examples / örnek",
              .y = "%",
              .y_range = {0, 105}},
             lines);
}

}  // namespace damla
