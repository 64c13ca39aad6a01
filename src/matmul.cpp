#include <atomic>
#include <string>

#include "damla/core/error.hpp"
#include "damla/core/kernels.hpp"
#include "private_eigen.hpp"
#include "threads.hpp"

namespace damla::inline DAMLA_ABI {

namespace {
namespace E = ::damla_private_eigen;
using RowMajor = E::Matrix<Scalar, E::Dynamic, E::Dynamic, E::RowMajor>;
using ColMajor = E::Matrix<Scalar, E::Dynamic, E::Dynamic, E::ColMajor>;
using Stride = E::OuterStride<>;

std::atomic<std::uint64_t> flops{0};

/// Columns of `out` that one product computes at a time: a wide product (a head over 50,000 words) runs a third faster in
/// pieces whose part of b stays in the cache (64 → 77 GFLOP/s on Zen 4).
constexpr Index piece = 528;

/// Where a product may be cut, so that each number is the same to the last bit wherever the cuts are: Eigen computes up to 48
/// columns at a time (three AVX-512 registers of floats; 8, 12 or 24 elsewhere), and those left over at the end another way.
constexpr Index column_unit = 48;
constexpr Index row_unit = 8;
static_assert(piece % column_unit == 0);

template <class A, class B>
void product(View out, const A& a, const B& b, bool add) {
  for (Index j = 0, w = 0; j < out.cols; j += w) {
    w = out.cols - j < piece + piece / 2 ? out.cols - j : piece;  // no narrow piece at the end
    E::Map<RowMajor, 0, Stride> y(out.data + j, out.rows, w, Stride(out.stride));
    if (add) y.noalias() += a * b.middleCols(j, w);
    else y.noalias() = a * b.middleCols(j, w);
  }
}

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

void serial_matmul(View out, ConstView a, ConstView b, bool add) {
  const auto as_rows = [](ConstView m) { return E::Map<const RowMajor, 0, Stride>(m.data, m.rows, m.cols, Stride(m.stride)); };
  const auto as_columns = [](ConstView m) { return E::Map<const ColMajor, 0, Stride>(m.data, m.cols, m.rows, Stride(m.stride)); };
  if (!a.transposed && !b.transposed) product(out, as_rows(a), as_rows(b), add);
  else if (!a.transposed) product(out, as_rows(a), as_columns(b), add);
  else if (!b.transposed) product(out, as_columns(a), as_rows(b), add);
  else product(out, as_columns(a), as_columns(b), add);
}
}  // namespace

std::uint64_t matmul_flops() { return flops.load(std::memory_order_relaxed); }

namespace kernels {

using detail::Share, detail::share, detail::team_for;

void matmul(View out, ConstView a, ConstView b, bool add, Triangle lower) {
  const Index n = a.height(), k = a.width(), m = b.width();
  if (k != b.height())
    throw Error("matmul: a is " + shape_text(n, k) + ", b is " + shape_text(b.height(), m) +
                ": the columns of a must be as many as the rows of b");
  if (out.rows != n || out.cols != m)
    throw Error("matmul: a is " + shape_text(n, k) + ", b is " + shape_text(b.height(), m) + ", so the result is " +
                shape_text(n, m) + ", but out is " + shape_text(out.rows, out.cols));
  if (lower != Triangle::none && (lower == Triangle::out ? n != m : n != k))
    throw Error("matmul: a triangle must be square, but is " +
                (lower == Triangle::out ? shape_text(n, m) : shape_text(n, k)));
  if (n == 0 || m == 0) return;

  if (lower == Triangle::none) {
    const double work = 2.0 * static_cast<double>(n) * static_cast<double>(m) * static_cast<double>(k);
    flops.fetch_add(static_cast<std::uint64_t>(work), std::memory_order_relaxed);
    const int team = team_for(work / 4);
    // The larger side of `out` is split; each number is computed by one thread in one order, whatever the team's size. Few
    // columns would go in unequal shares.
    const bool by_rows = n >= m || (m < 4 * column_unit * team && n >= 2 * row_unit * team);
    detail::for_team(team, [&](int i) {
      const Share s = share(by_rows ? n : m, i, team, by_rows ? row_unit : column_unit);
      const Index size = s.last - s.first;
      if (size == 0) return;
      if (by_rows)
        serial_matmul(View(out.row(s.first), size, m, out.stride), part(a, s.first, size, 0, k), b, add);
      else
        serial_matmul(View(out.data + s.first, n, size, out.stride), a, part(b, 0, k, s.first, size), add);
    });
    return;
  }

  // A triangle goes in blocks of rows, each with the columns that its last row needs.
  constexpr Index block = 64;
  for (Index r = 0; r < n; r += block) {
    const Index h = std::min(block, n - r);
    const View rows(out.row(r), h, m, out.stride);
    Index first = 0, last = r + h;  // the columns in use of these rows of the triangle
    if (lower == Triangle::left && a.transposed) first = r, last = n;
    if (lower == Triangle::out) {
      serial_matmul(View(rows.data, h, last, out.stride), part(a, r, h, 0, k), part(b, 0, k, 0, last), add);
      flops.fetch_add(static_cast<std::uint64_t>(2 * h * last * k), std::memory_order_relaxed);
    } else {
      serial_matmul(rows, part(a, r, h, first, last - first), part(b, first, last - first, 0, m), add);
      flops.fetch_add(static_cast<std::uint64_t>(2 * h * (last - first) * m), std::memory_order_relaxed);
    }
  }
}

}  // namespace kernels
}  // namespace damla::inline DAMLA_ABI
