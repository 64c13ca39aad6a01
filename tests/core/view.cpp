#include "damla/core/view.hpp"

#include <set>

#include "damla/core/error.hpp"
#include "damla/core/matrix.hpp"
#include "helpers/catch.hpp"
#include "helpers/error_says.hpp"

using namespace damla;

namespace {
std::set<const Scalar*> numbers(ConstView v) {
  std::set<const Scalar*> all;
  for (Index r = 0; r < v.rows; ++r)
    for (Index c = 0; c < v.cols; ++c) all.insert(v.row(r) + c);
  return all;
}
bool share_a_number(ConstView a, ConstView b) {
  const std::set<const Scalar*> of_a = numbers(a);
  for (const Scalar* number : numbers(b))
    if (of_a.contains(number)) return true;
  return false;
}
}  // namespace

TEST_CASE("two views overlap when a number belongs to both: every block of 6×5 numbers", "[core]") {
  // Blocks of the same numbers as 6×5, 5×6 and 3×10: strides that are equal, and that are not.
  Matrix m = Matrix::Zero(6, 5);
  std::vector<ConstView> blocks;
  for (const Index stride : {5, 6, 10})
    for (Index first = 0; first < 30; first += stride == 5 ? 1 : 3)
      for (const Index rows : {0, 1, 2, 3, 6})
        for (const Index cols : {0, 1, 2, 5})
          if (rows == 0 || first + (rows - 1) * stride + cols <= 30)
            blocks.emplace_back(m.data() + first, rows, cols, stride);
  Index overlapping = 0, wrong = 0;
  for (const ConstView& a : blocks)
    for (const ConstView& b : blocks) {
      const bool shared = share_a_number(a, b);
      overlapping += shared ? 1 : 0;
      wrong += overlap(a, b) != shared ? 1 : 0;
    }
  CHECK(wrong == 0);
  CHECK(overlapping > 1000);
  CHECK(overlap(m.transpose(), m.middleCols(2, 1)));
  CHECK_FALSE(overlap(m, Matrix(6, 5)));
  CHECK_FALSE(overlap(ConstView(), m));
}

TEST_CASE("tokens overlap when one belongs to both", "[core]") {
  const Tokens text{1, 2, 3, 4};
  const TokenSpan all(text);
  CHECK(overlap(all, all.subspan(3)));
  CHECK(overlap(all.first(3), all.subspan(2)));
  CHECK_FALSE(overlap(all.first(2), all.subspan(2)));
  CHECK_FALSE(overlap(all, all.first(0)));
  CHECK_FALSE(overlap(all, Tokens{1, 2, 3, 4}));
}

TEST_CASE("what is written lies apart from what is read, and from what else is written", "[core]") {
  Matrix x = Matrix::Zero(3, 4), y = x, z = x;
  CHECK_NOTHROW(expect_apart("f", {{"x", x}}, {{"y", y}, {"z", z}}));
  CHECK_NOTHROW(expect_apart("f", {{"x", x}, {"also x", x}}, {{"y", y}}));
  CHECK(error_says(
      [&] {
        expect_apart("f", {{"x", z.row(1)}}, {{"y", y}, {"z", z}});
      },
      {"f: x shares memory with z, which this call overwrites: copy x"}));
  CHECK(error_says(
      [&] {
        expect_apart("f", {{"x", x}}, {{"y", y.row(0)}, {"z", y}});
      },
      {"f: z shares memory with y", "writes both"}));
}
