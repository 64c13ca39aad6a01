#include "damla/core/error.hpp"

#include <fmt/format.h>

namespace damla { inline namespace DAMLA_ABI {

#if defined(__GNUC__)
void compile_this_program_with_the_flags_and_the_precision_of_the_library() {}  // core/scalar.hpp
#endif

std::string shape_text(Index rows, Index cols) { return fmt::format("{}×{}", rows, cols); }

namespace detail {
namespace {

[[noreturn]] void throw_needs(std::string_view call, std::string_view name, std::string_view value,
                              std::string_view needs, std::string_view hint) {
  std::string message = fmt::format("{}: {} is {}, but needs {}", call, name, value, needs);
  if (!hint.empty()) message += fmt::format(" ({})", hint);
  throw Error(message);
}

}  // namespace

void throw_error(const char* message) { throw Error(message); }

void throw_shape(std::string_view call, std::string_view name, Index rows, Index cols,
                 Index expected_rows, Index expected_cols, std::string_view hint) {
  std::string needs;
  if (expected_rows != any && expected_cols != any)
    needs = shape_text(expected_rows, expected_cols);
  else if (expected_rows != any) needs = fmt::format("{} rows", expected_rows);
  else needs = fmt::format("{} columns", expected_cols);
  throw_needs(call, name, shape_text(rows, cols), needs, hint);
}

void throw_number(std::string_view call, std::string_view name, double value, const Range& range,
                  std::string_view hint) {
  constexpr double most = std::numeric_limits<Scalar>::max();
  const std::string finite = range.high == most ? ", and finite" : "";
  std::string needs;
  if (range.low == -most && range.high == most) needs = "to be finite";
  else if (range.high >= most)
    needs = range.with_low ? fmt::format("to be {} or more{}", range.low, finite)
                           : fmt::format("to be more than {}{}", range.low, finite);
  else
    needs = fmt::format("to be in {}{}, {}{}", range.with_low ? '[' : '(', range.low, range.high,
                        range.with_high ? ']' : ')');
  throw_needs(call, name, fmt::format("{}", value), needs, hint);
}

void throw_count(std::string_view call, std::string_view name, Index value, Index least, Index most,
                 std::string_view hint) {
  throw_needs(call, name, fmt::format("{}", value),
              least == most ? fmt::format("to be {}", least)
              : most == std::numeric_limits<Index>::max()
                  ? fmt::format("to be at least {}", least)
                  : fmt::format("to be from {} to {}", least, most),
              hint);
}

}  // namespace detail
}}  // namespace damla::DAMLA_ABI
