#pragma once

#include <algorithm>
#include <numeric>
#include <span>
#include <string>
#include <vector>

#include "damla/core/error.hpp"
#include "damla/core/matrix.hpp"
#include "damla/core/random.hpp"
#include "damla/core/view.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// Mini-batches over the rows of a data set, in another random order each epoch. All have the same
/// size, so that training allocates nothing: what remains at an epoch's end sits out, other rows
/// each time.
///
///     Batches batches(x.rows(), 32);
///     for (Index b = 0; b < batches.count(); ++b) {
///       if (b == 0) batches.shuffle(random);
///       take_rows(xb, x, batches[b]);
///       take_rows(targets_b, targets, batches[b]);
///       …
struct Batches {
  std::vector<Index> order;  ///< all rows
  Index size;                ///< rows in a batch

  /// Batches of `batch` rows, or one of all rows where there are fewer. Throws Error when there are
  /// none of either.
  Batches(Index rows, Index batch)
      : order(static_cast<std::size_t>(std::max<Index>(rows, 0))), size(std::min(rows, batch)) {
    if (size < 1)
      throw Error("Batches: there are " + std::to_string(rows) + " rows for batches of " +
                  std::to_string(batch) + "; both need to be at least 1");
    std::iota(order.begin(), order.end(), Index(0));
  }

  /// A new order: at the start of each epoch.
  void shuffle(Random& random) { random.shuffle(order); }
  /// Batches in an epoch.
  Index count() const { return std::ssize(order) / size; }
  /// The rows of batch b, 0 … count()-1. Throws Error for another one.
  std::span<const Index> operator[](Index b) const {
    expect_count("Batches", "the batch", b, 0, count() - 1);
    return std::span(order).subspan(static_cast<std::size_t>(b * size),
                                    static_cast<std::size_t>(size));
  }
};

namespace detail {
inline void expect_row(Index row, Index rows) {
  if (row < 0 || row >= rows)
    throw Error("take_rows: row " + std::to_string(row) + " is asked for, but there are " +
                std::to_string(rows) + " (are there as many targets as examples?)");
}
}  // namespace detail

/// out(i, :) = from(rows[i], :). Throws Error for a row that is not there, and when out shares
/// memory with from. Keeps out's memory when its shape is right already.
inline void take_rows(Matrix& out, const ConstMatrixRef& from, std::span<const Index> rows) {
  expect_apart("take_rows", {{"from", from}}, {{"out", out}});
  out.resize(std::ssize(rows), from.cols());
  for (Index i = 0; i < out.rows(); ++i) {
    detail::expect_row(rows[static_cast<std::size_t>(i)], from.rows());
    out.row(i) = from.row(rows[static_cast<std::size_t>(i)]);
  }
}

/// out[i] = from[rows[i]]: the targets of the same rows.
inline void take_rows(Tokens& out, TokenSpan from, std::span<const Index> rows) {
  require(!overlap(out, from),
          "take_rows: out shares memory with from: give the chosen tokens a variable of their own");
  out.resize(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    detail::expect_row(rows[i], std::ssize(from));
    out[i] = from[static_cast<std::size_t>(rows[i])];
  }
}

}}  // namespace damla::DAMLA_ABI
