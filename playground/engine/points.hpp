#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "damla/core/error.hpp"
#include "damla/core/matrix.hpp"

namespace damla::playground {

/// Points of a plane and the class of each, 0 or 1, as JavaScript has them.
struct LabelledPoints {
  std::vector<float> xy;            // x₀, y₀, x₁, y₁, …
  std::vector<std::int32_t> label;  // one for each point

  void visit_fields(auto&& visit) const { visit("xy", xy), visit("label", label); }
};

/// The same as a model reads them.
struct Points {
  Matrix features;  // (N, 2)
  Tokens classes;   // N

  /// Throws Error unless there is a point, each with two finite numbers and a class, 0 or 1.
  Points(const std::string& room, const LabelledPoints& points)
      : features(std::ssize(points.label), 2), classes(points.label.begin(), points.label.end()) {
    if (classes.empty() || points.xy.size() != 2 * classes.size())
      throw Error(room + ": there are " + std::to_string(points.xy.size()) + " coordinates and " +
                  std::to_string(classes.size()) +
                  " labels; expected one point or more, with two coordinates and a label each");
    for (std::size_t i = 0; i < classes.size(); ++i) {
      const float x = points.xy[2 * i], y = points.xy[2 * i + 1];
      if (!std::isfinite(x) || !std::isfinite(y) || (classes[i] != 0 && classes[i] != 1))
        throw Error(room + ": point " + std::to_string(i) + " is (" + std::to_string(x) + ", " +
                    std::to_string(y) + ") with label " + std::to_string(classes[i]) +
                    "; expected two finite numbers, and 0 or 1");
      features(static_cast<Index>(i), 0) = x, features(static_cast<Index>(i), 1) = y;
    }
  }
};

inline LabelledPoints labelled(const Matrix& features, TokenSpan classes) {
  LabelledPoints points;
  for (Index i = 0; i < features.rows(); ++i) {
    points.xy.push_back(static_cast<float>(features(i, 0)));
    points.xy.push_back(static_cast<float>(features(i, 1)));
  }
  points.label.assign(classes.begin(), classes.end());
  return points;
}

/// Place i of n from one end of a range to the other.
inline double place(double low, double high, std::int32_t i, std::int32_t n) {
  return n < 2 ? (low + high) / 2 : low + (high - low) * i / (n - 1);
}

}  // namespace damla::playground
