#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include "helpers/catch.hpp"
#include "helpers/random_data.hpp"

namespace damla {

/// A block within a larger matrix, whose margin must keep its value. Not a number where nothing was
/// written.
struct Block {
  Matrix whole;
  Index rows, cols;

  Block(Index r, Index c) : whole(Matrix::Constant(r + 3, c + 5, 77)), rows(r), cols(c) {
    inner().setConstant(std::numeric_limits<Scalar>::quiet_NaN());
  }
  explicit Block(const Matrix& m) : Block(m.rows(), m.cols()) { inner() = m; }
  Eigen::Block<Matrix> inner() { return whole.block(1, 2, rows, cols); }
  bool margin_kept() const {
    Matrix m = whole;
    m.block(1, 2, rows, cols).setConstant(77);
    return (m.array() == 77).all();
  }
};
bool margins_kept(const auto&... blocks) { return (blocks.margin_kept() && ...); }

/// What a formula says in double: the oracle of every test.
using Exact = Mat<double>;
inline Exact exact(const ConstMatrixRef& m) { return m.cast<double>(); }

/// What rounding may cost, of one number and of a sum over n rows.
inline constexpr double rounding = sizeof(Scalar) == sizeof(double) ? 1e-12 : 2e-5;
inline double rounding_of_sum(Index n) { return rounding * std::sqrt(static_cast<double>(n)); }

/// The largest distance of m to what is expected, in relation to its size where that is over 1.
inline double distance(const ConstMatrixRef& m, const Exact& expected) {
  if (m.rows() != expected.rows() || m.cols() != expected.cols()) return 1e300;
  double most = 0;
  for (Index i = 0; i < m.rows(); ++i)
    for (Index j = 0; j < m.cols(); ++j) {
      const double e = expected(i, j);
      const double d = std::abs(static_cast<double>(m(i, j)) - e) / std::max(1.0, std::abs(e));
      if (!(d <= most)) most = d;  // NaN counts
    }
  return most;
}

/// Calls test(rows, columns, random) for odd shapes, and one that is large enough for threads.
void for_each_shape(auto&& test) {
  struct Shape {
    Index rows, cols;
  };
  for (const auto [rows, cols] : {Shape{1, 1}, Shape{1, 7}, Shape{7, 1}, Shape{7, 33}, Shape{33, 7},
                                  Shape{33, 257}, Shape{1025, 129}}) {
    CAPTURE(rows, cols);
    Random random(static_cast<std::uint64_t>(rows * 1000 + cols));
    test(rows, cols, random);
  }
}

/// Rows that break a careless softmax: constant ones, and numbers whose exponentials do not exist.
inline Matrix hard_rows(Index cols) {
  Matrix x(6, cols);
  for (Index j = 0; j < cols; ++j) {
    const auto sign = static_cast<Scalar>(j % 2 == 0 ? 1 : -1);
    const auto step = static_cast<Scalar>(j);
    x.col(j) << Scalar(1234.567), Scalar(0), sign * Scalar(1e30), sign * Scalar(1e-30),
        Scalar(-1234.567) + step, Scalar(1e4) * sign + step;
  }
  return x;
}

}  // namespace damla
