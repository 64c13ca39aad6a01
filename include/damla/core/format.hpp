#pragma once

#include <fmt/format.h>

#include <concepts>
#include <string>
#include <type_traits>

#include "damla/core/matrix.hpp"
#include "damla/core/view.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// The shape and the numbers, a line for each row:
///
///     2×3
///        1  2.5  -3
///        0    4  10
///
/// Numbers have four digits. Of more than eight rows (or columns) the first and the last three are
/// shown, with … for the others. `fmt::print("{}", matrix)` prints this for a Matrix, a RowVector,
/// a block, Ref, Map or transpose of one, and for an expression such as `a + b`.
std::string matrix_text(ConstView m);

/// What Eigen computes with, as far as it holds a Scalar: a matrix, an array, an expression.
template <class M>
concept Printable =
    std::derived_from<M, Eigen::DenseBase<M>> && std::same_as<typename M::Scalar, Scalar>;

}}  // namespace damla::DAMLA_ABI

// With fmt/ranges.h a matrix would also be a range, which fmt could not choose between.
FMT_BEGIN_NAMESPACE
template <typename T, typename Char>
struct is_range;

template <damla::Printable M>
struct is_range<M, char> : std::false_type {};

template <damla::Printable M>
struct formatter<M, char> : formatter<string_view, char> {
  auto format(const M& m, auto& context) const {
    if constexpr (damla::DirectAccess<M>)
      return formatter<string_view, char>::format(damla::matrix_text(m), context);
    else
      return formatter<string_view, char>::format(damla::matrix_text(damla::Matrix(m.matrix())),
                                                  context);
  }
};
FMT_END_NAMESPACE
