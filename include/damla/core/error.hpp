#pragma once

#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>

#include "damla/core/scalar.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// What the library throws, in every build type: the call that failed, what it expected, what came,
/// and what to try.
struct Error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// "32×48", for error messages.
std::string shape_text(Index rows, Index cols);

struct Range;

namespace detail {
[[noreturn]] void throw_error(const char* message);
[[noreturn]] void throw_shape(std::string_view call, std::string_view name, Index rows, Index cols,
                              Index expected_rows, Index expected_cols, std::string_view hint);
[[noreturn]] void throw_number(std::string_view call, std::string_view name, double value,
                               const Range& range, std::string_view hint);
[[noreturn]] void throw_count(std::string_view call, std::string_view name, Index value,
                              Index least, Index most, std::string_view hint);
}  // namespace detail

/// Any number of rows (or columns) will do: for `expect_shape`.
inline constexpr Index any = -1;

/// Throws Error unless `m` has the expected shape, for example
/// `Linear::forward: x is 32×48, but needs 64 columns (the layer was built with in = 64)`.
template <class M>
void expect_shape(std::string_view call, std::string_view name, const M& m, Index rows, Index cols,
                  std::string_view hint = {}) {
  if ((rows != any && m.rows() != rows) || (cols != any && m.cols() != cols))
    detail::throw_shape(call, name, m.rows(), m.cols(), rows, cols, hint);
}

/// The numbers that an option may have: from low to high. NaN is in no range.
struct Range {
  double low = 0;
  double high = std::numeric_limits<Scalar>::max();  ///< that is: any that is finite
  bool with_low = true, with_high = true;            ///< whether the ends belong to it

  bool contains(double x) const {
    return (with_low ? x >= low : x > low) && (with_high ? x <= high : x < high);
  }
};
inline constexpr Range not_negative{};                                     ///< 0 or more
inline constexpr Range positive{.with_low = false};                        ///< more than 0
inline constexpr Range a_share{.high = 1};                                 ///< [0, 1]
inline constexpr Range below_one{.high = 1, .with_high = false};           ///< [0, 1)
inline constexpr Range any_finite{std::numeric_limits<Scalar>::lowest()};  ///< but not NaN
/// A standard deviation of initial weights. With more, their products are soon infinite.
inline constexpr Range a_deviation{.high = 1000};

/// Throws Error unless an option is in its range, for example
/// `AdamW::step: beta1 is 1, but needs to be in [0, 1)`.
inline void expect_number(std::string_view call, std::string_view name, double value,
                          const Range& range, std::string_view hint = {}) {
  if (!range.contains(value)) detail::throw_number(call, name, value, range, hint);
}

/// The same for a number of things, from `least` up to `most`, for example
/// `LayerNorm: channels is 0, but needs to be at least 1`.
inline void expect_count(std::string_view call, std::string_view name, Index value, Index least,
                         Index most = std::numeric_limits<Index>::max(),
                         std::string_view hint = {}) {
  if (value < least || value > most) detail::throw_count(call, name, value, least, most, hint);
}

/// More than any size of a model or a batch: what is over it is a mistake, and not worth the
/// memory.
inline constexpr Index largest_size = Index{1} << 24;

/// The same for a size: from 1 to `largest_size`.
inline void expect_size(std::string_view call, std::string_view name, Index value,
                        std::string_view hint = {}) {
  expect_count(call, name, value, 1, largest_size, hint);
}

/// Throws Error with `message` unless `condition` holds. For messages that are costly to build, use
/// `if (!…) throw Error(…)`.
inline void require(bool condition, const char* message) {
  if (!condition) detail::throw_error(message);
}

}}  // namespace damla::DAMLA_ABI
