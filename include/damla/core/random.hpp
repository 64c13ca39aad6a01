#pragma once

#include <cstdint>
#include <span>
#include <utility>

#include "damla/core/matrix.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// Random numbers whose integers and uniforms are the same on every machine for the same seed:
/// PCG32 (M. O'Neill, "PCG: A Family of Simple Fast Space-Efficient Statistically Good Algorithms
/// for Random Number Generation", 2014), with own distributions, since the standard library's
/// differ from one compiler to the next. A copy continues independently.
class Random {
 public:
  /// `stream` selects one of 2^63 sequences that never overlap for the same seed.
  explicit Random(std::uint64_t seed, std::uint64_t stream = 0);
  /// A generator that fills matrices with zeros and draws nothing for them: to build a model whose
  /// weights come from a file. All else is drawn as by Random(0).
  static Random zeros();

  /// 32 random bits.
  std::uint32_t next();
  /// In [0, 1), a multiple of 2^-53.
  double uniform();
  /// In [low, high).
  double uniform(double low, double high) { return low + (high - low) * uniform(); }
  /// A whole number in [0, n), each equally likely. Throws Error when n < 1.
  Index below(Index n);
  /// True with probability p.
  bool chance(double p) { return uniform() < p; }
  /// Standard normal (Box–Muller: equal to rounding on every machine).
  double normal();
  /// An index, each with a chance in proportion to its weight. Throws Error when no weight is
  /// positive.
  Index categorical(std::span<const double> weights);

  /// One element, each equally likely.
  template <class Container>
  const auto& pick(const Container& from) {
    return from[static_cast<std::size_t>(below(static_cast<Index>(from.size())))];
  }
  /// All orders equally likely (Fisher–Yates).
  template <class Container>
  void shuffle(Container& items) {
    for (std::size_t i = items.size(); i > 1; --i)
      std::swap(items[i - 1], items[static_cast<std::size_t>(below(static_cast<Index>(i)))]);
  }
  /// Fills a matrix with normals of mean 0 and the given standard deviation.
  void fill_normal(Matrix& m, double std);
  /// Fills a matrix with uniforms in [low, high).
  void fill_uniform(Matrix& m, double low, double high);

  /// All that it takes to go on later exactly from here: for checkpoints.
  struct State {
    std::uint64_t state;
    std::uint64_t increment;
    bool operator==(const State&) const = default;
  };
  State state() const { return state_; }
  void set_state(State state) { state_ = state; }

 private:
  State state_;
  bool fills_with_zeros_ = false;
};

}}  // namespace damla::DAMLA_ABI
