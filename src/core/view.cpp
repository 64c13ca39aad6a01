#include "damla/core/view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

#include "damla/core/error.hpp"

namespace damla { inline namespace DAMLA_ABI {

namespace {
/// Where a number or a token lies: addresses of unrelated memory may be compared only as integers.
std::intptr_t address(const auto* p) { return reinterpret_cast<std::intptr_t>(p); }

/// Row j of b lies in [first + j·stride, … + b.cols), counted in numbers from where a begins, so it
/// meets a's row i, [i·stride, … + a.cols), when −b.cols < first + (j − i)·stride < a.cols.
bool rows_meet(const ConstView& a, const ConstView& b, Index stride) {
  const Index first = (address(b.data) - address(a.data)) / static_cast<Index>(sizeof(Scalar));
  if (stride == 0) return -b.cols < first && first < a.cols;
  // The least j − i that is far enough to the right: one more than the quotient, rounded down.
  const Index over = -b.cols - first;
  const Index least = over / stride - (over % stride < 0 ? 1 : 0) + 1;
  const Index j_minus_i = std::max(least, 1 - a.rows);
  return j_minus_i < b.rows && first + j_minus_i * stride < a.cols;
}
}  // namespace

bool overlap(const ConstView& a, const ConstView& b) {
  if (a.rows == 0 || a.cols == 0 || b.rows == 0 || b.cols == 0) return false;
  if (address(a.row(a.rows - 1) + a.cols) <= address(b.data) ||
      address(b.row(b.rows - 1) + b.cols) <= address(a.data))
    return false;
  // A single row has any stride.
  if (b.rows == 1) return rows_meet(a, b, a.rows == 1 ? 0 : a.stride);
  if (a.rows == 1 || a.stride == b.stride) return rows_meet(a, b, b.stride);
  for (Index i = 0; i < a.rows; ++i)
    if (rows_meet({a.row(i), 1, a.cols, 0}, b, b.stride)) return true;
  return false;
}

bool overlap(TokenSpan a, TokenSpan b) {
  return !a.empty() && !b.empty() && address(a.data()) < address(b.data() + b.size()) &&
         address(b.data()) < address(a.data() + a.size());
}

void expect_apart(std::string_view call, std::initializer_list<Named> read,
                  std::initializer_list<Named> written) {
  for (const Named& out : written) {
    for (const Named& in : read)
      if (overlap(in.view, out.view))
        throw Error(
            fmt::format("{}: {} shares memory with {}, which this call overwrites: copy {} into a "
                        "Matrix of its own first",
                        call, in.name, out.name, in.name));
    for (const Named* other = written.begin(); other != &out; ++other)
      if (overlap(other->view, out.view))
        throw Error(
            fmt::format("{}: {} shares memory with {}, and this call writes both: give each a "
                        "Matrix of its own",
                        call, out.name, other->name));
  }
}

}}  // namespace damla::DAMLA_ABI
