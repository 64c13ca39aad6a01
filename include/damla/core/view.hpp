#pragma once

#include <initializer_list>
#include <string_view>
#include <type_traits>

#include "damla/core/scalar.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// Matrices whose rows (or columns) are numbers side by side in memory: a Matrix, a block or
/// transpose of one, a Ref; not an expression such as `a + b`, nor a column of a row-major matrix:
/// give that a matrix of its own.
template <class M>
concept DirectAccess = std::remove_cvref_t<M>::InnerStrideAtCompileTime == 1 && requires(M& m) {
  m.data();
  m.rows();
  m.cols();
  m.outerStride();
  m.innerStride();
  m.IsRowMajor;
};

/// What the engine takes to read: where a matrix lies. Made from any Matrix, block, Ref,
/// or transpose of these; copies nothing. `rows`, `cols` are those of the matrix as stored;
/// `transposed` says that it is meant the other way round.
struct ConstView {
  const Scalar* data = nullptr;
  Index rows = 0;
  Index cols = 0;
  Index stride = 0;  ///< from one stored row to the next, in numbers
  bool transposed = false;

  ConstView() = default;
  ConstView(const Scalar* data_, Index rows_, Index cols_, Index stride_)
      : data(data_), rows(rows_), cols(cols_), stride(stride_) {}

  template <DirectAccess M>
  ConstView(const M& m)  // implicit, so that matmul(y, x, W.transpose()) reads like the formula
      : data(m.data()), stride(m.outerStride()), transposed(!M::IsRowMajor) {
    rows = transposed ? m.cols() : m.rows();
    cols = transposed ? m.rows() : m.cols();
  }

  /// The same numbers, read with rows and columns exchanged.
  ConstView transpose() const {
    ConstView result = *this;
    result.transposed = !transposed;
    return result;
  }
  Index height() const { return transposed ? cols : rows; }  ///< rows as meant
  Index width() const { return transposed ? rows : cols; }   ///< columns as meant
  const Scalar* row(Index r) const { return data + r * stride; }
};

/// What the engine takes to write: a row-major matrix or block.
struct View {
  Scalar* data = nullptr;
  Index rows = 0;
  Index cols = 0;
  Index stride = 0;

  View() = default;
  View(Scalar* data_, Index rows_, Index cols_, Index stride_)
      : data(data_), rows(rows_), cols(cols_), stride(stride_) {}

  template <DirectAccess M>
  requires(bool(M::IsRowMajor)) View(M& m)
      : data(m.data()), rows(m.rows()), cols(m.cols()), stride(m.outerStride()) {}
  template <DirectAccess M>
  requires(bool(M::IsRowMajor) && !std::is_lvalue_reference_v<M>) View(M&& m)
      : data(m.data()), rows(m.rows()), cols(m.cols()), stride(m.outerStride()) {}

  operator ConstView() const { return {data, rows, cols, stride}; }
  Scalar* row(Index r) const { return data + r * stride; }
};

/// Whether two views have a number in memory in common. Exact: two blocks of columns of one matrix,
/// side by side, have none.
bool overlap(const ConstView& a, const ConstView& b);
/// The same for tokens.
bool overlap(TokenSpan a, TokenSpan b);

/// A view, and what an error calls it.
struct Named {
  std::string_view name;
  ConstView view;
};

/// Throws Error when a call would overwrite what it reads, or write two results to one place, for
/// example `Linear::forward: x shares memory with y, which this call overwrites: copy x into a
/// Matrix of its own first`. Asked before a result is resized, which may free what is read.
void expect_apart(std::string_view call, std::initializer_list<Named> read,
                  std::initializer_list<Named> written);

}}  // namespace damla::DAMLA_ABI
