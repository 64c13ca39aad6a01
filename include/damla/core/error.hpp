#pragma once

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

namespace detail {
[[noreturn]] void throw_error(const char* message);
[[noreturn]] void throw_shape(std::string_view call, std::string_view name, Index rows, Index cols,
                              Index expected_rows, Index expected_cols, std::string_view hint);
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

/// Throws Error with `message` unless `condition` holds. For messages that are costly to build, use
/// `if (!…) throw Error(…)`.
inline void require(bool condition, const char* message) {
  if (!condition) detail::throw_error(message);
}

}}  // namespace damla::DAMLA_ABI
