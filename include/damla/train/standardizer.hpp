#pragma once

#include "damla/core/error.hpp"
#include "damla/core/matrix.hpp"

namespace damla::inline DAMLA_ABI {

/// Brings features of different units to a common scale: z = (x − mean) / deviation, column by column. Gradient descent needs
/// it: 1 BPM is a small step, 1 of energy the whole range.
struct Standardizer {
  RowVector mean, deviation;  // (1, C), those of the data that it was made from

  /// Measures x (N, C). A column that never changes keeps the deviation 1. Throws Error when x has no rows.
  explicit Standardizer(const ConstMatrixRef& x) {
    require(x.rows() > 0, "Standardizer: x has no rows");
    mean = x.colwise().mean();
    deviation = ((x.rowwise() - mean).array().square().colwise().mean()).sqrt();
    for (Index c = 0; c < deviation.size(); ++c)
      if (deviation[c] == 0) deviation[c] = 1;
  }

  /// z (N, C).
  Matrix apply(const ConstMatrixRef& x) const {
    expect_shape("Standardizer::apply", "x", x, any, mean.size(), "as the data that it was made from");
    return (x.rowwise() - mean).array().rowwise() / deviation.array();
  }
};

}  // namespace damla::inline DAMLA_ABI
