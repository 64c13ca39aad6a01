#pragma once

// The picture and the table of lesson 09.

#include <fmt/format.h>

#include "report/lesson.hpp"
#include "report/picture.hpp"

namespace damla::report {

/// What a model learnt from a text, and how it went.
struct Run {
  double last_loss = 0;                    // mean of the last 100 steps, nats
  double tells_text = 0, tells_truth = 0;  // recall at the end, in %
  Series recall{"recall", {}, {}};         // by step
};

inline void draw_recall(Lesson& lesson, const Run& run) {
  draw_lines(
      lesson.picture("recall", "Recall of the facts while the model reads",
                     "Model okudukça hatırlanan bilgiler"),
      {.title = "Recall of the facts / Bilgilerin hatırlanması", .x = "step / adım", .y = "%"},
      {run.recall});
}

inline void show_runs(Lesson& lesson, const Run& all_true, const Run& wrong) {
  std::vector<std::vector<std::string>> rows{
      {"text", "last loss", "tells what it read", "tells the truth"}};
  for (const auto& [name, run] : {std::pair{"all true", &all_true}, {"30 % wrong", &wrong}})
    rows.push_back({name, fmt::format("{:.3f}", run->last_loss),
                    fmt::format("{:.0f} %", run->tells_text),
                    fmt::format("{:.0f} %", run->tells_truth)});
  lesson.table("Facts that are told wrongly are learnt as gladly",
               "Yanlış anlatılan bilgiler de aynı kolaylıkla öğrenilir", rows);
}

}  // namespace damla::report
