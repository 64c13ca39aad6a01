#pragma once

// The pictures and tables of lesson 09.

#include <fmt/format.h>

#include "report/lesson.hpp"
#include "report/picture.hpp"
#include "scaling.hpp"

namespace damla::report {

/// What a model learnt from a text, and how it went.
struct Run {
  double last_loss = 0;                         // mean of the last 100 steps, nats
  double tells_text = 0, tells_truth = 0;       // recall at the end, in %
  Series recall{"recall / hatırlama", {}, {}};  // by step
};

inline void draw_recall(Lesson& lesson, const Run& run) {
  draw_lines(
      lesson.picture("recall", "Recall of the facts while the model reads",
                     "Model okudukça hatırlanan bilgiler"),
      {.title = "Recall of the facts / Bilgilerin hatırlanması", .x = "step / adım", .y = "%"},
      {run.recall});
}

inline void show_runs(Lesson& lesson, const Run& all_true, const Run& wrong) {
  std::vector<std::vector<std::string>> rows{{"text / metin", "last loss / son kayıp",
                                              "tells what it read / okuduğunu söyler",
                                              "tells the truth / gerçeği söyler"}};
  for (const auto& [name, run] :
       {std::pair{"all true / hepsi doğru", &all_true}, {"30 % wrong / %30'u yanlış", &wrong}})
    rows.push_back({name, fmt::format("{:.3f}", run->last_loss),
                    fmt::format("{:.0f} %", run->tells_text),
                    fmt::format("{:.0f} %", run->tells_truth)});
  lesson.table("Facts that are told wrongly are learnt just as easily",
               "Yanlış anlatılan bilgiler de aynı kolaylıkla öğrenilir", rows);
}

inline void show_grid(Lesson& lesson, const Grid& grid) {
  std::vector<std::vector<std::string>> rows{{"parameters / parametre"}};
  std::vector<Series> lines;
  for (const Index words : grid.words)
    rows[0].push_back(fmt::format("{0} words / {0} kelime", words));
  for (std::size_t i = 0; i < grid.above.size(); ++i) {
    const std::string size = fmt::format("{:.0f}", grid.parameters[i]);
    rows.push_back({size});
    for (const double nats : grid.above[i]) rows.back().push_back(fmt::format("{:.3f}", nats));
    lines.push_back({size, grid.amounts(), grid.above[i]});
  }
  lesson.table("Held-out loss above the floor, in nats: larger networks, more text",
               "Tabanın üstündeki sınama kaybı, nat: daha büyük ağlar, daha çok metin", rows);
  draw_lines(lesson.picture("scaling", "Four sizes of network (parameters), four amounts of text",
                            "Dört ağ boyu (parametre sayısı), dört metin uzunluğu"),
             {.title = "Loss above the floor / Tabanın üstündeki kayıp",
              .x = "words of text / metindeki kelime",
              .y = "nats / nat",
              .log_x = true,
              .log_y = true},
             lines);
}

}  // namespace damla::report
