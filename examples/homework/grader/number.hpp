#pragma once

#include <cmath>
#include <vector>

// The references are written once, as forward passes over a type of number. With double they give
// the right values. With Number, which remembers how it was made, they also give gradients; and
// what students do wrong in a backward pass is nearly always a quantity that they took as constant:
// `frozen` here. The right gradients never come from this: see differences().
namespace grader {

struct Number {
  double value = 0;
  int step = -1;  // on the tape, or -1 for a constant

  Number() = default;
  Number(double v) : value(v) {}  // implicit: constants stand in formulas
  Number(double v, int left, double dleft, int right = -1, double dright = 0);
};

/// One operation: its derivative for each of the two numbers that went in.
struct Step {
  int left, right;
  double dleft, dright;
};
inline thread_local std::vector<Step> tape;

inline Number::Number(double v, int left, double dleft, int right, double dright) : value(v) {
  if (left < 0 && right < 0) return;
  step = static_cast<int>(tape.size());
  tape.push_back({left, right, dleft, dright});
}

/// A number to differentiate for.
inline Number variable(double v) {
  Number x(v);
  x.step = static_cast<int>(tape.size());
  tape.push_back({-1, -1, 0, 0});
  return x;
}

inline Number operator+(Number a, Number b) { return {a.value + b.value, a.step, 1, b.step, 1}; }
inline Number operator-(Number a, Number b) { return {a.value - b.value, a.step, 1, b.step, -1}; }
inline Number operator*(Number a, Number b) {
  return {a.value * b.value, a.step, b.value, b.step, a.value};
}
inline Number operator/(Number a, Number b) {
  return {a.value / b.value, a.step, 1 / b.value, b.step, -a.value / (b.value * b.value)};
}
inline Number& operator+=(Number& a, Number b) { return a = a + b; }
inline Number exp(Number a) { return {std::exp(a.value), a.step, std::exp(a.value)}; }
inline Number log(Number a) { return {std::log(a.value), a.step, 1 / a.value}; }
inline Number sqrt(Number a) { return {std::sqrt(a.value), a.step, 0.5 / std::sqrt(a.value)}; }
inline Number tanh(Number a) {
  return {std::tanh(a.value), a.step, 1 - std::tanh(a.value) * std::tanh(a.value)};
}
inline Number erf(Number a) {
  return {std::erf(a.value), a.step, 1.1283791670955126 * std::exp(-a.value * a.value)};
}

inline double value_of(double x) { return x; }
inline double value_of(Number x) { return x.value; }

/// The same value, through which no gradient flows.
template <class N>
N frozen(N x) {
  return N(value_of(x));
}
/// The value of one formula with the gradient of another.
template <class N>
N with_gradient_of(N value, N other) {
  return frozen(value) + (other - frozen(other));
}

/// d(result)/d(each step of the tape).
inline std::vector<double> slopes(Number result) {
  std::vector<double> d(tape.size(), 0.0);
  if (result.step >= 0) d[static_cast<std::size_t>(result.step)] = 1;
  for (std::size_t i = tape.size(); i-- > 0;) {
    if (tape[i].left >= 0) d[static_cast<std::size_t>(tape[i].left)] += d[i] * tape[i].dleft;
    if (tape[i].right >= 0) d[static_cast<std::size_t>(tape[i].right)] += d[i] * tape[i].dright;
  }
  return d;
}

}  // namespace grader
