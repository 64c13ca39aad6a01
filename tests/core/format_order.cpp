// fmt/ranges.h comes after format.hpp here; in format.cpp it comes before.
// clang-format off
#include "damla/core/format.hpp"
#include "damla/core/matrix.hpp"
#include <fmt/ranges.h>
// clang-format on
#include "helpers/catch.hpp"

TEST_CASE("fmt prints a row as a matrix, whichever header comes first", "[core]") {
  damla::RowVector row(2);
  row << 1, 2;
  CHECK(fmt::format("{}", row) == "1×2\n  1  2");
}
