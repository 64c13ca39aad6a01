#include "damla/core/random.hpp"

#include <cmath>
#include <numbers>

#include "damla/core/error.hpp"

namespace damla { inline namespace DAMLA_ABI {

Random::Random(std::uint64_t seed, std::uint64_t stream) : state_{0, (stream << 1u) | 1u} {
  next();
  state_.state += seed;
  next();
}

Random Random::zeros() {
  Random random(0);
  random.fills_with_zeros_ = true;
  return random;
}

std::uint32_t Random::next() {
  const std::uint64_t old = state_.state;
  state_.state = old * 6364136223846793005ULL + state_.increment;
  const auto mixed = static_cast<std::uint32_t>(((old >> 18u) ^ old) >> 27u);
  const auto turn = static_cast<std::uint32_t>(old >> 59u);
  return mixed >> turn | mixed << ((32u - turn) & 31u);
}

double Random::uniform() {
  const std::uint64_t high = next() >> 5u;  // 27 bits
  const std::uint64_t low = next() >> 6u;   // 26 bits
  return static_cast<double>((high << 26u) | low) * 0x1.0p-53;
}

Index Random::below(Index n) {
  if (n < 1 || static_cast<std::uint64_t>(n) > 0xffffffffu)
    throw Error("Random::below: n is " + std::to_string(n) +
                ", but needs to be in 1 … 2^32-1 (is a list empty?)");
  // Numbers under 2^32 mod n are drawn again: the rest divides evenly into n classes.
  const auto bound = static_cast<std::uint32_t>(n);
  const std::uint32_t threshold = (0u - bound) % bound;
  for (;;)
    if (const std::uint32_t r = next(); r >= threshold) return static_cast<Index>(r % bound);
}

namespace {
/// Two independent standard normals (G. E. P. Box, M. E. Muller, 1958).
std::pair<double, double> two_normals(Random& random) {
  const double radius =
      std::sqrt(-2.0 * std::log1p(-random.uniform()));  // 1 - uniform() is never 0
  const double angle = 2.0 * std::numbers::pi * random.uniform();
  return {radius * std::cos(angle), radius * std::sin(angle)};
}
}  // namespace

double Random::normal() { return two_normals(*this).first; }

Index Random::categorical(std::span<const double> weights) {
  double total = 0;
  bool good = true;
  for (const double w : weights) total += w, good = good && w >= 0;
  if (!good || !(total > 0) || !std::isfinite(total))
    throw Error(
        "Random::categorical: the weights must be finite and not negative, with a positive sum");
  double left = uniform() * total;
  Index last = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (weights[i] <= 0) continue;
    last = static_cast<Index>(i);
    if (left < weights[i]) return last;
    left -= weights[i];
  }
  return last;  // only rounding gets here
}

void Random::fill_normal(Matrix& m, double std_) {
  if (fills_with_zeros_) {
    m.setZero();
    return;
  }
  for (Index i = 0; i < m.size(); i += 2) {
    const auto [first, second] = two_normals(*this);
    m.data()[i] = static_cast<Scalar>(std_ * first);
    if (i + 1 < m.size()) m.data()[i + 1] = static_cast<Scalar>(std_ * second);
  }
}

void Random::fill_uniform(Matrix& m, double low, double high) {
  if (fills_with_zeros_) {
    m.setZero();
    return;
  }
  for (Index i = 0; i < m.size(); ++i) m.data()[i] = static_cast<Scalar>(uniform(low, high));
}

}}  // namespace damla::DAMLA_ABI
