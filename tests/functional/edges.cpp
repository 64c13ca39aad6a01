// Every formula where floats end: at 0 and −0, among denormals, at the largest number, infinity and
// NaN, in rows that are constant or of huge differences. Each is asked three times, as template in
// float and in double and as compiled, beside the exact value in long double. NaN stays NaN; where
// PyTorch says NaN and mathematics has a limit, most give the limit.
#include <limits>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

#include "damla/functional/activation.hpp"
#include "damla/functional/adamw.hpp"
#include "damla/functional/cross_entropy.hpp"
#include "damla/functional/layer_norm.hpp"
#include "damla/functional/preference.hpp"
#include "damla/functional/rms_norm.hpp"
#include "damla/functional/softmax.hpp"
#include "damla/functional/sum.hpp"
#include "helpers/blocks.hpp"

using namespace damla;
namespace f = functional;

namespace {
using Real = long double;
constexpr Real infinity = std::numeric_limits<Real>::infinity(),
               no_number = std::numeric_limits<Real>::quiet_NaN();
constexpr double largest = std::numeric_limits<float>::max(),
                 denormal = std::numeric_limits<float>::denorm_min();

/// Whether a number is what it should be, up to `size` times the rounding of T.
template <class T>
bool is(T number, Real expected, Real size = 1) {
  if (std::isnan(expected)) return std::isnan(number);
  if (std::isinf(expected)) return static_cast<Real>(number) == expected;
  const Real limit = (sizeof(T) == sizeof(float) ? Real(2e-6) : Real(1e-11)) * size;
  return std::abs(static_cast<Real>(number) - expected) <=
         limit * std::max(Real(1), std::abs(expected));
}

/// An activation and its derivative, number by number: whole registers, and a few left over.
template <class T>
void check_numbers(auto forward, auto backward, auto exact, auto derivative) {
  using Limits = std::numeric_limits<T>;
  const T all[] = {0,
                   -T(0),
                   Limits::denorm_min(),
                   -Limits::denorm_min(),
                   Limits::min(),
                   T(1e-31),
                   T(-1e-29),
                   T(0.5),
                   -3,
                   6,
                   T(-7.9),
                   T(8.1),
                   -9,
                   20,
                   -100,
                   T(1e4),
                   T(-1e15),
                   T(1e19),
                   T(-1e20),
                   Limits::max(),
                   -Limits::max(),
                   Limits::infinity(),
                   -Limits::infinity(),
                   Limits::quiet_NaN()};
  for (const T v : all) {
    CAPTURE(v, sizeof(T));
    const Mat<T> x = Mat<T>::Constant(2, 37, v), dy = Mat<T>::Constant(2, 37, 2);
    Mat<T> y(2, 37), dx(2, 37);
    forward(y, x), backward(dx, x, y, dy);
    const Real expected = exact(static_cast<Real>(v)), slope = 2 * derivative(static_cast<Real>(v));
    // At infinity, PyTorch's 0·∞ = NaN would do as well as the limit.
    const auto none = [&](T number) { return std::isinf(v) && std::isnan(number); };
    for (Index i = 0; i < y.size(); ++i) {
      REQUIRE((is(y.data()[i], expected) || none(y.data()[i])));
      REQUIRE((is(dx.data()[i], slope, 4) || none(dx.data()[i])));
    }
  }
}

/// The three texts: in float and in double (formula), and compiled.
void check_activation(const char* name, auto formula, auto compiled, auto formula_backward,
                      auto compiled_backward, auto exact, auto derivative) {
  INFO(name);
  check_numbers<float>([&](auto& y, auto& x) { formula(0.0f, y, x); },
                       [&](auto&... all) { formula_backward(0.0f, all...); }, exact, derivative);
  check_numbers<double>([&](auto& y, auto& x) { formula(0.0, y, x); },
                        [&](auto&... all) { formula_backward(0.0, all...); }, exact, derivative);
  check_numbers<Scalar>(compiled, compiled_backward, exact, derivative);
}

/// Rows of C floats where they end. `bad` says that the row holds NaN or infinity.
struct Row {
  const char* name;
  Mat<float> x;
  bool bad = false;
};
std::vector<Row> rows(Index C) {
  std::vector<Row> all;
  for (const double v : {0.0, 0.1, 1234.567, 100000.1, -1e30, largest, -largest, denormal})
    all.push_back({"constant", Mat<float>::Constant(1, C, static_cast<float>(v))});
  for (const double v : {1e-30, 1e15, 1e19, 1e30, largest}) {
    Mat<float> x(1, C);
    for (Index j = 0; j < C; ++j) x(0, j) = static_cast<float>(j % 2 == 0 ? v : -v);
    all.push_back({"this or its negative", x});
    x.setConstant(1);
    x(0, C / 2) = static_cast<float>(v);
    all.push_back({"one number differs", x});
  }
  Random random(3);
  Mat<float> far(1, C);
  for (Index j = 0; j < C; ++j) far(0, j) = static_cast<float>(2000 + random.normal());
  all.push_back({"far from 0", far});
  for (const Real v : {infinity, no_number}) {
    far(0, C / 2) = static_cast<float>(v);
    all.push_back({"one number is none", far, true});
  }
  return all;
}
constexpr Index widths[] = {1, 2, 7, 37, 300};

/// Calls check(T(), call) for each of the three texts: `call` is what the formula is called by.
void with_each_text(auto formula, auto compiled, auto check) {
  check(float(), [&](auto&&... all) { formula(float(), all...); });
  check(double(), [&](auto&&... all) { formula(double(), all...); });
  check(Scalar(), compiled);
}
}  // namespace

TEST_CASE("activations where floats end", "[functional]") {
  const auto sigmoid = [](Real v) { return 1 / (1 + std::exp(-v)); };
  check_activation(
      "relu", [](auto t, auto& y, auto& x) { f::relu<decltype(t)>(y, x); },
      [](Matrix& y, const Matrix& x) { f::relu(y, x); },
      [](auto t, auto& dx, auto& x, auto&, auto& dy) { f::relu_backward<decltype(t)>(dx, x, dy); },
      [](Matrix& dx, const Matrix& x, const Matrix&, const Matrix& dy) {
        f::relu_backward(dx, x, dy);
      },
      [](Real v) { return v <= 0 ? 0 : v; },
      [](Real v) { return Real(v <= 0 ? 0 : 1); });  // at NaN 1, as PyTorch's
  check_activation(
      "tanh", [](auto t, auto& y, auto& x) { f::tanh<decltype(t)>(y, x); },
      [](Matrix& y, const Matrix& x) { f::tanh(y, x); },
      [](auto t, auto& dx, auto&, auto& y, auto& dy) { f::tanh_backward<decltype(t)>(dx, y, dy); },
      [](Matrix& dx, const Matrix&, const Matrix& y, const Matrix& dy) {
        f::tanh_backward(dx, y, dy);
      },
      [](Real v) { return std::tanh(v); },
      [](Real v) { return (1 - std::tanh(v)) * (1 + std::tanh(v)); });
  check_activation(
      "sigmoid", [](auto t, auto& y, auto& x) { f::sigmoid<decltype(t)>(y, x); },
      [](Matrix& y, const Matrix& x) { f::sigmoid(y, x); },
      [](auto t, auto& dx, auto&, auto& y, auto& dy) {
        f::sigmoid_backward<decltype(t)>(dx, y, dy);
      },
      [](Matrix& dx, const Matrix&, const Matrix& y, const Matrix& dy) {
        f::sigmoid_backward(dx, y, dy);
      },
      sigmoid, [&](Real v) { return sigmoid(v) * sigmoid(-v); });
  // Beyond ±100, Φ is 0 or 1 to all digits of a Real, too.
  const auto inner = [](Real v) { return 2 * std::sqrt(2 / std::numbers::pi_v<Real>) * v; };
  const auto phi = [&](Real v) {
    return v > 100 ? 1 : v < -100 ? 0 : sigmoid(inner(v) * (1 + Real(0.044715) * v * v));
  };
  const auto phi_slope = [&](Real v) {
    return std::abs(v) > 100 ? 0 : phi(v) * phi(-v) * inner(1) * (1 + 3 * Real(0.044715) * v * v);
  };
  check_activation(
      "gelu", [](auto t, auto& y, auto& x) { f::gelu<decltype(t)>(y, x); },
      [](Matrix& y, const Matrix& x) { f::gelu(y, x); },
      [](auto t, auto& dx, auto& x, auto& y, auto& dy) {
        f::gelu_backward<decltype(t)>(dx, x, y, dy);
      },
      [](Matrix& dx, const Matrix& x, const Matrix& y, const Matrix& dy) {
        f::gelu_backward(dx, x, y, dy);
      },
      [&](Real v) { return v < -100 ? 0 : v * phi(v); },
      [&](Real v) { return std::abs(v) > 100 ? phi(v) : phi(v) + v * phi_slope(v); });
  const Real root_half = std::sqrt(Real(0.5));
  check_activation(
      "exact_gelu", [](auto t, auto& y, auto& x) { f::exact_gelu<decltype(t)>(y, x); },
      [](Matrix& y, const Matrix& x) { f::exact_gelu(y, x); },
      [](auto t, auto& dx, auto& x, auto&, auto& dy) {
        f::exact_gelu_backward<decltype(t)>(dx, x, dy);
      },
      [](Matrix& dx, const Matrix& x, const Matrix&, const Matrix& dy) {
        f::exact_gelu_backward(dx, x, dy);
      },
      [&](Real v) { return v < -1000 ? 0 : v * std::erfc(-v * root_half) / 2; },
      [&](Real v) {
        if (std::abs(v) > 1000) return Real(v > 0 ? 1 : 0);
        return std::erfc(-v * root_half) / 2 +
               v * std::exp(-v * v / 2) / std::sqrt(2 * std::numbers::pi_v<Real>);
      });
}

TEST_CASE("layer norm where floats end: a constant row is its bias, one NaN is a row of them",
          "[functional]") {
  constexpr double epsilon = 1e-5;
  const auto check = [&](auto t, auto call) {
    using T = decltype(t);
    for (const Index C : widths)
      for (const Row& row : rows(C)) {
        CAPTURE(row.name, C, row.x(0, 0), sizeof(T));
        const Mat<T> x = row.x.template cast<T>(), weight = Mat<T>::Constant(1, C, 2),
                     bias = Mat<T>::Constant(1, C, T(0.7));
        Mat<T> y(1, C), dx(1, C), dy(1, C);
        std::vector<double> middle(1), rstd(1);
        for (Index j = 0; j < C; ++j) dy(0, j) = static_cast<T>(j % 3 - 1);
        call(y, middle, rstd, x, weight, bias, static_cast<T>(epsilon), dx, dy);
        Real mean = 0, variance = 0, g = 0, gx = 0;
        for (Index j = 0; j < C; ++j) mean += static_cast<Real>(x(0, j));
        mean /= static_cast<Real>(C);
        const auto away = [&](Index j) { return static_cast<Real>(x(0, j)) - mean; };
        for (Index j = 0; j < C; ++j) variance += away(j) * away(j) / static_cast<Real>(C);
        const Real scale =
            row.bad ? no_number : 1 / std::sqrt(variance + static_cast<Real>(epsilon));
        for (Index j = 0; j < C; ++j) {
          g += 2 * static_cast<Real>(dy(0, j)) / static_cast<Real>(C);
          gx += 2 * static_cast<Real>(dy(0, j)) * away(j) * scale / static_cast<Real>(C);
        }
        for (Index j = 0; j < C; ++j) {
          const Real hat = away(j) * scale;
          REQUIRE(is(static_cast<T>((static_cast<double>(x(0, j)) - middle[0]) * rstd[0]), hat));
          REQUIRE(is(y(0, j), 2 * hat + Real(0.7), 2));
          REQUIRE(is(dx(0, j), scale * (2 * static_cast<Real>(dy(0, j)) - g - hat * gx),
                     4 * std::max(Real(1), scale)));
          if (row.name == std::string("constant")) REQUIRE(y(0, j) == bias(0, j));
        }
        REQUIRE(is(static_cast<T>(rstd[0]), scale));
      }
  };
  with_each_text(
      [](auto t, auto& y, auto& middle, auto& rstd, auto& x, auto& weight, auto& bias, auto e,
         auto& dx, auto& dy) {
        f::layer_norm<decltype(t)>(y, middle, rstd, x, weight, bias, e);
        f::layer_norm_backward<decltype(t)>(dx, x, middle, rstd, weight, dy);
      },
      [](auto& y, auto& middle, auto& rstd, auto& x, auto& weight, auto& bias, auto e, auto& dx,
         auto& dy) {
        f::layer_norm(y, middle, rstd, x, weight, bias, e);
        f::layer_norm_backward(dx, x, middle, rstd, weight, dy);
      },
      check);
}

TEST_CASE("RMS norm where floats end", "[functional]") {
  constexpr double epsilon = 1e-5;
  const auto check = [&](auto t, auto call) {
    using T = decltype(t);
    for (const Index C : widths)
      for (const Row& row : rows(C)) {
        CAPTURE(row.name, C, row.x(0, 0), sizeof(T));
        const Mat<T> x = row.x.template cast<T>(), weight = Mat<T>::Constant(1, C, 2);
        Mat<T> y(1, C), rstd(1, 1), dx(1, C), dy(1, C), dweight = Mat<T>::Zero(1, C);
        for (Index j = 0; j < C; ++j) dy(0, j) = static_cast<T>(j % 3 - 1);
        call(y, rstd, x, weight, static_cast<T>(epsilon), dx, dweight, dy);
        Real square = 0, gx = 0;
        const auto at = [&](Index j) { return static_cast<Real>(x(0, j)); };
        for (Index j = 0; j < C; ++j) square += at(j) * at(j) / static_cast<Real>(C);
        const Real scale = 1 / std::sqrt(square + static_cast<Real>(epsilon));
        for (Index j = 0; j < C; ++j)
          gx += 2 * static_cast<Real>(dy(0, j)) * at(j) * scale / static_cast<Real>(C);
        for (Index j = 0; j < C; ++j) {
          // With an infinite number rstd is 0: that number becomes NaN, and the others 0.
          const Real hat = at(j) * scale, d = static_cast<Real>(dy(0, j));
          REQUIRE(is(y(0, j), 2 * hat, 4));
          REQUIRE(is(dweight(0, j), d * hat, 4));
          REQUIRE(is(dx(0, j), scale * (2 * d - hat * gx), 4 * std::max(Real(1), scale)));
        }
        REQUIRE(is(rstd(0, 0), scale));
      }
  };
  with_each_text(
      [](auto t, auto& y, auto& rstd, auto& x, auto& weight, auto e, auto& dx, auto& dweight,
         auto& dy) {
        f::rms_norm<decltype(t)>(y, rstd, x, weight, e);
        f::rms_norm_backward<decltype(t)>(dx, rstd, x, weight, dy);
        f::rms_norm_backward_parameters<decltype(t)>(dweight, rstd, x, dy);
      },
      [](auto& y, auto& rstd, auto& x, auto& weight, auto e, auto& dx, auto& dweight, auto& dy) {
        f::rms_norm(y, rstd, x, weight, e);
        f::rms_norm_backward(dx, rstd, x, weight, dy);
        f::rms_norm_backward_parameters(dweight, rstd, x, dy);
      },
      check);
}

TEST_CASE("softmax and cross-entropy where floats end: a logit of −∞ is a word that is never said",
          "[functional]") {
  const auto check = [](auto t, auto call) {
    using T = decltype(t);
    for (const Index C : widths) {
      std::vector<Row> all = rows(C);
      Mat<float> masked = all.back().x;
      masked.setConstant(3);
      if (C > 1) {
        masked(0, C - 1) = -std::numeric_limits<float>::infinity();
        all.push_back({"masked", masked});
      }
      masked.setConstant(-std::numeric_limits<float>::infinity());
      all.push_back({"all masked", masked, true});
      for (const Row& row : all) {
        CAPTURE(row.name, C, row.x(0, 0), sizeof(T));
        const Mat<T> x = row.x.template cast<T>();
        Mat<T> y(1, C), p(1, C), dx(1, C);
        std::vector<double> loss(1);
        const auto target = static_cast<Token>(C - 1);
        call(y, p, loss, x, Tokens{target}, dx);
        const Real greatest = static_cast<Real>(x.maxCoeff());
        Real sum = row.bad ? no_number : 0;
        for (Index j = 0; j < C; ++j) sum += std::exp(static_cast<Real>(x(0, j)) - greatest);
        for (Index j = 0; j < C; ++j) {
          const Real expected = std::exp(static_cast<Real>(x(0, j)) - greatest) / sum;
          REQUIRE(is(y(0, j), expected));
          REQUIRE(is(p(0, j), expected));
          REQUIRE(is(dx(0, j), expected - (j == target ? 1 : 0)));
        }
        REQUIRE(is(loss[0], std::log(sum) - (static_cast<Real>(x(0, target)) - greatest),
                   sizeof(T) == sizeof(float) ? Real(2e5) : 1));
      }
    }
  };
  with_each_text(
      [](auto t, auto& y, auto& p, auto& loss, auto& x, auto&& targets, auto& dx) {
        f::softmax<decltype(t)>(y, x);
        f::cross_entropy<decltype(t)>(p, loss, x, targets);
        f::cross_entropy_backward<decltype(t)>(dx, p, targets, 1);
      },
      [](auto& y, auto& p, auto& loss, auto& x, auto&& targets, auto& dx) {
        f::softmax(y, x);
        f::cross_entropy(p, loss, x, targets);
        f::cross_entropy_backward(dx, p, targets, 1);
      },
      check);
}

TEST_CASE("sums where floats end", "[functional]") {
  const auto check = [](auto t, auto call) {
    using T = decltype(t);
    for (const Index C : widths)
      for (const Row& row : rows(C)) {
        CAPTURE(row.name, C, row.x(0, 0), sizeof(T));
        const Mat<T> x = row.x.template cast<T>();
        Mat<T> z(1, C), sum = Mat<T>::Constant(1, C, 1);
        const double squares = call(z, x, sum);
        Real expected = 0;
        for (Index j = 0; j < C; ++j) {
          const Real v = static_cast<Real>(x(0, j));
          expected += v * v;
          const bool over = std::abs(2 * v) > static_cast<Real>(std::numeric_limits<T>::max());
          REQUIRE(is(z(0, j), over ? std::copysign(infinity, v) : 2 * v));
          REQUIRE(is(sum(0, j), 1 + v));
        }
        REQUIRE(is(squares, expected));
      }
  };
  check(float(), [](auto& z, auto& x, auto& sum) {
    return f::add<float>(z, x, x), f::add_rows<float>(sum, x), f::sum_of_squares<float>(x);
  });
  check(double(), [](auto& z, auto& x, auto& sum) {
    return f::add<double>(z, x, x), f::add_rows<double>(sum, x), f::sum_of_squares<double>(x);
  });
  check(Scalar(), [](auto& z, auto& x, auto& sum) {
    return f::add(z, x, x), f::add_rows(sum, x), f::sum_of_squares(x);
  });
}

TEST_CASE("AdamW where floats end: a first step has the learning rate's length or none",
          "[functional]") {
  const std::pair<Real, Real> cases[] = {{0, 0},
                                         {denormal, 0},
                                         {-1e-20L, 0},
                                         {1, -0.01L},
                                         {-1e15L, 0.01L},
                                         {infinity, no_number},
                                         {-infinity, no_number},
                                         {no_number, no_number}};  // gradient, change
  const auto check = [&](auto t, auto call) {
    using T = decltype(t);
    const auto s = [](double number) { return static_cast<Scalar>(number); };
    const f::AdamWStep step{s(0.01), s(0.9), s(0.99), s(1e-8), 0, s(0.1), s(0.01), 1};
    for (const auto& [gradient, change] : cases) {
      CAPTURE(gradient, sizeof(T));
      Mat<T> w = Mat<T>::Constant(1, 37, 3), m = Mat<T>::Zero(1, 37), v = m;
      call(w, m, v, Mat<T>::Constant(1, 37, static_cast<T>(gradient)).eval(), step);
      for (Index j = 0; j < 37; ++j) REQUIRE(is(static_cast<float>(w(0, j)), 3 + change));
    }
  };
  with_each_text(
      [](auto t, auto& w, auto& m, auto& v, auto&& g, auto& step) {
        f::adamw<decltype(t)>(w, m, v, g, step);
      },
      [](auto& w, auto& m, auto& v, auto&& g, auto& step) { f::adamw(w, m, v, g, step); }, check);
}

TEST_CASE("what alignment adds, where doubles end", "[functional]") {
  const double inf = std::numeric_limits<double>::infinity(), none = static_cast<double>(no_number);
  struct Case {
    double z, loss, dz;
  };
  for (const auto [z, loss, dz] :
       {Case{0, std::log(2.0), -0.5}, Case{800, 0, 0}, Case{-800, 800, -1}, Case{1e308, 0, 0},
        Case{-1e308, 1e308, -1}, Case{inf, 0, 0}, Case{-inf, inf, -1}, Case{none, none, none}}) {
    CAPTURE(z);
    CHECK(is(f::minus_log_sigmoid(z).loss, static_cast<Real>(loss)));
    CHECK(is(f::minus_log_sigmoid(z).dz, static_cast<Real>(dz)));
  }
  CHECK(std::isnan(f::ppo(none, -1, 1, 0.2).loss));
  CHECK(std::isnan(f::ppo(none, -1, 1, 0.2).dz));
  CHECK(std::isnan(f::ppo(-1, -1, none, 0.2).dz));
  CHECK(f::ppo(2000, -1, 1, 0.2).dz == 0);  // the clip holds what has no number

  // Of four words, two are never said: p is even over the others, q is 3/4 and 1/4.
  Exact p(1, 4), q(1, 4);
  p << 5, -inf, 5, -inf;
  q << std::log(3.0), -inf, 0, -inf;
  CHECK(f::kl_divergence<double>(p, q) == Approx(0.5 * std::log(4. / 3)));
  q << 0, 0, -inf, 0;
  CHECK(f::kl_divergence<double>(p, q) == inf);
  p(0, 1) = none;
  CHECK(std::isnan(f::kl_divergence<double>(p, q)));

  Exact d(2, 2), rows(2, 2);
  rows << none, none, 0.25, 0.75;
  f::weighted_log_likelihood_backward<double>(d, rows, Tokens{ignored, 1},
                                              std::vector<double>{1, 2});
  CHECK(d == (Exact(2, 2) << 0, 0, 0.5, -0.5).finished());
}
