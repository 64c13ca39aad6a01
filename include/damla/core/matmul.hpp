#pragma once

#include "damla/core/matrix.hpp"
#include "damla/core/view.hpp"

namespace damla { inline namespace DAMLA_ABI {

namespace detail {
/// out = start + a·b, where start is out itself, one row (1, m) that is added to all rows, or
/// nothing (src/engine/matmul.cpp).
void matmul(View out, ConstView a, ConstView b, ConstView start);
}  // namespace detail

/// out = a·b, where a is (n, k), b is (k, m). Every product of activations and weights goes through
/// here: compiled once at full optimisation whatever the build type, spread over the threads,
/// shapes always checked.
///
///     matmul(y, x, W);               // y  = x·W
///     matmul(dx, dy, W.transpose()); // dx = dy·Wᵀ, nothing is copied
///
/// `out` gets the shape (n, m) and must share no memory with a, b and bias. A bias (1, m) is added
/// to each row; an empty one is none. Throws Error when a's columns are not b's rows, the bias has
/// another shape, or out overlaps what is read.
inline void matmul(Matrix& out, ConstView a, ConstView b, ConstView bias = {}) {
  expect_apart("matmul", {{"a", a}, {"b", b}, {"bias", bias}}, {{"out", out}});
  out.resize(a.height(), b.width());
  detail::matmul(out, a, b, bias);
}

/// The same into a block of a matrix, whose shape must be (n, m) already: throws Error otherwise.
/// Other blocks of that matrix may be read.
inline void matmul(View out, ConstView a, ConstView b) { detail::matmul(out, a, b, {}); }

/// out += a·b. The shape of out must be right already, and out share no memory with a and b: throws
/// Error otherwise.
inline void matmul_add(View out, ConstView a, ConstView b) { detail::matmul(out, a, b, out); }

}}  // namespace damla::DAMLA_ABI
