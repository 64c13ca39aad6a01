#pragma once

#include <Eigen/Core>
#include <type_traits>

#include "damla/core/scalar.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// A row is a token (or an example), a column is a feature. A batch of B sequences of T tokens is
/// one matrix of B·T rows, row `b*T + t`. There is no other tensor.
using Matrix = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// One row: a bias, a gain, one token's features.
using RowVector = Eigen::Matrix<Scalar, 1, Eigen::Dynamic, Eigen::RowMajor>;

/// A matrix, or a block of one, that is only read. Nothing is copied: consecutive rows may lie
/// further apart than their length (outer stride).
using ConstMatrixRef = Eigen::Ref<const Matrix>;

/// The same matrix of any number type: what the formulas in functional/ are written for, float and
/// double alike.
template <class T>
using Mat = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// What a formula reads: a matrix or a block of one. (type_identity: T is named or Scalar, never
/// guessed from the argument.)
template <class T>
using In = std::type_identity_t<const Eigen::Ref<const Mat<T>>&>;

/// What a formula writes: a matrix or a block of one, whose shape is right already.
template <class T>
using Out = std::type_identity_t<Eigen::Ref<Mat<T>>>;

}}  // namespace damla::DAMLA_ABI
