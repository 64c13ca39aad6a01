// The formulas' own texts against central differences; those of the engine, which the layers call,
// are checked in tests/nn. Attention's brings its products into this file; tests/structure knows.
#include "damla/check/gradient.hpp"
#include "damla/functional/activation.hpp"
#include "damla/functional/attention.hpp"
#include "damla/functional/cross_entropy.hpp"
#include "damla/functional/layer_norm.hpp"
#include "damla/functional/preference.hpp"
#include "damla/functional/rms_norm.hpp"
#include "damla/functional/rotary.hpp"
#include "damla/functional/softmax.hpp"
#include "damla/functional/swiglu.hpp"
#include "helpers/catch.hpp"
#include "helpers/random_data.hpp"

using namespace damla;
using functional::Visible;

namespace {
constexpr double tolerance = 1e-6;

/// loss = Σ y ⊙ target + ½ Σ y², whose derivative by y is target + y.
double loss_of(const Matrix& y, const Matrix& target) {
  return y.cwiseProduct(target).sum() + y.squaredNorm() / 2;
}
void check(Matrix& x, const Matrix& dx, const std::function<double()>& loss) {
  const GradientCheck result = check_input_gradient(x, dx, loss);
  INFO(result.where);
  CHECK(result.error < tolerance);
}
}  // namespace

TEST_CASE("softmax: the formula's gradient", "[functional]") {
  Random random(1);
  Matrix x = normal_matrix(4, 5, random), y(4, 5), dx(4, 5);
  const Matrix target = normal_matrix(4, 5, random);
  const auto loss = [&] { return functional::softmax<double>(y, x), loss_of(y, target); };
  loss();
  functional::softmax_backward<double>(dx, y, y + target);
  check(x, dx, loss);
}

TEST_CASE("cross-entropy: the formula's gradient", "[functional]") {
  Random random(2);
  Matrix logits = normal_matrix(4, 5, random, 2), p(4, 5), d(4, 5);
  const Tokens targets{0, 4, ignored, 2};
  std::vector<double> each(4);
  const auto loss = [&] {
    functional::cross_entropy<double>(p, each, logits, targets);
    return 0.5 * (each[0] + each[1] + each[2] + each[3]);
  };
  loss();
  functional::cross_entropy_backward<double>(d, p, targets, 0.5);
  check(logits, d, loss);
}

TEST_CASE("layer norm: the formula's gradients", "[functional]") {
  Random random(3);
  for (const Index C : {1, 2, 7}) {
    CAPTURE(C);
    Matrix x = normal_matrix(4, C, random), weight = normal_matrix(1, C, random),
           bias = normal_matrix(1, C, random), y(4, C), dx(4, C);
    std::vector<double> mean(4), rstd(4);
    Matrix dweight = Matrix::Zero(1, C), dbias = dweight;
    const Matrix target = normal_matrix(4, C, random);
    const auto loss = [&] {
      functional::layer_norm<double>(y, mean, rstd, x, weight, bias, 1e-2);
      return loss_of(y, target);
    };
    loss();
    const Matrix dy = y + target;
    functional::layer_norm_backward<double>(dx, x, mean, rstd, weight, dy);
    functional::layer_norm_backward_parameters<double>(dweight, dbias, x, mean, rstd, dy);
    check(x, dx, loss), check(weight, dweight, loss), check(bias, dbias, loss);
  }
}

TEST_CASE("RMS norm: the formula's gradients", "[functional]") {
  Random random(4);
  for (const Index C : {1, 2, 7}) {
    CAPTURE(C);
    Matrix x = normal_matrix(4, C, random), weight = normal_matrix(1, C, random), y(4, C),
           rstd(4, 1), dx(4, C), dweight = Matrix::Zero(1, C);
    const Matrix target = normal_matrix(4, C, random);
    const auto loss = [&] {
      functional::rms_norm<double>(y, rstd, x, weight, 1e-2);
      return loss_of(y, target);
    };
    loss();
    const Matrix dy = y + target;
    functional::rms_norm_backward<double>(dx, rstd, x, weight, dy);
    functional::rms_norm_backward_parameters<double>(dweight, rstd, x, dy);
    check(x, dx, loss), check(weight, dweight, loss);
  }
}

TEST_CASE("activations: the formulas' gradients", "[functional]") {
  namespace f = functional;
  Random random(5);
  Matrix x = normal_matrix(4, 9, random, 2), y(4, 9), dx(4, 9);
  x = x.unaryExpr([](double v) { return std::abs(v) < 0.01 ? 0.5 : v; });  // ReLU has a knee
  const Matrix target = normal_matrix(4, 9, random);
  const auto of = [&](const char* name, auto forward, auto backward) {
    INFO(name);
    const auto loss = [&] { return forward(), loss_of(y, target); };
    loss();
    backward(y + target);
    check(x, dx, loss);
  };
  using Dy = const Matrix&;
  of(
      "relu", [&] { f::relu<double>(y, x); }, [&](Dy dy) { f::relu_backward<double>(dx, x, dy); });
  of(
      "tanh", [&] { f::tanh<double>(y, x); }, [&](Dy dy) { f::tanh_backward<double>(dx, y, dy); });
  of(
      "sigmoid", [&] { f::sigmoid<double>(y, x); },
      [&](Dy dy) { f::sigmoid_backward<double>(dx, y, dy); });
  of(
      "gelu", [&] { f::gelu<double>(y, x); },
      [&](Dy dy) { f::gelu_backward<double>(dx, x, y, dy); });
  of(
      "exact_gelu", [&] { f::exact_gelu<double>(y, x); },
      [&](Dy dy) { f::exact_gelu_backward<double>(dx, x, dy); });
}

TEST_CASE("SwiGLU: the formula's gradients", "[functional]") {
  Random random(7);
  Matrix gate = normal_matrix(4, 5, random, 2), up = normal_matrix(4, 5, random), y(4, 5),
         dgate = y, dup = y;
  const Matrix target = normal_matrix(4, 5, random);
  const auto loss = [&] { return functional::swiglu<double>(y, gate, up), loss_of(y, target); };
  loss();
  functional::swiglu_backward<double>(dgate, dup, gate, up, y + target);
  check(gate, dgate, loss), check(up, dup, loss);
}

TEST_CASE("rotary: the formula's gradient, in both conventions", "[functional]") {
  for (const auto pairs : {functional::RotaryPairs::halves, functional::RotaryPairs::neighbours}) {
    Random random(8);
    const Matrix angles = normal_matrix(4, 3, random, 3), cosine = angles.array().cos(),
                 sine = angles.array().sin(), target = normal_matrix(4, 12, random);
    Matrix x = normal_matrix(4, 12, random), y(4, 12), dx(4, 12);
    // A turn keeps lengths, so that the square alone would show nothing: each number has a weight.
    const Matrix weight = normal_matrix(4, 12, random);
    const auto loss = [&] {
      functional::rotate<double>(y, x, cosine, sine, pairs);
      return loss_of(y.cwiseProduct(weight), target);
    };
    loss();
    functional::rotate_backward<double>(
        dx, cosine, sine, (y.cwiseProduct(weight) + target).cwiseProduct(weight), pairs);
    check(x, dx, loss);
  }
}

TEST_CASE("attention: the formula's gradients, causal, padded and cached", "[functional]") {
  struct Case {
    Index T, S;
    Visible visible;
  };
  for (const auto [T, S, visible] :
       {Case{5, 5, Visible::causal()}, Case{5, 5, Visible::all(5)}, Case{5, 5, Visible::all(3)},
        Case{4, 4, Visible::all(1)}, Case{3, 7, Visible::causal(4)}, Case{2, 7, Visible::causal(3)},
        Case{1, 1, Visible::causal()}}) {
    CAPTURE(T, S, visible.first, visible.step);
    Random random(6);
    Matrix q = normal_matrix(T, 3, random), k = normal_matrix(S, 3, random),
           v = normal_matrix(S, 3, random), y(T, 3), weights(T, S), dq(T, 3), dk(S, 3), dv(S, 3);
    const Matrix target = normal_matrix(T, 3, random);
    const auto loss = [&] {
      functional::attend<double>(y, weights, q, k, v, visible);
      return loss_of(y, target);
    };
    loss();
    functional::attend_backward<double>(dq, dk, dv, y + target, q, k, v, weights, visible);
    check(q, dq, loss), check(k, dk, loss), check(v, dv, loss);
  }
}

TEST_CASE("the losses of alignment: the formulas' gradients", "[functional]") {
  const double h = 1e-6;
  for (const double z : {-30.0, -2.0, 0.0, 0.7, 30.0}) {
    CAPTURE(z);
    const auto loss = [](double at) { return functional::bradley_terry(at, 0.3).loss; };
    CHECK(functional::bradley_terry(z, 0.3).dz ==
          Approx((loss(z + h) - loss(z - h)) / (2 * h)).margin(1e-8));
  }
  for (const double log_p : {-4.0, -2.1, -1.9, -1.0})  // the clip begins at −2 ± 0.2
    for (const double advantage : {-1.5, 2.0}) {
      CAPTURE(log_p, advantage);
      const auto loss = [&](double at) { return functional::ppo(at, -2, advantage, 0.2).loss; };
      CHECK(functional::ppo(log_p, -2, advantage, 0.2).dz ==
            Approx((loss(log_p + h) - loss(log_p - h)) / (2 * h)).margin(1e-8));
    }

  Random random(7);
  Matrix logits = normal_matrix(4, 5, random), p(4, 5), d(4, 5);
  const Tokens targets{1, ignored, 4, 4};
  const std::vector<double> weight{0.5, 3, -2, 1};
  const auto loss = [&] {
    std::vector<double> each(4);
    functional::cross_entropy<double>(p, each, logits, targets);
    return weight[0] * each[0] + weight[2] * each[2] + weight[3] * each[3];
  };
  loss();
  functional::weighted_log_likelihood_backward<double>(d, p, targets, weight);
  check(logits, d, loss);
}
