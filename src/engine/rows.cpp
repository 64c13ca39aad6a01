// The formulas of functional/, compiled once for speed: rows (or columns) are spread over the
// threads, and each thread's share is computed by the formula's own text. Whatever the number of
// threads, each number is computed in the same order: the same bits.
#ifndef DAMLA_STEP
#include <cmath>
#include <string>

#include "damla/core/error.hpp"
#include "damla/functional/activation.hpp"
#include "damla/functional/adamw.hpp"
#include "damla/functional/cross_entropy.hpp"
#include "damla/functional/layer_norm.hpp"
#include "damla/functional/rms_norm.hpp"
#include "damla/functional/softmax.hpp"
#include "damla/functional/sum.hpp"
#include "engine/team.hpp"

namespace damla { inline namespace DAMLA_ABI { namespace functional {

namespace {
using Map = Eigen::Map<Matrix, 0, Eigen::OuterStride<>>;
using ConstMap = Eigen::Map<const Matrix, 0, Eigen::OuterStride<>>;

/// The rows [first, first + n) and columns [c, c + m) of what a view points at.
Map block(View v, Index first, Index n, Index c, Index m) {
  return {v.row(first) + c, n, m, Eigen::OuterStride<>(v.stride)};
}
ConstMap block(ConstView v, Index first, Index n, Index c, Index m) {
  return {v.row(first) + c, n, m, Eigen::OuterStride<>(v.stride)};
}

void expect(const char* call, ConstView v, Index rows, Index cols) {
  if (v.transposed)
    throw Error(std::string("functional::") + call + ": transposed views are not supported");
  if (v.rows != rows || v.cols != cols)
    throw Error(std::string("functional::") + call +
                ": the shapes must fit each other, but one is " + shape_text(v.rows, v.cols) +
                " where " + shape_text(rows, cols) + " is needed");
}
/// Throws Error unless all views have the shape of the first.
void expect_same(const char* call, ConstView first, auto... others) {
  expect(call, first, first.rows, first.cols);
  (expect(call, others, first.rows, first.cols), ...);
}

/// Calls formula(blocks of the views …) for shares of their rows, spread over the threads; `cost`
/// is roughly the operations that a number takes.
void by_rows(double cost, auto formula, auto... views) {
  const ConstView all = std::get<0>(std::tuple(views...));
  const int team =
      detail::team_for(cost * static_cast<double>(all.rows) * static_cast<double>(all.cols));
  detail::for_team(team, [&](int i) {
    const detail::Share s = detail::share(all.rows, i, team);
    formula(s.first, block(views, s.first, s.last - s.first, 0, views.cols)...);
  });
}

/// The same for shares of their columns: sums over the rows keep their order.
void by_columns(auto formula, auto... views) {
  const ConstView all = std::get<sizeof...(views) - 1>(std::tuple(views...));
  const int team =
      detail::team_for(2.0 * static_cast<double>(all.rows) * static_cast<double>(all.cols));
  detail::for_team(team, [&](int i) {
    const detail::Share s = detail::share(all.cols, i, team, 16);
    if (s.last > s.first) formula(block(views, 0, views.rows, s.first, s.last - s.first)...);
  });
}

ConstMap whole(ConstView v) { return block(v, 0, v.rows, 0, v.cols); }
}  // namespace

void softmax(View y, ConstView x) {
  expect_same("softmax", y, x);
  by_rows(
      10, [](Index, auto y_, auto x_) { softmax<Scalar>(y_, x_); }, y, x);
}
void softmax_backward(View dx, ConstView y, ConstView dy) {
  expect_same("softmax_backward", dx, y, dy);
  by_rows(
      4, [](Index, auto dx_, auto y_, auto dy_) { softmax_backward<Scalar>(dx_, y_, dy_); }, dx, y,
      dy);
}

void cross_entropy(View p, std::span<double> loss, ConstView logits, TokenSpan targets) {
  expect_same("cross_entropy", p, logits);
  const auto formula = [&](Index first, auto p_, auto logits_) {
    const auto from = static_cast<std::size_t>(first), n = static_cast<std::size_t>(p_.rows());
    cross_entropy<Scalar>(p_, loss.subspan(from, n), logits_, targets.subspan(from, n));
  };
  by_rows(10, formula, p, logits);
}
void cross_entropy_backward(View dlogits, ConstView p, TokenSpan targets, Scalar scale) {
  expect_same("cross_entropy_backward", dlogits, p);
  const auto formula = [&](Index first, auto dlogits_, auto p_) {
    const auto from = static_cast<std::size_t>(first), n = static_cast<std::size_t>(p_.rows());
    cross_entropy_backward<Scalar>(dlogits_, p_, targets.subspan(from, n), scale);
  };
  by_rows(1, formula, dlogits, p);
}

void layer_norm(View y, View xhat, View rstd, ConstView x, ConstView weight, ConstView bias,
                Scalar epsilon) {
  expect_same("layer_norm", y, xhat, x), expect("layer_norm", rstd, x.rows, 1);
  expect("layer_norm", weight, 1, x.cols), expect("layer_norm", bias, 1, x.cols);
  const auto formula = [&](Index, auto y_, auto xhat_, auto rstd_, auto x_) {
    layer_norm<Scalar>(y_, xhat_, rstd_, x_, whole(weight), whole(bias), epsilon);
  };
  by_rows(6, formula, y, xhat, rstd, x);
}
void layer_norm_backward(View dx, ConstView xhat, ConstView rstd, ConstView weight, ConstView dy) {
  expect_same("layer_norm_backward", dx, xhat, dy), expect("layer_norm_backward", rstd, dy.rows, 1);
  expect("layer_norm_backward", weight, 1, dy.cols);
  const auto formula = [&](Index, auto dx_, auto xhat_, auto rstd_, auto dy_) {
    layer_norm_backward<Scalar>(dx_, xhat_, rstd_, whole(weight), dy_);
  };
  by_rows(8, formula, dx, xhat, rstd, dy);
}
void layer_norm_backward_parameters(View dweight, View dbias, ConstView xhat, ConstView dy) {
  expect_same("layer_norm_backward_parameters", xhat, dy);
  expect("layer_norm_backward_parameters", dweight, 1, dy.cols),
      expect("layer_norm_backward_parameters", dbias, 1, dy.cols);
  by_columns([](auto dw, auto db, auto xhat_,
                auto dy_) { layer_norm_backward_parameters<Scalar>(dw, db, xhat_, dy_); },
             dweight, dbias, xhat, dy);
}

void rms_norm(View y, View rstd, ConstView x, ConstView weight, Scalar epsilon) {
  expect_same("rms_norm", y, x), expect("rms_norm", rstd, x.rows, 1),
      expect("rms_norm", weight, 1, x.cols);
  by_rows(
      4,
      [&](Index, auto y_, auto rstd_, auto x_) {
        rms_norm<Scalar>(y_, rstd_, x_, whole(weight), epsilon);
      },
      y, rstd, x);
}
void rms_norm_backward(View dx, ConstView rstd, ConstView x, ConstView weight, ConstView dy) {
  expect_same("rms_norm_backward", dx, x, dy), expect("rms_norm_backward", rstd, x.rows, 1);
  expect("rms_norm_backward", weight, 1, x.cols);
  const auto formula = [&](Index, auto dx_, auto rstd_, auto x_, auto dy_) {
    rms_norm_backward<Scalar>(dx_, rstd_, x_, whole(weight), dy_);
  };
  by_rows(6, formula, dx, rstd, x, dy);
}
void rms_norm_backward_parameters(View dweight, ConstView rstd, ConstView x, ConstView dy) {
  expect_same("rms_norm_backward_parameters", x, dy),
      expect("rms_norm_backward_parameters", dweight, 1, x.cols);
  expect("rms_norm_backward_parameters", rstd, x.rows, 1);
  by_columns([&](auto dw, auto x_,
                 auto dy_) { rms_norm_backward_parameters<Scalar>(dw, whole(rstd), x_, dy_); },
             dweight, x, dy);
}

void relu(View y, ConstView x) {
  expect_same("relu", y, x);
  by_rows(
      1, [](Index, auto y_, auto x_) { relu<Scalar>(y_, x_); }, y, x);
}
void relu_backward(View dx, ConstView x, ConstView dy) {
  expect_same("relu_backward", dx, x, dy);
  by_rows(
      1, [](Index, auto dx_, auto x_, auto dy_) { relu_backward<Scalar>(dx_, x_, dy_); }, dx, x,
      dy);
}
void tanh(View y, ConstView x) {
  expect_same("tanh", y, x);
  by_rows(
      10, [](Index, auto y_, auto x_) { tanh<Scalar>(y_, x_); }, y, x);
}
void tanh_backward(View dx, ConstView y, ConstView dy) {
  expect_same("tanh_backward", dx, y, dy);
  by_rows(
      2, [](Index, auto dx_, auto y_, auto dy_) { tanh_backward<Scalar>(dx_, y_, dy_); }, dx, y,
      dy);
}
void sigmoid(View y, ConstView x) {
  expect_same("sigmoid", y, x);
  by_rows(
      10, [](Index, auto y_, auto x_) { sigmoid<Scalar>(y_, x_); }, y, x);
}
void sigmoid_backward(View dx, ConstView y, ConstView dy) {
  expect_same("sigmoid_backward", dx, y, dy);
  by_rows(
      2, [](Index, auto dx_, auto y_, auto dy_) { sigmoid_backward<Scalar>(dx_, y_, dy_); }, dx, y,
      dy);
}
void gelu(View y, ConstView x) {
  expect_same("gelu", y, x);
  by_rows(
      12, [](Index, auto y_, auto x_) { gelu<Scalar>(y_, x_); }, y, x);
}

// A text of its own: Φ = y/x, since a tanh once more takes many times as long. Where x is 0, Φ is
// ½; written without a choice between two divisions, which the compiler would not vectorise.
void gelu_backward(View dx, ConstView x, ConstView y, ConstView dy) {
  expect_same("gelu_backward", dx, x, y, dy);
  static constexpr Scalar root = Scalar(0.7978845608028654), cubic = Scalar(0.044715);
  const auto formula = [](Index, auto dx_, auto x_, auto y_, auto dy_) {
    for (Index n = 0; n < x_.rows(); ++n) {
      const Scalar *v = x_.row(n).data(), *g = y_.row(n).data(), *d = dy_.row(n).data();
      Scalar* out = dx_.row(n).data();
#pragma omp simd
      for (Index j = 0; j < x_.cols(); ++j) {
        const Scalar at_zero = v[j] == 0 ? Scalar(1) : Scalar(0);
        const Scalar phi = (g[j] + Scalar(0.5) * at_zero) / (v[j] + at_zero);
        out[j] = d[j] * (phi + 2 * v[j] * phi * (1 - phi) * root * (1 + 3 * cubic * v[j] * v[j]));
      }
    }
  };
  by_rows(8, formula, dx, x, y, dy);
}

void exact_gelu(View y, ConstView x) {
  expect_same("exact_gelu", y, x);
  by_rows(
      30, [](Index, auto y_, auto x_) { exact_gelu<Scalar>(y_, x_); }, y, x);
}
void exact_gelu_backward(View dx, ConstView x, ConstView dy) {
  expect_same("exact_gelu_backward", dx, x, dy);
  by_rows(
      40, [](Index, auto dx_, auto x_, auto dy_) { exact_gelu_backward<Scalar>(dx_, x_, dy_); }, dx,
      x, dy);
}

void add(View z, ConstView x, ConstView y) {
  expect_same("add", z, x, y);
  by_rows(
      1, [](Index, auto z_, auto x_, auto y_) { add<Scalar>(z_, x_, y_); }, z, x, y);
}
void add_rows(View sum, ConstView x) {
  expect_same("add_rows", x), expect("add_rows", sum, 1, x.cols);
  by_columns([](auto sum_, auto x_) { add_rows<Scalar>(sum_, x_); }, sum, x);
}

// A text of its own, whose order of summing the compiler may choose: sums in double, one after the
// other, wait for each other.
double sum_of_squares(ConstView x) {
  expect_same("sum_of_squares", x);
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

void adamw(View w, View m, View v, ConstView g, const AdamWStep& s) {
  expect_same("adamw", w, m, v, g);
  const auto formula = [&](Index, auto w_, auto m_, auto v_, auto g_) {
    adamw<Scalar>(w_, m_, v_, g_, s);
  };
  by_rows(8, formula, w, m, v, g);
}

}}}  // namespace damla::DAMLA_ABI::functional
#endif
