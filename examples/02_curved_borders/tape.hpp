#pragma once

// A tape: gradients of plain numbers by reverse-mode differentiation (Linnainmaa, 1970). It shows
// the idea; the layers of the library have their backward passes written out.

#include <cmath>
#include <utility>
#include <vector>

namespace damla {

struct Tape;

/// A number that was computed on a tape.
struct Value {
  Tape* tape;
  std::size_t line;
  double value() const;
  double gradient() const;  ///< d end / d this, after tape->backward(end)
};

/// All numbers of a computation, a line each, in the order in which they were computed.
struct Tape {
  struct Line {
    double value;
    std::vector<std::pair<std::size_t, double>> inputs;  // their lines, and d value / d input
    double gradient = 0;
  };
  std::vector<Line> lines;

  Value write(double value, std::vector<std::pair<std::size_t, double>> inputs = {}) {
    lines.push_back({value, std::move(inputs)});
    return {this, lines.size() - 1};
  }

  /// From the end to the front, so that a line's gradient is complete before it is handed on.
  void backward(Value end) {
    for (Line& line : lines) line.gradient = 0;
    lines[end.line].gradient = 1;
    for (std::size_t i = end.line + 1; i-- > 0;)
      for (const auto& [input, derivative] : lines[i].inputs)
        // The chain rule. A number that was used twice gets a part from each use.
        lines[input].gradient += lines[i].gradient * derivative;
  }
};

inline double Value::value() const { return tape->lines[line].value; }
inline double Value::gradient() const { return tape->lines[line].gradient; }

inline Value operator+(Value a, Value b) {
  return a.tape->write(a.value() + b.value(), {{a.line, 1}, {b.line, 1}});
}
inline Value operator-(Value a, Value b) {
  return a.tape->write(a.value() - b.value(), {{a.line, 1}, {b.line, -1}});
}
inline Value operator*(Value a, Value b) {
  return a.tape->write(a.value() * b.value(), {{a.line, b.value()}, {b.line, a.value()}});
}
inline Value tanh(Value a) {
  const double y = std::tanh(a.value());
  return a.tape->write(y, {{a.line, 1 - y * y}});
}
inline Value exp(Value a) {
  const double y = std::exp(a.value());
  return a.tape->write(y, {{a.line, y}});
}
inline Value log(Value a) { return a.tape->write(std::log(a.value()), {{a.line, 1 / a.value()}}); }

}  // namespace damla
