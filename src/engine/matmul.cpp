#include "engine/matmul.hpp"

#include <string>

#include "damla/core/error.hpp"
#include "damla/core/matmul.hpp"
#include "engine/product.hpp"
#include "engine/team.hpp"

namespace damla { inline namespace DAMLA_ABI {

namespace {
/// The rows [r, r + n) of a as meant, over the columns [c, c + k).
ConstView part(ConstView a, Index r, Index n, Index c, Index k) {
  ConstView p = a;
  if (a.transposed) {
    p.data = a.data + c * a.stride + r;
    p.rows = k, p.cols = n;
  } else {
    p.data = a.data + r * a.stride + c;
    p.rows = n, p.cols = k;
  }
  return p;
}

/// What is added to the rows, or the columns, from `first` on.
ConstView below(ConstView start, Index first) {
  if (start.data != nullptr) start.data += first * start.stride;
  return start;
}
ConstView right(ConstView start, Index first) {
  if (start.data != nullptr) start.data += first;
  return start;
}
}  // namespace

namespace detail {
void matmul(View out, ConstView a, ConstView b, ConstView start) {
  expect_apart("matmul",
               {{"a", a}, {"b", b}, {"bias", start.data == out.data ? ConstView() : start}},
               {{"out", out}});
  matmul(out, a, b, start, Triangle::none);
}

void matmul(View out, ConstView a, ConstView b, ConstView start, Triangle lower) {
  const Index n = a.height(), k = a.width(), m = b.width();
  if (k != b.height())
    throw Error("matmul: a is " + shape_text(n, k) + ", b is " + shape_text(b.height(), m) +
                ": the columns of a must be as many as the rows of b");
  if (out.rows != n || out.cols != m)
    throw Error("matmul: a is " + shape_text(n, k) + ", b is " + shape_text(b.height(), m) +
                ", so the result is " + shape_text(n, m) + ", but out is " +
                shape_text(out.rows, out.cols));
  if (lower != Triangle::none && (lower == Triangle::out ? n != m : n != k))
    throw Error("matmul: a triangle must be square, but is " +
                (lower == Triangle::out ? shape_text(n, m) : shape_text(n, k)));
  if (start.rows == 0) start.data = nullptr;
  if (start.data != nullptr && start.data != out.data) {
    if (start.transposed || start.rows != 1 || start.cols != m)
      throw Error("matmul: the bias is " + shape_text(start.height(), start.width()) +
                  ", but needs to be " + shape_text(1, m));
    start.stride = 0;
  }
  if (n == 0 || m == 0) return;

  if (lower == Triangle::none) {
    const double work =
        2.0 * static_cast<double>(n) * static_cast<double>(m) * static_cast<double>(k);
    const int team = team_for(work / 4);
    // The larger side of `out` is split, at whole tiles. Few columns would go in unequal shares.
    const Index row_unit = product_rows(), column_unit = product_columns();
    const bool by_rows = n >= m || (m < 4 * column_unit * team && n >= 2 * row_unit * team);
    for_team(team, [&](int i) {
      const Share s = share(by_rows ? n : m, i, team, by_rows ? row_unit : column_unit);
      const Index size = s.last - s.first;
      if (size == 0) return;
      if (by_rows)
        product(View(out.row(s.first), size, m, out.stride), part(a, s.first, size, 0, k), b,
                below(start, s.first));
      else
        product(View(out.data + s.first, n, size, out.stride), a, part(b, 0, k, s.first, size),
                right(start, s.first));
    });
    return;
  }

  // Triangles belong to single heads of attention: each is one thread's work.
  product(out, a, b, start, lower);
}

}  // namespace detail
}}  // namespace damla::DAMLA_ABI
