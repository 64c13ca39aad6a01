#pragma once

#include <Eigen/Core>

#include "damla/core/scalar.hpp"

namespace damla::inline DAMLA_ABI {

/// A row is a token (or an example), a column is a feature. A batch of B sequences of T tokens is one matrix of B·T rows,
/// row `b*T + t`. There is no other tensor.
using Matrix = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// One row: a bias, a gain, one token's features.
using RowVector = Eigen::Matrix<Scalar, 1, Eigen::Dynamic, Eigen::RowMajor>;

/// A matrix, or a block of one, that is only read. Nothing is copied: consecutive rows may lie further apart than their
/// length (outer stride).
using ConstMatrixRef = Eigen::Ref<const Matrix>;

/// A matrix, or a block of one, that is written to; its shape is fixed.
using MatrixRef = Eigen::Ref<Matrix>;

}  // namespace damla::inline DAMLA_ABI
