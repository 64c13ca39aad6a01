#pragma once

#include "damla/core/error.hpp"
#include "damla/core/view.hpp"
#include "damla/data/token_batch.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// The mean of the rows that belong to each text: (B·T, C) → (B, C), padding left out.
struct MeanPool {
  Matrix y;   // (B, C)
  Matrix dx;  // (B·T, C)

  const Matrix& forward(const ConstMatrixRef& x, const TokenBatch& batch) {
    batch.check("MeanPool::forward");
    expect_shape("MeanPool::forward", "x", x, batch.B * batch.T, any,
                 "one row a token, padding included");
    expect_apart("MeanPool::forward", {{"x", x}}, {{"y", y}});
    y.resize(batch.B, x.cols());
    for (Index b = 0; b < batch.B; ++b)
      y.row(b) = x.middleRows(b * batch.T, batch.length(b)).colwise().mean();
    return y;
  }

  /// y = (1/L) Σ x over the text's L rows, so each of them gets dy/L, and padding 0.
  const Matrix& backward(const ConstMatrixRef& x, const ConstMatrixRef& dy,
                         const TokenBatch& batch) {
    batch.check("MeanPool::backward");
    expect_shape("MeanPool::backward", "x", x, batch.B * batch.T, any,
                 "one row a token, padding included");
    expect_shape("MeanPool::backward", "dy", dy, batch.B, x.cols(), "one row a text");
    expect_apart("MeanPool::backward", {{"x", x}, {"dy", dy}}, {{"dx", dx}});
    dx.setZero(x.rows(), x.cols());
    for (Index b = 0; b < dy.rows(); ++b)
      for (Index t = 0; t < batch.length(b); ++t)
        dx.row(b * batch.T + t) = dy.row(b) / static_cast<Scalar>(batch.length(b));
    return dx;
  }
};

}}  // namespace damla::DAMLA_ABI
