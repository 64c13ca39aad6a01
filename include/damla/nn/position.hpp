#pragma once

#include <cmath>

#include "damla/core/parameter.hpp"
#include "damla/core/random.hpp"

namespace damla::inline DAMLA_ABI {

/// One learned vector for each position, as in GPT-2: without it a transformer sees a bag of words.
struct LearnedPositions {
  Parameter weight;  // (context, C)

  LearnedPositions(Index context, Index channels, Random& random, double deviation = 0.02) : weight(context, channels) {
    random.fill_normal(weight.value, deviation);
  }

  /// Adds position `first + t` to row b*T + t of x (B·T, C), for every sequence. Throws Error when that is outside the context.
  void add_to(Matrix& x, Index T, Index first = 0) const {
    expect_fit("LearnedPositions::add_to", "x", x, T, first);
    for (Index row = 0; row < x.rows(); row += T) x.middleRows(row, T) += weight.value.middleRows(first, T);
  }

  /// weight.grad(t, :) += Σ_b dy(b*T + t, :).
  void backward(const ConstMatrixRef& dy, Index T) {
    expect_fit("LearnedPositions::backward", "dy", dy, T, 0);
    for (Index row = 0; row < dy.rows(); row += T) weight.grad.topRows(T) += dy.middleRows(row, T);
  }

  void visit_parameters(auto&& visit) { visit("weight", weight); }

 private:
  void expect_fit(const char* call, std::string_view name, const ConstMatrixRef& x, Index T, Index first) const {
    expect_shape(call, name, x, any, weight.value.cols());
    if (T < 1 || x.rows() % T != 0 || first < 0 || first + T > weight.value.rows())
      throw Error(std::string(call) + ": sequences of " + std::to_string(T) + " tokens from position " +
                  std::to_string(first) + " do not fit " + std::to_string(x.rows()) + " rows and a context of " +
                  std::to_string(weight.value.rows()) + " positions: shorten the text, or build with a larger context");
  }
};

/// The fixed positions of the first transformer (Vaswani et al., 2017, section 3.5), (context, C):
/// PE(t, 2i) = sin(t / 10000^(2i/C)), PE(t, 2i+1) = cos of the same.
inline Matrix sinusoidal_positions(Index context, Index channels) {
  Matrix positions(context, channels);
  for (Index t = 0; t < context; ++t)
    for (Index c = 0; c < channels; ++c) {
      const double angle =
          static_cast<double>(t) / std::pow(10000.0, static_cast<double>(c - c % 2) / static_cast<double>(channels));
      positions(t, c) = static_cast<Scalar>(c % 2 == 0 ? std::sin(angle) : std::cos(angle));
    }
  return positions;
}

}  // namespace damla::inline DAMLA_ABI
