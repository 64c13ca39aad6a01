#pragma once

#include <cmath>

#include "damla/core/parameter.hpp"
#include "damla/core/random.hpp"
#include "damla/core/view.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// What tells a transformer where in the text a token stands: built as `P(context, channels,
/// random, init_std)`; `add_to(x, T, first)` adds to the tokens' vectors, `backward(dx, T)` learns.
/// Without positions a transformer sees a bag of words.
template <class P>
concept PositionLayer = requires(P p, Matrix& x, Index n, Random& random, double init_std) {
  P(n, n, random, init_std);
  p.add_to(x, n, n);
  p.backward(x, n);
  p.visit_parameters(detail::AnyVisitor{});
};

namespace detail {
/// Throws Error unless x holds sequences of T tokens, from position `first` on, that a table
/// (context, C) has places for.
void expect_positions(const char* call, const ConstMatrixRef& x, Index T, Index first,
                      const Matrix& table);
}  // namespace detail

/// One learned vector for each position, as in GPT-2.
struct LearnedPositions {
  Parameter weight;  // (context, C)

  /// Throws Error for a size under 1 or a deviation under 0.
  LearnedPositions(Index context, Index channels, Random& random, double init_std = 0.02)
      : weight(context, channels, "LearnedPositions") {
    expect_number("LearnedPositions", "init_std", init_std, a_deviation);
    random.fill_normal(weight.value, init_std);
  }

  /// Adds position `first + t` to row b*T + t of x (B·T, C), for every sequence. Throws Error when
  /// that is outside the context.
  void add_to(Matrix& x, Index T, Index first = 0) const {
    detail::expect_positions("LearnedPositions::add_to", x, T, first, weight.value);
    expect_apart("LearnedPositions::add_to", {{"weight", weight.value}}, {{"x", x}});
    for (Index row = 0; row < x.rows(); row += T)
      x.middleRows(row, T) += weight.value.middleRows(first, T);
  }

  /// dweight(t, :) += Σ_b dy(b*T + t, :).
  void backward(const ConstMatrixRef& dy, Index T) {
    detail::expect_positions("LearnedPositions::backward", dy, T, 0, weight.value);
    if (weight.frozen) return;
    expect_apart("LearnedPositions::backward", {{"dy", dy}}, {{"weight.grad()", weight.grad()}});
    for (Index row = 0; row < dy.rows(); row += T)
      weight.grad().topRows(T) += dy.middleRows(row, T);
  }

  void visit_parameters(auto&& visit) { visit("weight", weight); }
};

/// The fixed positions of the first transformer (Vaswani et al., 2017, section 3.5), which nothing
/// needs to learn:
///
///     PE(t, 2i) = sin(t / 10000^(2i/C))      PE(t, 2i+1) = cos(t / 10000^(2i/C))
struct SinusoidalPositions {
  Matrix table;  // (context, C)

  /// Throws Error for a size under 1.
  SinusoidalPositions(Index context, Index channels)
      : table(detail::zeros(context, channels, "SinusoidalPositions")) {
    for (Index t = 0; t < context; ++t)
      for (Index c = 0; c < channels; ++c) {
        const double exponent = static_cast<double>(c - c % 2) / static_cast<double>(channels);
        const double angle = static_cast<double>(t) / std::pow(10000.0, exponent);
        table(t, c) = static_cast<Scalar>(c % 2 == 0 ? std::sin(angle) : std::cos(angle));
      }
  }
  /// As a slot of a model, which offers random numbers to all of its parts.
  SinusoidalPositions(Index context, Index channels, Random&, double = 0)
      : SinusoidalPositions(context, channels) {}

  /// Adds position `first + t` to row b*T + t of x (B·T, C). Throws Error when that is outside the
  /// context.
  void add_to(Matrix& x, Index T, Index first = 0) const {
    detail::expect_positions("SinusoidalPositions::add_to", x, T, first, table);
    expect_apart("SinusoidalPositions::add_to", {{"table", table}}, {{"x", x}});
    for (Index row = 0; row < x.rows(); row += T)
      x.middleRows(row, T) += table.middleRows(first, T);
  }
  void backward(const ConstMatrixRef&, Index) {}
  void visit_parameters(auto&&) {}
};

}}  // namespace damla::DAMLA_ABI
