#include "damla/nn/rotary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace damla { inline namespace DAMLA_ABI {

const RotaryOptions& detail::checked(const RotaryOptions& o) {
  constexpr const char* call = "RotaryOptions";
  expect_number(call, "theta", o.theta, {.low = 1});
  if (!o.scaling) return o;
  const RotaryScaling& s = *o.scaling;
  expect_number("RotaryScaling", "factor", s.factor, {.low = 1});
  expect_number("RotaryScaling", "low_frequency", s.low_frequency, positive);
  expect_number("RotaryScaling", "high_frequency", s.high_frequency,
                {.low = s.low_frequency, .with_low = false}, "more than low_frequency");
  expect_size("RotaryScaling", "original_context", s.original_context);
  return o;
}

void detail::expect_sequences(const char* call, const ConstMatrixRef& x, Index T) {
  if (T < 1 || x.rows() % T != 0)
    throw Error(
        fmt::format("{}: x has {} rows, which is no multiple of T = {}", call, x.rows(), T));
}

void detail::expect_context(const char* call, const ConstMatrixRef& x, Index T, Index first,
                            Index context) {
  expect_sequences(call, x, T);
  if (first < 0 || T > context - first)
    throw Error(
        fmt::format("{}: sequences of {} tokens from position {} do not fit a context of {} "
                    "positions: shorten the text, or build with a larger context",
                    call, T, first, context));
}

Rotary::Rotary(Index head_size, const RotaryOptions& o) : pairs(detail::checked(o).pairs) {
  expect_size("Rotary", "head_size", head_size);
  if (head_size % 2 != 0)
    throw Error(
        fmt::format("Rotary: a head has {} numbers, but they turn in pairs: an even "
                    "number is needed",
                    head_size));
  for (Index i = 0; i < head_size; i += 2) {
    double frequency = std::pow(o.theta, -static_cast<double>(i) / static_cast<double>(head_size));
    if (o.scaling) {
      const RotaryScaling& s = *o.scaling;
      const double turns =
          static_cast<double>(s.original_context) * frequency / (2 * std::numbers::pi);
      const double kept =
          std::clamp((turns - s.low_frequency) / (s.high_frequency - s.low_frequency), 0.0, 1.0);
      frequency *= kept + (1 - kept) / s.factor;
    }
    frequencies.push_back(frequency);
  }
}

void Rotary::reach(Index positions) {
  const Index before = cosine.rows(), pairs_of_head = std::ssize(frequencies);
  if (positions <= before) return;
  const Index rows = std::max(positions, 2 * before);  // seldom, where tokens come one by one
  cosine.conservativeResize(rows, pairs_of_head);
  sine.conservativeResize(rows, pairs_of_head);
  for (Index t = before; t < rows; ++t)
    for (Index i = 0; i < pairs_of_head; ++i) {
      const double angle = static_cast<double>(t) * frequencies[static_cast<std::size_t>(i)];
      cosine(t, i) = static_cast<Scalar>(std::cos(angle));
      sine(t, i) = static_cast<Scalar>(std::sin(angle));
    }
}

}}  // namespace damla::DAMLA_ABI
