#include "damla/core/kernels.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "damla/core/error.hpp"
#include "private_eigen.hpp"
#include "threads.hpp"

namespace damla::inline DAMLA_ABI::kernels {

namespace {
namespace E = ::damla_private_eigen;
using Row = E::Map<E::Array<Scalar, 1, E::Dynamic>>;
using ConstRow = E::Map<const E::Array<Scalar, 1, E::Dynamic>>;

Row row(View m, Index r) { return {m.row(r), m.cols}; }
Row row(View m, Index r, Index n) { return {m.row(r), n}; }
ConstRow row(ConstView m, Index r) { return {m.row(r), m.cols}; }
ConstRow row(ConstView m, Index r, Index n) { return {m.row(r), n}; }

void same_shape(const char* call, ConstView a, ConstView b) {
  if (a.transposed || b.transposed) throw Error(std::string("kernels::") + call + ": transposed views are not supported");
  if (a.rows != b.rows || a.cols != b.cols)
    throw Error(std::string("kernels::") + call + ": the shapes must agree, but are " + shape_text(a.rows, a.cols) +
                " and " + shape_text(b.rows, b.cols));
}

/// body(n) for each row, spread over the threads; `cost` is roughly the operations a number takes.
template <class Body>
void for_rows(ConstView x, double cost, Body body) {
  const int team = detail::team_for(cost * static_cast<double>(x.rows) * static_cast<double>(x.cols));
  detail::for_team(team, [&](int i) {
    const detail::Share s = detail::share(x.rows, i, team);
    for (Index n = s.first; n < s.last; ++n) body(n);
  });
}

/// body(first, count) for ranges of columns: sums over the rows keep their order whatever the number of threads.
template <class Body>
void for_columns(ConstView x, Body body) {
  const int team = detail::team_for(2.0 * static_cast<double>(x.rows) * static_cast<double>(x.cols));
  detail::for_team(team, [&](int i) {
    const detail::Share s = detail::share(x.cols, i, team, 16);
    if (s.last > s.first) body(s.first, s.last - s.first);
  });
}
}  // namespace

void add_sum_of_rows(View sum, ConstView x) {
  same_shape("add_sum_of_rows", x, x);  // refuses a transposed x, whose rows are others than those that are summed
  same_shape("add_sum_of_rows", sum, ConstView(x.data, 1, x.cols, x.stride));
  for_columns(x, [&](Index first, Index count) {
    Row total(sum.data + first, count);
    for (Index n = 0; n < x.rows; ++n) total += ConstRow(x.row(n) + first, count);
  });
}

void add(View z, ConstView x, ConstView y) {
  same_shape("add", z, x), same_shape("add", x, y);
  for_rows(z, 1, [&](Index n) { row(z, n) = row(x, n) + row(y, n); });
}

void softmax_rows(View y, ConstView x, Scalar scale) {
  same_shape("softmax_rows", y, x);
  for_rows(x, 10, [&](Index n) {
    Row p = row(y, n);
    p = ((row(x, n) - row(x, n).maxCoeff()) * scale).exp();
    p *= 1 / p.sum();
  });
}

void softmax_rows_backward(View dx, ConstView y, ConstView dy, Scalar scale) {
  same_shape("softmax_rows_backward", dx, y), same_shape("softmax_rows_backward", y, dy);
  for_rows(y, 4, [&](Index n) {
    const Scalar dot = (row(dy, n) * row(y, n)).sum();
    row(dx, n) = scale * row(y, n) * (row(dy, n) - dot);
  });
}

void cross_entropy_backward(View dx, ConstView p, TokenSpan targets, Scalar scale) {
  same_shape("cross_entropy_backward", dx, p);
  if (std::ssize(targets) != p.rows)
    throw Error("kernels::cross_entropy_backward: p has " + std::to_string(p.rows) + " rows, but there are " +
                std::to_string(targets.size()) + " targets");
  for (const Token t : targets)
    if (t >= p.cols) throw Error("kernels::cross_entropy_backward: target " + std::to_string(t) + " is no column of p");
  for_rows(p, 1, [&](Index n) {
    const Token target = targets[static_cast<std::size_t>(n)];
    if (target < 0) {
      row(dx, n).setZero();
    } else {
      row(dx, n) = row(p, n) * scale;
      dx.row(n)[target] -= scale;
    }
  });
}

void causal_softmax_rows(View y, ConstView x, Scalar scale) {
  same_shape("causal_softmax_rows", y, x);
  constexpr Index chunk = 16;  // whole registers: a row's last few exponentials one by one took a third of the time
  for_rows(x, 5, [&](Index n) {
    const Index seen = std::min(n + 1, x.cols), whole = std::min((seen + chunk - 1) / chunk * chunk, x.cols);
    const Scalar greatest = row(x, n, seen).maxCoeff();
    Row p = row(y, n, whole);
    p = ((row(x, n, whole) - greatest) * scale).exp();
    Row(y.row(n) + seen, y.cols - seen).setZero();
    p *= 1 / p.sum();
  });
}

void causal_softmax_rows_backward(View dx, ConstView y, ConstView dy, Scalar scale) {
  same_shape("causal_softmax_rows_backward", dx, y), same_shape("causal_softmax_rows_backward", y, dy);
  for_rows(y, 2, [&](Index n) {
    const Index seen = std::min(n + 1, y.cols);
    const Scalar dot = (row(dy, n, seen) * row(y, n, seen)).sum();
    row(dx, n, seen) = scale * row(y, n, seen) * (row(dy, n, seen) - dot);
    Row(dx.row(n) + seen, dx.cols - seen).setZero();
  });
}

void normalize_rows(View y, View xhat, View inverse, ConstView x, ConstView gain, ConstView shift, Scalar epsilon) {
  same_shape("normalize_rows", y, x), same_shape("normalize_rows", xhat, x), same_shape("normalize_rows", gain, shift);
  same_shape("normalize_rows", ConstView(x.data, 1, x.cols, x.stride), gain);
  same_shape("normalize_rows", inverse, ConstView(x.data, x.rows, 1, x.stride));
  for_rows(x, 6, [&](Index n) {
    const Scalar mean = row(x, n).mean();
    Row h = row(xhat, n);
    h = row(x, n) - mean;
    const Scalar scale = 1 / std::sqrt(h.square().mean() + epsilon);
    *inverse.row(n) = scale;
    h *= scale;
    row(y, n) = h * row(gain, 0) + row(shift, 0);
  });
}

void normalize_rows_backward(View dx, View dgain, View dshift, ConstView xhat, ConstView inverse, ConstView gain,
                             ConstView dy) {
  same_shape("normalize_rows_backward", dx, dy), same_shape("normalize_rows_backward", xhat, dy);
  for (const ConstView row : {gain, ConstView(dgain), ConstView(dshift)})
    same_shape("normalize_rows_backward", ConstView(dy.data, 1, dy.cols, dy.stride), row);
  same_shape("normalize_rows_backward", inverse, ConstView(dy.data, dy.rows, 1, dy.stride));
  for_columns(dy, [&](Index first, Index count) {
    Row dg(dgain.data + first, count), ds(dshift.data + first, count);
    for (Index n = 0; n < dy.rows; ++n) {
      const ConstRow d(dy.row(n) + first, count), h(xhat.row(n) + first, count);
      dg += d * h;
      ds += d;
    }
  });
  for_rows(dy, 8, [&](Index n) {
    const auto g = row(dy, n) * row(gain, 0);
    const Scalar mean_g = g.mean(), mean_gx = (g * row(xhat, n)).mean();
    row(dx, n) = *inverse.row(n) * (g - mean_g - row(xhat, n) * mean_gx);
  });
}

namespace {
constexpr Scalar root = Scalar(0.7978845608028654);  // √(2/π)
constexpr Scalar cubic = Scalar(0.044715);
}  // namespace

void gelu_tanh(View y, ConstView x) {
  same_shape("gelu_tanh", y, x);
  for_rows(x, 12, [&](Index n) {
    const ConstRow v = row(x, n);
    row(y, n) = Scalar(0.5) * v * (1 + (root * (v + cubic * v.cube())).tanh());
  });
}

void gelu_tanh_backward(View dx, ConstView x, ConstView y, ConstView dy) {
  same_shape("gelu_tanh_backward", dx, x), same_shape("gelu_tanh_backward", y, x), same_shape("gelu_tanh_backward", x, dy);
  for_rows(x, 8, [&](Index n) {
    const Scalar *v = x.row(n), *g = y.row(n), *d = dy.row(n);
    Scalar* out = dx.row(n);
#pragma omp simd
    for (Index j = 0; j < x.cols; ++j) {
      const Scalar phi = (v[j] != 0 ? g[j] : Scalar(0.5)) / (v[j] != 0 ? v[j] : 1);  // a tanh again would take 3 times as long
      out[j] = d[j] * (phi + 2 * v[j] * phi * (1 - phi) * root * (1 + 3 * cubic * v[j] * v[j]));
    }
  });
}

void adamw(View value, View first_moment, View second_moment, ConstView grad, const AdamWStep& s) {
  same_shape("adamw", value, grad), same_shape("adamw", first_moment, grad), same_shape("adamw", second_moment, grad);
  const Scalar inverse1 = 1 / s.correction1, inverse2 = 1 / s.correction2, keep = 1 - s.rate * s.decay;
  for_rows(grad, 8, [&](Index n) {
    Scalar *w = value.row(n), *m = first_moment.row(n), *v = second_moment.row(n);
    const Scalar* g = grad.row(n);
    // One pass: the step is bound by memory, so each number is read and written once.
#pragma omp simd
    for (Index j = 0; j < grad.cols; ++j) {
      const Scalar d = g[j] * s.grad_scale;
      m[j] = s.beta1 * m[j] + (1 - s.beta1) * d;
      v[j] = s.beta2 * v[j] + (1 - s.beta2) * d * d;
      w[j] = keep * w[j] - s.rate * (m[j] * inverse1) / (std::sqrt(v[j] * inverse2) + s.epsilon);
    }
  });
}

double sum_of_squares(ConstView x) {
  double total = 0;
  for (Index n = 0; n < x.rows; ++n) {
    const Scalar* v = x.row(n);
    double sum = 0;
#pragma omp simd reduction(+ : sum)
    for (Index j = 0; j < x.cols; ++j) sum += static_cast<double>(v[j]) * static_cast<double>(v[j]);
    total += sum;
  }
  return total;
}

}  // namespace damla::inline DAMLA_ABI::kernels
