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
  std::vector<std::vector<std::string>> rows{
      {"step / adım", "taught / öğretilen", "held out / ayrılmış"}};
  for (const auto& [name, part] :
       {std::pair{"copies the team / takımı kopyalar", &Steps::team},
        {"finds its year / yılını bulur", &Steps::year},
        {"finds that year's champion / o yılın şampiyonunu bulur", &Steps::champion},
        {"step by step: the answer / adım adım: yanıt", &Steps::answer},
        {"at once: the answer / hemen: yanıt", &Steps::at_once}})
    rows.push_back(
        {name, fmt::format("{:.0f} %", taught.*part), fmt::format("{:.0f} %", held_out.*part)});
  lesson.table("Where it goes right: questions that it was taught, and others",
               "Nerede doğru yapıyor: öğretilen sorular ve ötekiler", rows);
}

/// Right answers of the one model while it learns, asked in two ways.
struct Curves {
  report::Series at_once{"at once / hemen", {}, {}}, slow{"step by step / adım adım", {}, {}};

  void add(Index step, const Steps& held_out) {
    for (report::Series* line : {&at_once, &slow}) line->x.push_back(static_cast<double>(step));
    at_once.y.push_back(held_out.at_once), slow.y.push_back(held_out.answer);
  }

  void draw(report::Lesson& lesson) const {
    report::draw_lines(
        lesson.picture("steps", "One model asked in two ways about held-out teams, while it learns",
                       "Öğrenirken tek model: hiç sorulmamış takımlar iki yoldan sorulunca"),
        {.title = "Step by step / Adım adım", .x = "step / adım", .y = "%", .y_range = {0, 105}},
        {at_once, slow});
  }
};

}  // namespace damla
