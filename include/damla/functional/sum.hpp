#pragma once

#include "damla/core/matrix.hpp"

namespace damla { inline namespace DAMLA_ABI { namespace functional {

/// z = x + y: the residual sum of a transformer block (He et al., 2016). All of one shape; z may be
/// x or y. Its gradient goes to both sides as it is: dx = dz, dy = dz.
template <class T = StepScalar>
void add(Out<T> z, In<T> x, In<T> y) {
  for (Index n = 0; n < x.rows(); ++n) z.row(n) = x.row(n) + y.row(n);
}

/// sum += Σₙ x(n, :), row after row: the gradient of a bias (1, C) that was added to each row of
/// (N, C).
template <class T = StepScalar>
void add_rows(Out<T> sum, In<T> x) {
  for (Index n = 0; n < x.rows(); ++n) sum.row(0) += x.row(n);
}

/// Σ x², in double, row after row: NaN or infinite when any number of x is.
template <class T = StepScalar>
double sum_of_squares(In<T> x) {
  double total = 0;
  for (Index n = 0; n < x.rows(); ++n) {
    double sum = 0;
    for (Index j = 0; j < x.cols(); ++j)
      sum += static_cast<double>(x(n, j)) * static_cast<double>(x(n, j));
    total += sum;
  }
  return total;
}

}}}  // namespace damla::DAMLA_ABI::functional

#include "damla/functional/compiled.hpp"
