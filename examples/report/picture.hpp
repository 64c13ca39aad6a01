#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "damla/core/matrix.hpp"

namespace damla::report {

/// What stands around a picture. Any letters may be used.
struct Axes {
  std::string title{}, x{}, y{};
  bool log_x = false, log_y = false;
  std::pair<double, double> y_range{0, 0};  ///< equal: as the numbers ask
};

/// Numbers under a name: a line, a cloud of points, or one colour of bars (then x stays empty).
struct Series {
  std::string name;
  std::vector<double> x, y;
};

/// Every picture's numbers are written as PATH.csv, and what they are as PATH.json: from these the
/// tour's page draws it. Where gnuplot is installed, PATH.svg shows it at once. Colours are those
/// of Okabe and Ito, which colour-blind people can tell apart, and each series has a shape or dash
/// of its own. Returns whether there is an SVG. Throws Error when a file cannot be written.
bool draw_lines(const std::string& path, const Axes& axes, const std::vector<Series>& series);

/// Points of several classes; with `probability` the plane behind them is shaded by P(last class |
/// x, y) and the border drawn where it is ½.
bool draw_scatter(const std::string& path, const Axes& axes, const std::vector<Series>& classes,
                  const std::function<double(double x, double y)>& probability = {});

/// Groups of bars side by side: labels[i] stands under series[k].y[i].
bool draw_bars(const std::string& path, const Axes& axes, const std::vector<std::string>& labels,
               const std::vector<Series>& series);

/// A matrix as colours, with names for its rows and columns; small ones have their numbers printed
/// in the cells.
bool draw_heat_map(const std::string& path, const Axes& axes,
                   const std::vector<std::string>& row_labels,
                   const std::vector<std::string>& column_labels, const ConstMatrixRef& values);

/// Points with a word beside each: a map.
bool draw_words(const std::string& path, const Axes& axes, const std::vector<std::string>& words,
                const ConstMatrixRef& points);

}  // namespace damla::report
