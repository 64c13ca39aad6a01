#pragma once

// The table and the picture of lesson 14.

#include <fmt/core.h>

#include <string>
#include <utility>
#include <vector>

#include "asking.hpp"
#include "report/lesson.hpp"
#include "report/picture.hpp"

namespace damla {

/// Where it goes right.
inline void show_steps(report::Lesson& lesson, const Steps& taught, const Steps& held_out) {
  std::vector<std::vector<std::string>> rows{{"step", "taught", "held out"}};
  for (const auto& [name, part] : {std::pair{"copies the team", &Steps::team},
                                   {"finds its year", &Steps::year},
                                   {"finds that year's champion", &Steps::champion},
                                   {"step by step: the answer", &Steps::answer},
                                   {"directly: the answer", &Steps::direct}})
    rows.push_back(
        {name, fmt::format("{:.0f} %", taught.*part), fmt::format("{:.0f} %", held_out.*part)});
  lesson.table("Where it goes right: questions that it was taught, and others",
               "Nerede doğru yapıyor: öğretilen sorular ve ötekiler", rows);
}

/// Right answers while the two models learn.
inline void draw_steps(report::Lesson& lesson, const std::vector<report::Series>& lines) {
  draw_lines(
      lesson.picture("steps", "Answers about held-out teams while it learns",
                     "Öğrenirken, hiç sorulmamış takımlar hakkındaki yanıtlar"),
      {.title = "Adım adım / step by step", .x = "step / adım", .y = "%", .y_range = {0, 105}},
      lines);
}

}  // namespace damla
