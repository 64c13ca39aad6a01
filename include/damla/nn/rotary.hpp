#pragma once

#include <optional>
#include <vector>

#include "damla/core/parameter.hpp"
#include "damla/core/random.hpp"
#include "damla/functional/rotary.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// How Llama 3 stretches rotary positions over longer texts than it was trained on at first
/// ("llama3" in a published config's rope_scaling). Pairs that turn more than `high_frequency`
/// times in the original context stay as they are, those that turn less than `low_frequency` times
/// turn `factor` times slower, and between them it is mixed.
struct RotaryScaling {
  double factor = 8;
  double low_frequency = 1;
  double high_frequency = 4;
  Index original_context = 8192;

  bool operator==(const RotaryScaling&) const = default;
};

/// How fast the pairs of a head turn: ωᵢ = theta^(−2i/d) radians a token.
struct RotaryOptions {
  double theta = 10000;
  std::optional<RotaryScaling> scaling{};
  functional::RotaryPairs pairs = functional::RotaryPairs::halves;

  bool operator==(const RotaryOptions&) const = default;
};

namespace detail {
/// Throws Error for an option that is out of its range.
const RotaryOptions& checked(const RotaryOptions& o);
/// Throws Error unless x is sequences of T rows.
void expect_sequences(const char* call, const ConstMatrixRef& x, Index T);
/// The same, and when they do not stay within `context` from `first` on.
void expect_context(const char* call, const ConstMatrixRef& x, Index T, Index first, Index context);
}  // namespace detail

/// The angles of rotary positions (Su et al., 2021), for as many positions as were asked for.
struct Rotary {
  std::vector<double> frequencies;  // d/2: ωᵢ
  functional::RotaryPairs pairs;
  Matrix cosine, sine;  // (positions so far, d/2): of t·ωᵢ

  /// Throws Error for a head of an odd size, or an option out of its range.
  explicit Rotary(Index head_size, const RotaryOptions& o = {});

  /// y = x turned: row b*T + t by the angles of position `first + t`. Both are (B·T, heads·d).
  /// Throws Error when T is not the length of whole sequences.
  void rotate(Matrix& y, const ConstMatrixRef& x, Index T, Index first = 0) {
    detail::expect_sequences("Rotary::rotate", x, T);
    reach(first + T);
    y.resize(x.rows(), x.cols());
    for (Index row = 0; row < x.rows(); row += T)
      functional::rotate(y.middleRows(row, T), x.middleRows(row, T), cosine.middleRows(first, T),
                         sine.middleRows(first, T), pairs);
  }

  /// Turns one sequence x (T, heads·d), in place.
  void rotate(Eigen::Ref<Matrix> x, Index first) {
    reach(first + x.rows());
    functional::rotate(x, x, cosine.middleRows(first, x.rows()), sine.middleRows(first, x.rows()),
                       pairs);
  }

  /// Turns d (B·T, heads·d) back, which makes the gradient by y the one by x.
  void rotate_backward(Matrix& d, Index T) const {
    for (Index row = 0; row < d.rows(); row += T)
      functional::rotate_backward(d.middleRows(row, T), cosine.topRows(T), sine.topRows(T),
                                  d.middleRows(row, T), pairs);
  }

 private:
  /// Makes the tables long enough.
  void reach(Index positions);
};

/// The slot for positions of a model whose attention turns queries and keys: nothing is added to
/// the tokens' vectors. It keeps texts within the context.
struct RotaryPositions {
  Index context;

  RotaryPositions(Index context_, Index, Random&, double = 0) : context(context_) {}

  /// Throws Error for positions outside the context.
  void add_to(const Matrix& x, Index T, Index first = 0) const {
    detail::expect_context("RotaryPositions::add_to", x, T, first, context);
  }
  void backward(const ConstMatrixRef&, Index) {}
  void visit_parameters(auto&&) {}
};

}}  // namespace damla::DAMLA_ABI
