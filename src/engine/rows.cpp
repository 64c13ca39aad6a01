// The formulas of functional/, compiled once for speed: rows (or columns) are spread over the
// threads, and each thread's share is computed by the formula's own text. Whatever the number of
// threads, each number is computed in the same order: the same bits.
#ifndef DAMLA_STEP
#include <algorithm>
#include <cmath>
#include <string>

#include "damla/core/error.hpp"
#include "damla/functional/activation.hpp"
#include "damla/functional/adamw.hpp"
#include "damla/functional/cross_entropy.hpp"
#include "damla/functional/layer_norm.hpp"
#include "damla/functional/rms_norm.hpp"
#include "damla/functional/rotary.hpp"
#include "damla/functional/softmax.hpp"
#include "damla/functional/sum.hpp"
#include "damla/functional/swiglu.hpp"
#include "engine/packets.hpp"
#include "engine/team.hpp"

namespace damla { inline namespace DAMLA_ABI { namespace functional {

namespace {
using Map = Eigen::Map<Matrix, 0, Eigen::OuterStride<>>;
using RowVector = Eigen::Matrix<Scalar, 1, Eigen::Dynamic>;
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

/// Throws Error unless there is a number for each row of x.
void expect_rows(const char* call, ConstView x, const auto&... numbers) {
  const auto one = [&](std::size_t size) {
    if (size != static_cast<std::size_t>(x.rows))
      throw Error(std::string("functional::") + call + ": " + std::to_string(size) +
                  " numbers are given for the " + std::to_string(x.rows) + " rows");
  };
  (one(numbers.size()), ...);
}

/// What a formula reads, unless it is `out` itself, which the formula's header allows here.
ConstView unless_same(ConstView in, View out) {
  const bool same = in.data == out.data && in.rows == out.rows && in.cols == out.cols &&
                    (in.stride == out.stride || in.rows <= 1);
  return same ? ConstView() : in;
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

/// Σ f(v[j]) in double, in an order that the compiler may choose: sums one after the other wait for
/// each other.
double sum(const Scalar* v, Index n, auto f) {
  double total = 0;
#pragma omp simd reduction(+ : total)
  for (Index j = 0; j < n; ++j) total += f(static_cast<double>(v[j]));
  return total;
}

/// A number of x̂, in layer norm.
Scalar normal(Scalar x, double mean, double rstd) {
  return static_cast<Scalar>((static_cast<double>(x) - mean) * rstd);
}

#ifdef __wasm_simd128__
// The browser's processor gets what Eigen does elsewhere: exponentials of whole registers.

/// ½·(1 + tanh(u)) = 1 / (1 + exp(−2u))
EIGEN_DONT_INLINE void wasm_gelu(float* y, const float* x, Index n) {
#pragma omp simd
  for (Index j = 0; j < n; ++j) {
    const float v = x[j] < -8 ? -8 : x[j];
    y[j] = v / (1 + detail::exponential(-2 * 0.7978845608f * (v + 0.044715f * v * v * v)));
  }
}
void wasm_cross_entropy(Map& p, std::span<double> loss, const ConstMap& logits, TokenSpan targets) {
  for (Index n = 0; n < p.rows(); ++n) {
    float *q = p.row(n).data(), greatest = logits.row(n).maxCoeff();
    const Token target = targets[static_cast<std::size_t>(n)];
    const double right =
        target == ignored ? 0
                          : static_cast<double>(logits(n, target)) - static_cast<double>(greatest);
    if (q != logits.row(n).data()) std::copy_n(logits.row(n).data(), p.cols(), q);
    detail::exponentials(q, p.cols(), greatest, 1);
    float sum = 0;
#pragma omp simd reduction(+ : sum)
    for (Index j = 0; j < p.cols(); ++j) sum += q[j];
    p.row(n) *= 1 / sum;
    loss[static_cast<std::size_t>(n)] =
        target == ignored ? 0 : std::log(static_cast<double>(sum)) - right;
  }
}
#endif
}  // namespace

void softmax(View y, ConstView x) {
  expect_same("softmax", y, x);
  expect_apart("functional::softmax", {{"x", unless_same(x, y)}}, {{"y", y}});
  by_rows(
      10, [](Index, auto y_, auto x_) { softmax<Scalar>(y_, x_); }, y, x);
}
void softmax_backward(View dx, ConstView y, ConstView dy) {
  expect_same("softmax_backward", dx, y, dy);
  expect_apart("functional::softmax_backward", {{"y", y}, {"dy", unless_same(dy, dx)}},
               {{"dx", dx}});
  by_rows(
      4, [](Index, auto dx_, auto y_, auto dy_) { softmax_backward<Scalar>(dx_, y_, dy_); }, dx, y,
      dy);
}

void cross_entropy(View p, std::span<double> loss, ConstView logits, TokenSpan targets) {
  expect_same("cross_entropy", p, logits), expect_rows("cross_entropy", p, loss, targets);
  expect_apart("functional::cross_entropy", {{"logits", unless_same(logits, p)}}, {{"p", p}});
  const auto formula = [&](Index first, auto p_, auto logits_) {
    const auto from = static_cast<std::size_t>(first), n = static_cast<std::size_t>(p_.rows());
#ifndef __wasm_simd128__
    cross_entropy<Scalar>(p_, loss.subspan(from, n), logits_, targets.subspan(from, n));
#else
    wasm_cross_entropy(p_, loss.subspan(from, n), logits_, targets.subspan(from, n));
#endif
  };
  by_rows(10, formula, p, logits);
}
void cross_entropy_backward(View dlogits, ConstView p, TokenSpan targets, Scalar scale) {
  expect_same("cross_entropy_backward", dlogits, p);
  expect_rows("cross_entropy_backward", p, targets);
  expect_apart("functional::cross_entropy_backward", {{"p", unless_same(p, dlogits)}},
               {{"dlogits", dlogits}});
  const auto formula = [&](Index first, auto dlogits_, auto p_) {
    const auto from = static_cast<std::size_t>(first), n = static_cast<std::size_t>(p_.rows());
    cross_entropy_backward<Scalar>(dlogits_, p_, targets.subspan(from, n), scale);
  };
  by_rows(1, formula, dlogits, p);
}

// A text of its own, as that of rms_norm: sums in double, one after the other, wait for each other.
// Seen from a number of the row, at least 1/(C + 1) of the squares is left when the mean's is taken
// away: nothing is lost.
void layer_norm(View y, std::span<double> mean, std::span<double> rstd, ConstView x,
                ConstView weight, ConstView bias, Scalar epsilon) {
  expect_same("layer_norm", y, x), expect_rows("layer_norm", x, mean, rstd);
  expect("layer_norm", weight, 1, x.cols), expect("layer_norm", bias, 1, x.cols);
  expect_apart("functional::layer_norm", {{"x", x}, {"weight", weight}, {"bias", bias}},
               {{"y", y}});
  const Scalar *w = weight.data, *b = bias.data;
  const auto formula = [&](Index first, auto y_, auto x_) {
    const Index C = x_.cols();
    const double share = 1 / static_cast<double>(C);
    for (Index n = 0; n < x_.rows(); ++n) {
      const Scalar* v = x_.row(n).data();
      // How far the mean is from the first number, and the squares seen from there: one pass.
      const double from = C > 0 ? static_cast<double>(v[0]) : 0;
      double away = 0, square = 0;
#pragma omp simd reduction(+ : away, square)
      for (Index j = 0; j < C; ++j) {
        const double d = static_cast<double>(v[j]) - from;
        away += d, square += d * d;
      }
      away *= share, square *= share;
      const double m = from + away;
      const double scale = 1 / std::sqrt(square - away * away + static_cast<double>(epsilon));
      Scalar* out = y_.row(n).data();
#pragma omp simd
      for (Index j = 0; j < C; ++j) out[j] = normal(v[j], m, scale) * w[j] + b[j];
      const auto i = static_cast<std::size_t>(first + n);
      mean[i] = m, rstd[i] = scale;
    }
  };
  by_rows(6, formula, y, x);
}

// Texts of their own: Eigen turns no floats into doubles, or back, in whole registers.
void layer_norm_backward(View dx, ConstView x, std::span<const double> mean,
                         std::span<const double> rstd, ConstView weight, ConstView dy) {
  expect_same("layer_norm_backward", dx, x, dy), expect_rows("layer_norm_backward", x, mean, rstd);
  expect("layer_norm_backward", weight, 1, dy.cols);
  expect_apart("functional::layer_norm_backward",
               {{"x", x}, {"weight", weight}, {"dy", unless_same(dy, dx)}}, {{"dx", dx}});
  const auto formula = [&](Index first, auto dx_, auto x_, auto dy_) {
    thread_local RowVector hat;  // as long as the last row was: nothing is taken from the heap
    hat.resize(x_.cols());
    for (Index n = 0; n < x_.rows(); ++n) {
      const Scalar* v = x_.row(n).data();
      Scalar* h = hat.data();
      const auto i = static_cast<std::size_t>(first + n);
      const double m = mean[i], scale = rstd[i];
#pragma omp simd
      for (Index j = 0; j < x_.cols(); ++j) h[j] = normal(v[j], m, scale);
      const auto g = dy_.row(n).cwiseProduct(whole(weight).row(0));
      const Scalar mean_g = g.mean(), mean_gx = g.cwiseProduct(hat).mean();
      dx_.row(n) = static_cast<Scalar>(scale) * (g.array() - mean_g - hat.array() * mean_gx);
    }
  };
  by_rows(10, formula, dx, x, dy);
}
void layer_norm_backward_parameters(View dweight, View dbias, ConstView x,
                                    std::span<const double> mean, std::span<const double> rstd,
                                    ConstView dy) {
  expect_same("layer_norm_backward_parameters", x, dy);
  expect_rows("layer_norm_backward_parameters", x, mean, rstd);
  expect("layer_norm_backward_parameters", dweight, 1, dy.cols),
      expect("layer_norm_backward_parameters", dbias, 1, dy.cols);
  expect_apart("functional::layer_norm_backward_parameters", {{"x", x}, {"dy", dy}},
               {{"dweight", dweight}, {"dbias", dbias}});
  const auto formula = [&](auto dweight_, auto dbias_, auto x_, auto dy_) {
    Scalar *dw = dweight_.data(), *db = dbias_.data();
    for (Index n = 0; n < x_.rows(); ++n) {
      const Scalar *v = x_.row(n).data(), *d = dy_.row(n).data();
      const auto i = static_cast<std::size_t>(n);
      const double m = mean[i], scale = rstd[i];
#pragma omp simd
      for (Index j = 0; j < x_.cols(); ++j) {
        dw[j] += d[j] * normal(v[j], m, scale);
        db[j] += d[j];
      }
    }
  };
  by_columns(formula, dweight, dbias, x, dy);
}

void rms_norm(View y, View rstd, ConstView x, ConstView weight, Scalar epsilon) {
  expect_same("rms_norm", y, x), expect("rms_norm", rstd, x.rows, 1),
      expect("rms_norm", weight, 1, x.cols);
  expect_apart("functional::rms_norm", {{"x", x}, {"weight", weight}}, {{"y", y}, {"rstd", rstd}});
  by_rows(
      4,
      [&](Index, auto y_, auto rstd_, auto x_) {
        for (Index n = 0; n < x_.rows(); ++n) {
          const double mean = sum(x_.row(n).data(), x_.cols(), [](double a) { return a * a; }) /
                              static_cast<double>(x_.cols());
          rstd_(n, 0) = static_cast<Scalar>(1 / std::sqrt(mean + static_cast<double>(epsilon)));
          y_.row(n) = (x_.row(n) * rstd_(n, 0)).cwiseProduct(whole(weight).row(0));
        }
      },
      y, rstd, x);
}
void rms_norm_backward(View dx, ConstView rstd, ConstView x, ConstView weight, ConstView dy) {
  expect_same("rms_norm_backward", dx, x, dy), expect("rms_norm_backward", rstd, x.rows, 1);
  expect("rms_norm_backward", weight, 1, x.cols);
  expect_apart("functional::rms_norm_backward",
               {{"rstd", rstd}, {"x", x}, {"weight", weight}, {"dy", unless_same(dy, dx)}},
               {{"dx", dx}});
  const auto formula = [&](Index, auto dx_, auto rstd_, auto x_, auto dy_) {
    rms_norm_backward<Scalar>(dx_, rstd_, x_, whole(weight), dy_);
  };
  by_rows(6, formula, dx, rstd, x, dy);
}
void rms_norm_backward_parameters(View dweight, ConstView rstd, ConstView x, ConstView dy) {
  expect_same("rms_norm_backward_parameters", x, dy),
      expect("rms_norm_backward_parameters", dweight, 1, x.cols);
  expect("rms_norm_backward_parameters", rstd, x.rows, 1);
  expect_apart("functional::rms_norm_backward_parameters", {{"rstd", rstd}, {"x", x}, {"dy", dy}},
               {{"dweight", dweight}});
  by_columns([&](auto dw, auto x_,
                 auto dy_) { rms_norm_backward_parameters<Scalar>(dw, whole(rstd), x_, dy_); },
             dweight, x, dy);
}

void relu(View y, ConstView x) {
  expect_same("relu", y, x);
  expect_apart("functional::relu", {{"x", x}}, {{"y", y}});
  by_rows(
      1, [](Index, auto y_, auto x_) { relu<Scalar>(y_, x_); }, y, x);
}
void relu_backward(View dx, ConstView x, ConstView dy) {
  expect_same("relu_backward", dx, x, dy);
  expect_apart("functional::relu_backward", {{"x", x}, {"dy", unless_same(dy, dx)}}, {{"dx", dx}});
  by_rows(
      1, [](Index, auto dx_, auto x_, auto dy_) { relu_backward<Scalar>(dx_, x_, dy_); }, dx, x,
      dy);
}
void tanh(View y, ConstView x) {
  expect_same("tanh", y, x);
  expect_apart("functional::tanh", {{"x", x}}, {{"y", y}});
  by_rows(
      10, [](Index, auto y_, auto x_) { tanh<Scalar>(y_, x_); }, y, x);
}
void tanh_backward(View dx, ConstView y, ConstView dy) {
  expect_same("tanh_backward", dx, y, dy);
  expect_apart("functional::tanh_backward", {{"y", y}, {"dy", unless_same(dy, dx)}}, {{"dx", dx}});
  by_rows(
      2, [](Index, auto dx_, auto y_, auto dy_) { tanh_backward<Scalar>(dx_, y_, dy_); }, dx, y,
      dy);
}
void sigmoid(View y, ConstView x) {
  expect_same("sigmoid", y, x);
  expect_apart("functional::sigmoid", {{"x", x}}, {{"y", y}});
  by_rows(
      10, [](Index, auto y_, auto x_) { sigmoid<Scalar>(y_, x_); }, y, x);
}
void sigmoid_backward(View dx, ConstView y, ConstView dy) {
  expect_same("sigmoid_backward", dx, y, dy);
  expect_apart("functional::sigmoid_backward", {{"y", y}, {"dy", unless_same(dy, dx)}},
               {{"dx", dx}});
  by_rows(
      2, [](Index, auto dx_, auto y_, auto dy_) { sigmoid_backward<Scalar>(dx_, y_, dy_); }, dx, y,
      dy);
}
void gelu(View y, ConstView x) {
  expect_same("gelu", y, x);
  expect_apart("functional::gelu", {{"x", x}}, {{"y", y}});
  by_rows(
      12,
      [](Index, auto y_, auto x_) {
#ifndef __wasm_simd128__
        gelu<Scalar>(y_, x_);
#else
        for (Index n = 0; n < y_.rows(); ++n)
          wasm_gelu(y_.row(n).data(), x_.row(n).data(), y_.cols());
#endif
      },
      y, x);
}

// A text of its own: Φ = y/x, since a tanh once more takes many times as long. Where x is 0, or so
// near that ½·x is rounded, Φ is ½; written without a choice between two divisions, which the
// compiler would not vectorise. Beyond ±8, x·Φ′ is 0, which x² may not turn into NaN.
void gelu_backward(View dx, ConstView x, ConstView y, ConstView dy) {
  expect_same("gelu_backward", dx, x, y, dy);
  static constexpr Scalar root = Scalar(0.7978845608028654), cubic = Scalar(0.044715),
                          tiny = Scalar(1e-30);
  expect_apart("functional::gelu_backward", {{"x", x}, {"y", y}, {"dy", unless_same(dy, dx)}},
               {{"dx", dx}});
  const auto formula = [](Index, auto dx_, auto x_, auto y_, auto dy_) {
    for (Index n = 0; n < x_.rows(); ++n) {
      const Scalar *v = x_.row(n).data(), *g = y_.row(n).data(), *d = dy_.row(n).data();
      Scalar* out = dx_.row(n).data();
#pragma omp simd
      for (Index j = 0; j < x_.cols(); ++j) {
        const Scalar at_zero = std::abs(v[j]) < tiny ? Scalar(1) : Scalar(0);
        const Scalar phi = (g[j] + Scalar(0.5) * at_zero) / (v[j] + at_zero);
        const Scalar bend = std::abs(v[j]) < 8 ? v[j] * phi * (1 - phi) : Scalar(0);
        out[j] = d[j] * (phi + 2 * root * (bend + 3 * cubic * bend * v[j] * v[j]));
      }
    }
  };
  by_rows(8, formula, dx, x, y, dy);
}

void exact_gelu(View y, ConstView x) {
  expect_same("exact_gelu", y, x);
  expect_apart("functional::exact_gelu", {{"x", x}}, {{"y", y}});
  by_rows(
      30, [](Index, auto y_, auto x_) { exact_gelu<Scalar>(y_, x_); }, y, x);
}
void exact_gelu_backward(View dx, ConstView x, ConstView dy) {
  expect_same("exact_gelu_backward", dx, x, dy);
  expect_apart("functional::exact_gelu_backward", {{"x", x}, {"dy", unless_same(dy, dx)}},
               {{"dx", dx}});
  by_rows(
      40, [](Index, auto dx_, auto x_, auto dy_) { exact_gelu_backward<Scalar>(dx_, x_, dy_); }, dx,
      x, dy);
}

void swiglu(View y, ConstView gate, ConstView up) {
  expect_same("swiglu", y, gate, up);
  expect_apart("functional::swiglu", {{"gate", unless_same(gate, y)}, {"up", unless_same(up, y)}},
               {{"y", y}});
  by_rows(
      12, [](Index, auto y_, auto gate_, auto up_) { swiglu<Scalar>(y_, gate_, up_); }, y, gate,
      up);
}
void swiglu_backward(View dgate, View dup, ConstView gate, ConstView up, ConstView dy) {
  expect_same("swiglu_backward", dgate, dup, gate, up, dy);
  expect_apart("functional::swiglu_backward", {{"gate", gate}, {"up", up}, {"dy", dy}},
               {{"dgate", dgate}, {"dup", dup}});
  const auto formula = [](Index, auto dgate_, auto dup_, auto gate_, auto up_, auto dy_) {
    swiglu_backward<Scalar>(dgate_, dup_, gate_, up_, dy_);
  };
  by_rows(16, formula, dgate, dup, gate, up, dy);
}

namespace {
/// Throws Error unless all rows are turned, head by head.
void expect_rotary(const char* call, View y, ConstView x, ConstView cosine, ConstView sine) {
  expect_same(call, y, x);
  expect(call, cosine, x.rows, cosine.cols), expect(call, sine, x.rows, cosine.cols);
  if (cosine.cols < 1 || x.cols % (2 * cosine.cols) != 0)
    throw Error(std::string("functional::") + call + ": " + std::to_string(x.cols) +
                " columns are no heads of twice " + std::to_string(cosine.cols) + " numbers");
}
}  // namespace
void rotate(View y, ConstView x, ConstView cosine, ConstView sine, RotaryPairs pairs) {
  expect_rotary("rotate", y, x, cosine, sine);
  expect_apart("functional::rotate", {{"x", unless_same(x, y)}, {"cosine", cosine}, {"sine", sine}},
               {{"y", y}});
  const auto formula = [=](Index, auto y_, auto x_, auto cosine_, auto sine_) {
    rotate<Scalar>(y_, x_, cosine_, sine_, pairs);
  };
  by_rows(4, formula, y, x, cosine, sine);
}
void rotate_backward(View dx, ConstView cosine, ConstView sine, ConstView dy, RotaryPairs pairs) {
  expect_rotary("rotate_backward", dx, dy, cosine, sine);
  expect_apart("functional::rotate_backward",
               {{"cosine", cosine}, {"sine", sine}, {"dy", unless_same(dy, dx)}}, {{"dx", dx}});
  const auto formula = [=](Index, auto dx_, auto cosine_, auto sine_, auto dy_) {
    rotate_backward<Scalar>(dx_, cosine_, sine_, dy_, pairs);
  };
  by_rows(4, formula, dx, cosine, sine, dy);
}

void add(View z, ConstView x, ConstView y) {
  expect_same("add", z, x, y);
  expect_apart("functional::add", {{"x", unless_same(x, z)}, {"y", unless_same(y, z)}}, {{"z", z}});
  by_rows(
      1, [](Index, auto z_, auto x_, auto y_) { add<Scalar>(z_, x_, y_); }, z, x, y);
}
void add_rows(View sum, ConstView x) {
  expect_same("add_rows", x), expect("add_rows", sum, 1, x.cols);
  expect_apart("functional::add_rows", {{"x", x}}, {{"sum", sum}});
  by_columns([](auto sum_, auto x_) { add_rows<Scalar>(sum_, x_); }, sum, x);
}

// A text of its own, for its sums.
double sum_of_squares(ConstView x) {
  expect_same("sum_of_squares", x);
  double total = 0;
  for (Index n = 0; n < x.rows; ++n) total += sum(x.row(n), x.cols, [](double a) { return a * a; });
  return total;
}

void adamw(View w, View m, View v, ConstView g, const AdamWStep& s) {
  expect_same("adamw", w, m, v, g);
  expect_apart("functional::adamw", {{"g", g}}, {{"w", w}, {"m", m}, {"v", v}});
  const auto formula = [&](Index, auto w_, auto m_, auto v_, auto g_) {
    adamw<Scalar>(w_, m_, v_, g_, s);
  };
  by_rows(8, formula, w, m, v, g);
}

}}}  // namespace damla::DAMLA_ABI::functional
#endif
