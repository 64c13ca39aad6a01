#pragma once

#include "damla/core/kernels.hpp"
#include "damla/core/matrix.hpp"

namespace damla::inline DAMLA_ABI {

namespace detail {
/// Throws Error when a product would overwrite what it reads.
void expect_other(const Scalar* out, ConstView a, ConstView b);
}  // namespace detail

/// out = a·b, where a is (n, k), b is (k, m). Every product of activations and weights goes through here: compiled once at
/// full optimisation whatever the build type, shapes always checked, operations counted.
///
///     matmul(y, x, W);               // y  = x·W
///     matmul(dx, dy, W.transpose()); // dx = dy·Wᵀ, nothing is copied
///
/// `out` gets the shape (n, m) and must be another matrix than a and b. A bias (1, m) is added to each row; an empty one is none.
/// Throws Error when a's columns are not b's rows, the bias has another shape, or out is a or b.
inline void matmul(Matrix& out, ConstView a, ConstView b, ConstView bias = {}) {
  detail::expect_other(out.data(), a, b);
  out.resize(a.height(), b.width());
  kernels::matmul(out, a, b, bias);
}

/// The same into a block of a matrix, whose shape must be (n, m) already: throws Error otherwise.
inline void matmul(View out, ConstView a, ConstView b) { kernels::matmul(out, a, b); }

/// out += a·b. The shape of out must be right already: throws Error otherwise.
inline void matmul_add(View out, ConstView a, ConstView b) { kernels::matmul(out, a, b, out); }

/// A square matrix whose entries right of the diagonal are known to be 0, so that products may skip them: the attention
/// weights of a causal head.
struct LowerTriangular {
  ConstView matrix;
  LowerTriangular transpose() const { return {matrix.transpose()}; }
};
inline LowerTriangular lower(ConstView matrix) { return {matrix}; }

/// out = a·b for a lower triangular a (T, T), or the transpose of one.
inline void matmul(View out, LowerTriangular a, ConstView b) {
  kernels::matmul(out, a.matrix, b, {}, kernels::Triangle::left);
}

/// The entries of out = a·b on and left of the diagonal; those to its right are left undefined. out is (T, T).
inline void matmul_lower(View out, ConstView a, ConstView b) {
  kernels::matmul(out, a, b, {}, kernels::Triangle::out);
}

/// Floating-point operations in all products so far in this process: 2·n·k·m each (a skipped triangle is not counted).
std::uint64_t matmul_flops();

}  // namespace damla::inline DAMLA_ABI
