#pragma once

#include <cstddef>  // says whether this is glibc

// Under the address sanitizer Eigen would get and free memory in another way than in the library.
#if defined(__GLIBC__) && defined(__LP64__) && !defined(__AVX__) && \
    !defined(EIGEN_MALLOC_ALREADY_ALIGNED)
#define EIGEN_MALLOC_ALREADY_ALIGNED 1
#endif
#include <Eigen/Core>
#include <concepts>
#include <type_traits>

#include "damla/core/scalar.hpp"

// A matrix that the library makes and the program frees must be the same thing to both.
static_assert(EIGEN_MAX_ALIGN_BYTES == DAMLA_ABI_BYTES,
              "damla needs Eigen's own alignment: compile without EIGEN_MAX_ALIGN_BYTES, "
              "EIGEN_DONT_ALIGN and EIGEN_DONT_VECTORIZE");
static_assert(std::is_same_v<Eigen::Index, std::ptrdiff_t>,
              "damla needs Eigen's own Index: compile without EIGEN_DEFAULT_DENSE_INDEX_TYPE");
#if defined(__GLIBC__) && defined(__LP64__)
static_assert(EIGEN_MALLOC_ALREADY_ALIGNED == (DAMLA_ABI_BYTES == 16),
              "damla and this program would free Eigen's matrices in different ways: include damla "
              "before Eigen, and do not define EIGEN_MALLOC_ALREADY_ALIGNED");
#endif

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
template <std::floating_point T>
using Mat = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// What a formula reads: a matrix or a block of one. (type_identity: T is never guessed from the
/// argument.)
template <std::floating_point T>
using In = std::type_identity_t<const Eigen::Ref<const Mat<T>>&>;

/// What a formula writes: a matrix or a block of one, whose shape is right already.
template <std::floating_point T>
using Out = std::type_identity_t<Eigen::Ref<Mat<T>>>;

/// One number that a formula is given.
template <std::floating_point T>
using Number = std::type_identity_t<T>;

/// The T of a formula that is called without naming it, as in `functional::softmax(y, x)`. In a
/// step build it is Scalar, and the debugger steps into the formula. Elsewhere it is nothing, and
/// the call finds the engine's compilation of the same formula (functional/compiled.hpp).
#ifdef DAMLA_STEP
using StepScalar = Scalar;
#else
using StepScalar = void;
#endif

}}  // namespace damla::DAMLA_ABI
