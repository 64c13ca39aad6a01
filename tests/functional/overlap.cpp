// What a compiled formula writes may be what it reads only where its comment says so. That the
// result is then the same is tested beside each formula; here: that nothing else is let through.
#ifndef DAMLA_STEP
#include "damla/functional/activation.hpp"
#include "damla/functional/adamw.hpp"
#include "damla/functional/attention.hpp"
#include "damla/functional/cross_entropy.hpp"
#include "damla/functional/layer_norm.hpp"
#include "damla/functional/rms_norm.hpp"
#include "damla/functional/rotary.hpp"
#include "damla/functional/softmax.hpp"
#include "damla/functional/sum.hpp"
#include "damla/functional/swiglu.hpp"
#include "helpers/blocks.hpp"
#include "helpers/error_says.hpp"

using namespace damla;
namespace f = functional;

namespace {
/// Calls formula(in, out), where `in` is one of the matrices it reads and `out` one that it writes,
/// with views of one memory: the same, a row further on, a column further on, and side by side.
void check(const char* name, bool in_place, auto formula) {
  INFO(name);
  const auto refused = [&](ConstView in, View out) {
    return error_says([&] { formula(in, out); },
                      {std::string("functional::") + name + ": ", " shares memory with "});
  };
  Matrix m = Matrix::Random(6, 8);
  const Matrix before = m;
  CHECK(refused(m.topLeftCorner(5, 4), m.bottomLeftCorner(5, 4)));
  CHECK(refused(m.topLeftCorner(5, 4), m.block(0, 1, 5, 4)));
  CHECK(refused({m.data(), 5, 4, 4}, m.topLeftCorner(5, 4)));  // the same place, other rows
  CHECK(m == before);
  CHECK_NOTHROW(formula(m.topLeftCorner(5, 4), m.topRightCorner(5, 4)));
  m = before;
  if (in_place) CHECK_NOTHROW(formula(m.topLeftCorner(5, 4), m.topLeftCorner(5, 4)));
  else CHECK(refused(m.topLeftCorner(5, 4), m.topLeftCorner(5, 4)));
}
}  // namespace

TEST_CASE("compiled formulas refuse results that overlap what they read", "[functional]") {
  const Matrix other = Matrix::Random(5, 4), row = Matrix::Ones(1, 4), column = Matrix::Ones(5, 1);
  Matrix free(5, 4), free_row(1, 4), free_column(5, 1);
  const Tokens targets{0, 1, 2, 3, ignored};
  std::vector<double> loss(5), mean(5), rstd(5);
  check("softmax", true, [](ConstView in, View out) { f::softmax(out, in); });
  check("softmax_backward", true,
        [&](ConstView in, View out) { f::softmax_backward(out, other, in); });
  check("softmax_backward", false,
        [&](ConstView in, View out) { f::softmax_backward(out, in, other); });
  check("cross_entropy", true,
        [&](ConstView in, View out) { f::cross_entropy(out, loss, in, targets); });
  check("cross_entropy_backward", true,
        [&](ConstView in, View out) { f::cross_entropy_backward(out, in, targets, 1); });
  check("layer_norm", false,
        [&](ConstView in, View out) { f::layer_norm(out, mean, rstd, in, row, row, 1); });
  check("layer_norm_backward", true,
        [&](ConstView in, View out) { f::layer_norm_backward(out, other, mean, rstd, row, in); });
  check("layer_norm_backward", false,
        [&](ConstView in, View out) { f::layer_norm_backward(out, in, mean, rstd, row, other); });
  check("rms_norm", false,
        [&](ConstView in, View out) { f::rms_norm(out, free_column, in, row, 1); });
  check("rms_norm_backward", true,
        [&](ConstView in, View out) { f::rms_norm_backward(out, column, other, row, in); });
  check("rms_norm_backward", false,
        [&](ConstView in, View out) { f::rms_norm_backward(out, column, in, row, other); });
  check("relu", false, [](ConstView in, View out) { f::relu(out, in); });
  check("relu_backward", true, [&](ConstView in, View out) { f::relu_backward(out, other, in); });
  check("relu_backward", false, [&](ConstView in, View out) { f::relu_backward(out, in, other); });
  check("tanh", false, [](ConstView in, View out) { f::tanh(out, in); });
  check("tanh_backward", true, [&](ConstView in, View out) { f::tanh_backward(out, other, in); });
  check("tanh_backward", false, [&](ConstView in, View out) { f::tanh_backward(out, in, other); });
  check("sigmoid", false, [](ConstView in, View out) { f::sigmoid(out, in); });
  check("sigmoid_backward", true,
        [&](ConstView in, View out) { f::sigmoid_backward(out, other, in); });
  check("sigmoid_backward", false,
        [&](ConstView in, View out) { f::sigmoid_backward(out, in, other); });
  check("gelu", false, [](ConstView in, View out) { f::gelu(out, in); });
  check("gelu_backward", true,
        [&](ConstView in, View out) { f::gelu_backward(out, other, other, in); });
  check("gelu_backward", false,
        [&](ConstView in, View out) { f::gelu_backward(out, in, other, other); });
  check("gelu_backward", false,
        [&](ConstView in, View out) { f::gelu_backward(out, other, in, other); });
  check("exact_gelu", false, [](ConstView in, View out) { f::exact_gelu(out, in); });
  check("exact_gelu_backward", true,
        [&](ConstView in, View out) { f::exact_gelu_backward(out, other, in); });
  check("exact_gelu_backward", false,
        [&](ConstView in, View out) { f::exact_gelu_backward(out, in, other); });
  check("swiglu", true, [&](ConstView in, View out) { f::swiglu(out, in, other); });
  check("swiglu", true, [&](ConstView in, View out) { f::swiglu(out, other, in); });
  const auto swiglu_back = [](View dgate, View dup, ConstView gate, ConstView up, ConstView dy) {
    f::swiglu_backward(dgate, dup, gate, up, dy);
  };
  check("swiglu_backward", false,
        [&](ConstView in, View out) { swiglu_back(out, free, in, other, other); });
  check("swiglu_backward", false,
        [&](ConstView in, View out) { swiglu_back(free, out, other, in, other); });
  check("swiglu_backward", false,
        [&](ConstView in, View out) { swiglu_back(free, out, other, other, in); });
  const Matrix angles = Matrix::Zero(5, 2);
  const auto pairs = f::RotaryPairs::halves;
  check("rotate", true, [&](ConstView in, View out) { f::rotate(out, in, angles, angles, pairs); });
  check("rotate_backward", true,
        [&](ConstView in, View out) { f::rotate_backward(out, angles, angles, in, pairs); });
  check("add", true, [&](ConstView in, View out) { f::add(out, in, other); });
  check("add", true, [&](ConstView in, View out) { f::add(out, other, in); });
  const f::AdamWStep step{1, 0, 0, 1, 0, 1, 1, 1};
  Matrix moment = Matrix::Zero(5, 4), second = moment, weight = moment;
  check("adamw", false, [&](ConstView in, View out) { f::adamw(out, moment, second, in, step); });
  check("adamw", false, [&](ConstView in, View out) { f::adamw(weight, out, second, in, step); });
  check("adamw", false, [&](ConstView in, View out) { f::adamw(weight, moment, out, in, step); });

  const auto all = f::Visible::all(5);
  Matrix weights(5, 5), dq(5, 4), dk(5, 4), dv(5, 4);
  check("attend", false,
        [&](ConstView in, View out) { f::attend(out, weights, in, other, other, all); });
  check("attend", false,
        [&](ConstView in, View out) { f::attend(out, weights, other, in, other, all); });
  check("attend", false,
        [&](ConstView in, View out) { f::attend(out, weights, other, other, in, all); });
  const auto back = [&](View a, View b, View c, ConstView d, ConstView q, ConstView k,
                        ConstView v) { f::attend_backward(a, b, c, d, q, k, v, weights, all); };
  check("attend_backward", false,
        [&](ConstView in, View out) { back(out, dk, dv, in, other, other, other); });
  check("attend_backward", false,
        [&](ConstView in, View out) { back(dq, out, dv, other, in, other, other); });
  check("attend_backward", false,
        [&](ConstView in, View out) { back(dq, dk, out, other, other, in, other); });
  check("attend_backward", false,
        [&](ConstView in, View out) { back(out, dk, dv, other, other, other, in); });
  Matrix peaks(5, 2);
  check("attend_blockwise", false,
        [&](ConstView in, View out) { f::attend_blockwise(out, peaks, in, other, other, all); });
  check("attend_blockwise", false,
        [&](ConstView in, View out) { f::attend_blockwise(out, peaks, other, other, in, all); });
  check("attend_blockwise_backward", false, [&](ConstView in, View out) {
    f::attend_blockwise_backward(out, dk, dv, in, other, other, other, other, peaks, all);
  });
  check("attend_blockwise_backward", false, [&](ConstView in, View out) {
    f::attend_blockwise_backward(dq, dk, out, other, other, other, other, in, peaks, all);
  });
}

TEST_CASE("compiled formulas refuse two results in one place, and sums in what they add up",
          "[functional]") {
  const auto refused = [](auto call) { return error_says(call, {" shares memory with "}); };
  Matrix x = Matrix::Random(5, 5), y(5, 5), z(5, 5);
  const Matrix row = Matrix::Ones(1, 5), column = Matrix::Ones(5, 1);
  std::vector<double> mean(5), rstd(5);
  CHECK(refused([&] { f::layer_norm(y, mean, rstd, x, y.topRows(1), row, 1); }));
  CHECK(refused([&] { f::rms_norm(y, y.leftCols(1), x, row, 1); }));
  CHECK(refused([&] { f::rms_norm_backward(y, y.leftCols(1), x, row, x); }));
  CHECK(refused([&] { f::swiglu_backward(y, y, x, x, x); }));
  Matrix wide = Matrix::Zero(5, 4), angles = wide;
  const auto pairs = f::RotaryPairs::halves;
  CHECK(refused([&] { f::rotate(wide, wide, wide.leftCols(2), angles.leftCols(2), pairs); }));
  CHECK(refused(
      [&] { f::rotate_backward(wide, angles.leftCols(2), wide.leftCols(2), wide, pairs); }));
  CHECK(refused([&] { f::adamw(y, y, z, x, {1, 0, 0, 1, 0, 1, 1, 1}); }));
  CHECK(refused([&] { f::attend(y, y, x, x, x, f::Visible::causal()); }));
  CHECK(refused([&] { f::attend_backward(y, y, z, x, x, x, x, x, f::Visible::causal()); }));
  CHECK(refused([&] { f::attend_backward(y, z, x, z, y, y, y, x, f::Visible::causal()); }));
  const View peaks = z.leftCols(2);
  CHECK(refused([&] { f::attend_blockwise(z, peaks, x, x, x, f::Visible::causal()); }));
  CHECK(refused([&] {
    f::attend_blockwise_backward(y, y, Matrix(5, 5), x, x, x, x, x, peaks, f::Visible::causal());
  }));
  CHECK(refused([&] { f::add_rows(x.topRows(1), x); }));
  CHECK(refused(
      [&] { f::layer_norm_backward_parameters(x.topRows(1), y.topRows(1), x, mean, rstd, z); }));
  CHECK(refused(
      [&] { f::layer_norm_backward_parameters(y.topRows(1), y.topRows(1), x, mean, rstd, z); }));
  CHECK(refused([&] { f::rms_norm_backward_parameters(x.topRows(1), column, z, x); }));
}
#endif
