#include "damla/core/error.hpp"

#include <fmt/format.h>

namespace damla { inline namespace DAMLA_ABI {

std::string shape_text(Index rows, Index cols) { return fmt::format("{}×{}", rows, cols); }

namespace detail {

void throw_error(const char* message) { throw Error(message); }

void throw_shape(std::string_view call, std::string_view name, Index rows, Index cols,
                 Index expected_rows, Index expected_cols, std::string_view hint) {
  std::string needs;
  if (expected_rows != any && expected_cols != any)
    needs = shape_text(expected_rows, expected_cols);
  else if (expected_rows != any) needs = fmt::format("{} rows", expected_rows);
  else needs = fmt::format("{} columns", expected_cols);
  std::string message =
      fmt::format("{}: {} is {}, but needs {}", call, name, shape_text(rows, cols), needs);
  if (!hint.empty()) message += fmt::format(" ({})", hint);
  throw Error(message);
}

}  // namespace detail
}}  // namespace damla::DAMLA_ABI
