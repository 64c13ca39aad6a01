#pragma once

#include <fmt/format.h>

// The table and the pictures of lesson 01.

#include <array>
#include <cmath>
#include <functional>
#include <map>

#include "damla/models/linear_model.hpp"
#include "damla/train/metrics.hpp"
#include "data.hpp"
#include "report/picture.hpp"

namespace damla {

/// Of the songs for which it said about the same: what it said, and how many were arabesk.
inline void show_reliability(report::Lesson& lesson, const Matrix& p_arabesk,
                             const worlds::Songs& songs) {
  std::vector<std::vector<std::string>> rows{{"it said P(arabesk) / dediği P(arabesk)",
                                              "songs / şarkı", "mean / ortalama",
                                              "were arabesk / arabesk çıkan"}};
  for (const ReliabilityBin& bin : reliability_table(p_arabesk, songs.genres))
    rows.push_back({fmt::format("{:.1f} – {:.1f}", bin.low, bin.high), std::to_string(bin.count),
                    fmt::format("{:.3f}", bin.mean_probability), fmt::format("{:.3f}", bin.share)});
  lesson.table("Reliability: what it said, and what came", "Güvenilirlik: ne dedi, ne çıktı", rows);
}

/// Up to 500 songs, the line, and as shade how probable arabesk is on either side of it.
inline void draw_border(report::Lesson& lesson, const worlds::Songs& songs,
                        const std::function<double(double, double)>& p_arabesk) {
  std::vector<report::Series> genres{{"rap", {}, {}}, {"arabesk", {}, {}}};
  for (Index i = 0; i < std::min<Index>(500, songs.features.rows()); ++i) {
    report::Series& genre =
        genres[static_cast<std::size_t>(songs.genres[static_cast<std::size_t>(i)])];
    genre.x.push_back(songs.features(i, 0));
    genre.y.push_back(songs.features(i, 1));
  }
  draw_scatter(
      lesson.picture("border", "Songs, the line, and P(arabesk)", "Şarkılar, çizgi ve P(arabesk)"),
      {.title = "Rap or arabesk? / Rap mi, arabesk mi? (P(arabesk))",
       .x = "tempo (BPM)",
       .y = "energy / enerji"},
      genres, p_arabesk);
}

/// Over the songs of each distance from the line (in standard deviations of the features, positive
/// on the side of arabesk): mean of what the model said, of the truth, and how many were arabesk.
inline void draw_distances(report::Lesson& lesson, const LinearModel& model,
                           const Matrix& p_arabesk, const Data& data) {
  const worlds::Songs& songs = data.fresh;
  std::map<double, std::array<double, 4>> bins;  // by distance, in quarters: songs, and three sums
  for (Index i = 0; i < model.y.rows(); ++i) {
    const double distance = model.y(i, 0) / model.weight.value.norm();
    auto& [count, said, came, truth] = bins[(std::floor(4 * distance) + 0.5) / 4];
    ++count, said += p_arabesk(i, 0), came += songs.genres[static_cast<std::size_t>(i)];
    if (data.world)
      truth += data.world->arabesk_probability(songs.features(i, 0), songs.features(i, 1));
  }
  std::vector<report::Series> lines{
      {"model", {}, {}}, {"songs / şarkılar", {}, {}}, {"truth / gerçek", {}, {}}};
  if (!data.world) lines.pop_back();
  for (const auto& [distance, sums] : bins)
    for (std::size_t k = 0; k < lines.size() && sums[0] >= 30; ++k)
      lines[k].x.push_back(distance), lines[k].y.push_back(sums[k + 1] / sums[0]);
  draw_lines(lesson.picture("distance", "The farther from the line, the surer",
                            "Çizgiden ne kadar uzaksa o kadar emin"),
             {.title = "The farther, the surer / Ne kadar uzaksa o kadar emin",
              .x = "distance from the line / çizgiden uzaklık",
              .y = "P(arabesk)"},
             lines);
}

/// Up to 500 songs: the predicted number, and the actual one.
inline void draw_regression(report::Lesson& lesson, const Matrix& predicted, const Matrix& actual) {
  std::vector<report::Series> dances{{"songs / şarkılar", {}, {}}, {"y = x", {}, {}}};
  for (Index i = 0; i < std::min<Index>(500, actual.rows()); ++i)
    for (std::size_t k = 0; k < 2; ++k) {
      dances[k].x.push_back(predicted(i, 0));
      dances[k].y.push_back(k == 0 ? actual(i, 0) : predicted(i, 0));
    }
  draw_scatter(lesson.picture("regression", "Danceability, predicted and actual",
                              "Dans edilebilirlik: tahmin ve gerçek"),
               {.title = "Danceability / Dans edilebilirlik",
                .x = "predicted / tahmin",
                .y = "actual / gerçek"},
               dances);
}

}  // namespace damla
