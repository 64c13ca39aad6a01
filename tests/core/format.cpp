// First, since with it a matrix is a range, too. The other order: tests/core/format_order.cpp.
#include <fmt/ranges.h>

#include <limits>
#include <vector>

#include "damla/core/format.hpp"
#include "damla/core/matrix.hpp"
#include "helpers/catch.hpp"

using namespace damla;

TEST_CASE("fmt prints a matrix: its shape, and its numbers below each other", "[core]") {
  Matrix m(2, 2);
  m << 1, 2.5, -3, 0.25;
  CHECK(fmt::format("{}", m) ==
        "2×2\n"
        "   1   2.5\n"
        "  -3  0.25");
  CHECK(fmt::format("{}", Matrix(3, 0)) == "3×0");
  CHECK(fmt::format("{}", Matrix()) == "0×0");
}

TEST_CASE("fmt prints rows, blocks, references and transposes by their own shape", "[core]") {
  Matrix m(2, 3);
  m << 1, 2, 3, 40, 50, 60;
  const RowVector row = m.row(1);
  CHECK(fmt::format("{}", row) == "1×3\n  40  50  60");
  CHECK(fmt::format("{}", m.rightCols(2)) == "2×2\n   2   3\n  50  60");
  CHECK(fmt::format("{}", m.transpose()) == "3×2\n  1  40\n  2  50\n  3  60");
  const ConstMatrixRef ref = m.topRows(1);
  CHECK(fmt::format("{}", ref) == "1×3\n  1  2  3");
  // A vector of numbers is still a range.
  CHECK(fmt::format("{}", std::vector<int>{1, 2}) == "[1, 2]");
}

TEST_CASE("fmt prints an expression as the matrix that it computes", "[core]") {
  Matrix m(2, 2);
  m << 1, 2, 3, 4;
  CHECK(fmt::format("{}", m + m) == "2×2\n  2  4\n  6  8");
  CHECK(fmt::format("{}", m.array() * Scalar(10)) == "2×2\n  10  20\n  30  40");
  CHECK(fmt::format("{}", m.transpose() * Scalar(0.5)) == "2×2\n  0.5  1.5\n    1    2");
  CHECK(fmt::format("{}", m.col(1)) == "2×1\n  2\n  4");  // its numbers are not side by side
  CHECK(fmt::format("{}", Matrix::Zero(1, 2)) == "1×2\n  0  0");
}

TEST_CASE("of a large matrix fmt prints the first and last three rows and columns", "[core]") {
  Matrix m(9, 10);
  for (Index r = 0; r < 9; ++r)
    for (Index c = 0; c < 10; ++c) m(r, c) = static_cast<Scalar>(10 * r + c);
  CHECK(fmt::format("{}", m) ==
        "9×10\n"
        "   0   1   2  …   7   8   9\n"
        "  10  11  12  …  17  18  19\n"
        "  20  21  22  …  27  28  29\n"
        "   …   …   …  …   …   …   …\n"
        "  60  61  62  …  67  68  69\n"
        "  70  71  72  …  77  78  79\n"
        "  80  81  82  …  87  88  89");
  CHECK(fmt::format("{}", m.topLeftCorner(8, 1)) ==
        "8×1\n   0\n  10\n  20\n  30\n  40\n  50\n  60\n  70");
}

TEST_CASE("four digits are enough, and what is no number is said", "[core]") {
  Matrix m(1, 4);
  m << Scalar(3.14159265), Scalar(-0.000123456), std::numeric_limits<Scalar>::infinity(),
      std::numeric_limits<Scalar>::quiet_NaN();
  CHECK(fmt::format("{}", m) == "1×4\n  3.142  -0.0001235  inf  nan");
}
