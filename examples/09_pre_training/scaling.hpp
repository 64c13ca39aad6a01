#pragma once

// For lesson 09: how the loss falls with the size of a network and with the amount of text.

#include <algorithm>
#include <cmath>
#include <vector>

#include "damla/damla.hpp"
#include "worlds/zipf_source.hpp"

namespace damla {

/// y = a·x + b by least squares, and how much of y's spread it explains.
struct Line {
  double slope = 0, start = 0, r2 = 0;

  static Line through(const std::vector<double>& x, const std::vector<double>& y) {
    const auto n = static_cast<double>(x.size());
    double sx = 0, sy = 0, sxx = 0, sxy = 0, syy = 0;
    for (std::size_t i = 0; i < x.size(); ++i)
      sx += x[i], sy += y[i], sxx += x[i] * x[i], sxy += x[i] * y[i], syy += y[i] * y[i];
    const double xx = sxx - sx * sx / n, xy = sxy - sx * sy / n, yy = syy - sy * sy / n;
    return {xy / xx, (sy - xy / xx * sx) / n, xy * xy / (xx * yy)};
  }
};

/// Line::through the logarithms: y = e^start · x^slope.
inline Line log_line(std::vector<double> x, std::vector<double> y) {
  for (double& v : x) v = std::log(v);
  for (double& v : y) v = std::log(v);
  return Line::through(x, y);
}

/// Held-out loss above the floor, in nats: a row for each size, a column for each amount of text.
struct Grid {
  std::vector<Index> channels{4, 6, 10, 16}, words{1000, 3000, 10000, 30000};
  std::vector<double> parameters{};
  std::vector<std::vector<double>> above{};

  std::vector<double> column(std::size_t n) const {
    std::vector<double> y;
    for (const auto& row : above) y.push_back(row[n]);
    return y;
  }
  /// The least loss with each amount of text, of whatever size.
  std::vector<double> best() const {
    std::vector<double> y;
    for (std::size_t n = 0; n < words.size(); ++n) y.push_back(std::ranges::min(column(n)));
    return y;
  }
  std::vector<double> amounts() const { return {words.begin(), words.end()}; }
};

}  // namespace damla
