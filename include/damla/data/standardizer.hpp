#pragma once

#include <cmath>
#include <string>

#include "damla/core/error.hpp"
#include "damla/core/matrix.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// Brings features of different units to a common scale: z = (x − mean) / std, column by column.
/// Gradient descent needs it: 1 BPM is a small step, 1 of energy the whole range.
struct Standardizer {
  RowVector mean, std;  // (1, C), those of the data that it was made from

  /// Measures x (N, C). A column that never changes keeps the standard deviation 1. Throws Error
  /// when x has no rows, or a number that is not finite.
  explicit Standardizer(const ConstMatrixRef& x) {
    require(x.rows() > 0, "Standardizer: x has no rows");
    mean.resize(x.cols()), std.resize(x.cols());
    for (Index c = 0; c < x.cols(); ++c) {
      const Eigen::ArrayXd column =
          x.col(c).cast<double>();  // float would lose the sum of many rows
      if (!column.allFinite())
        throw Error("Standardizer: column " + std::to_string(c) +
                    " of x has a number that is not finite (a gap in the data?)");
      const bool constant = column.minCoeff() == column.maxCoeff();
      mean[c] = static_cast<Scalar>(column.mean());
      std[c] =
          constant ? 1 : static_cast<Scalar>(std::sqrt((column - column.mean()).square().mean()));
    }
  }

  /// z (N, C).
  Matrix apply(const ConstMatrixRef& x) const {
    expect_shape("Standardizer::apply", "x", x, any, mean.size(),
                 "as the data that it was made from");
    return (x.rowwise() - mean).array().rowwise() / std.array();
  }
};

}}  // namespace damla::DAMLA_ABI
