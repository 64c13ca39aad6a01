#pragma once

// The tables and pictures of lesson 02.

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "damla/functional/softmax.hpp"
#include "report/lesson.hpp"
#include "report/picture.hpp"
#include "worlds/shapes.hpp"

namespace damla {

/// The examples, and behind them P(class 1) as the model sees it.
inline void draw_border(report::Lesson& lesson, const std::string& name, const report::Claim& claim,
                        auto& model, const worlds::Examples& data) {
  std::vector<report::Series> classes{{"class 0 / sınıf 0", {}, {}}, {"class 1 / sınıf 1", {}, {}}};
  for (Index i = 0; i < data.features.rows(); ++i) {
    report::Series& points =
        classes[static_cast<std::size_t>(data.classes[static_cast<std::size_t>(i)])];
    points.x.push_back(data.features(i, 0));
    points.y.push_back(data.features(i, 1));
  }
  draw_scatter(lesson.picture(name, claim.says, claim.says_tr),
               {.title = claim.says + " / " + claim.says_tr, .x = "x", .y = "y"}, classes,
               [&](double x, double y) {
                 Matrix p = model.forward((Matrix(1, 2) << Scalar(x), Scalar(y)).finished());
                 functional::softmax(p, p);
                 return static_cast<double>(p(0, 1));
               });
}

/// How far a parameter is turned up to see what the loss does.
inline constexpr double nudge = 1e-4;

/// Numbers with the derivative of the loss by each; for parameters also what comes of turning them
/// up: (loss then − loss before) / nudge.
struct DerivativeTable {
  std::function<double(double, double)> loss_after;
  std::vector<std::vector<std::string>> rows{
      {"", "value / değer", "derivative of the loss / kaybın türevi",
       "tried: turned up by 0.0001 / deneme: 0.0001 artırınca"}};

  void add(const char* name, double value, double derivative,
           std::pair<double, double> turned = {0, 0}) {
    const double tried = (loss_after(turned.first, turned.second) - loss_after(0, 0)) / nudge;
    rows.push_back({name, fmt::format("{:.4f}", value), fmt::format("{:.4f}", derivative),
                    turned.first + turned.second > 0 ? fmt::format("{:.4f}", tried) : ""});
  }
  void show(report::Lesson& lesson, const std::string& title, const std::string& title_tr) const {
    lesson.table(title, title_tr, rows);
  }
};

/// What networks of several sizes reach, each from several starts.
struct SizesTable {
  std::vector<std::vector<std::string>> rows{
      {"hidden layers / gizli katman", "neurons / nöron", "parameters / parametre",
       "worst start, % / en kötü başlangıç, %", "best start, % / en iyi başlangıç, %"}};

  /// Returns the best.
  double add(const std::string& name, Index neurons, Index parameters,
             const std::vector<double>& reached) {
    const auto [worst, best] = std::ranges::minmax(reached);
    rows.push_back({name, std::to_string(neurons), std::to_string(parameters),
                    fmt::format("{:.1f}", worst), fmt::format("{:.1f}", best)});
    return best;
  }
  void show(report::Lesson& lesson) const {
    lesson.table("A target of four rings: one hidden layer, and two",
                 "Dört halkalı hedef tahtası: bir ve iki gizli katman", rows);
  }
};

/// What networks of each hidden width (a row) reach after each number of examples (a column).
struct Grid {
  std::vector<Index> widths{2, 4, 8, 16, 32, 64}, counts{60, 120, 240, 480, 960, 1920};
  Matrix percent = Matrix::Zero(6, 6);
  double best = 0;  ///< what the best possible classifier reaches
};

inline void draw_grid(report::Lesson& lesson, const Grid& grid) {
  report::say("the largest model, most data: {:.1f} % right; the best possible: {:.1f} %\n",
              "en büyük model, en çok veri: %{:.1f} doğru; olabilecek en iyi: %{:.1f}\n",
              grid.percent(5, 5), grid.best);
  std::vector<std::string> rows, columns;
  for (const Index width : grid.widths)
    rows.push_back(fmt::format("{0} neurons / {0} nöron", width));
  for (const Index count : grid.counts)
    columns.push_back(fmt::format("{0} examples / {0} örnek", count));
  report::draw_heat_map(
      lesson.picture("grid", "Accuracy in %: neurons × examples", "Doğruluk, %: nöron × örnek"),
      {.title = "Accuracy, % / Doğruluk, %"}, rows, columns, grid.percent);
}

}  // namespace damla
