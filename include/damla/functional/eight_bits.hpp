#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>

#include "damla/core/matrix.hpp"

namespace damla { inline namespace DAMLA_ABI { namespace functional {

/// 32 numbers of a row in eight bits each, and the scale that they share: Q8_0, as llama.cpp and
/// its GGUF files have it, byte for byte.
///
///     scale = max|w| / 127      q = round(w / scale)      w ≈ scale · q
///
/// The scale has 16 bits, so a number takes 8.5, and is off by half a scale at most (where that
/// lies in the range of 16 bits: max|w| from 0.008 to 8 million; smaller ones lose digits).
struct EightBits {
  static constexpr Index size = 32;
  Eigen::half scale = Eigen::half(0);
  std::int8_t q[size] = {};
};
static_assert(sizeof(EightBits) == 34);

/// How many blocks hold n numbers. The last may have zeros at its end.
constexpr Index eight_bit_blocks(Index n) { return (n + EightBits::size - 1) / EightBits::size; }

/// Puts a row w (1, n) into eight bits.
template <class T = Scalar>
void quantize(std::span<EightBits> blocks, In<T> w) {
  for (Index b = 0; b < std::ssize(blocks); ++b) {
    const Index first = b * EightBits::size, n = std::min(EightBits::size, w.cols() - first);
    const auto part = w.row(0).segment(first, n);
    const auto scale = Eigen::half(std::min(static_cast<float>(part.cwiseAbs().maxCoeff()) / 127,
                                            65504.0f));  // the greatest number of 16 bits
    EightBits& block = blocks[static_cast<std::size_t>(b)] = {scale};
    for (Index i = 0; i < n && scale > Eigen::half(0); ++i)
      block.q[i] = static_cast<std::int8_t>(
          std::round(std::clamp(part[i] / static_cast<T>(scale), T(-127), T(127))));
  }
}

/// The row again, up to rounding: w = scale · q.
template <class T = Scalar>
void dequantize(Out<T> w, std::span<const EightBits> blocks) {
  for (Index i = 0; i < w.cols(); ++i) {
    const EightBits& block = blocks[static_cast<std::size_t>(i / EightBits::size)];
    w(0, i) = static_cast<T>(block.scale) * static_cast<T>(block.q[i % EightBits::size]);
  }
}

/// The product of two rows, x·wᵀ. Inside a block it is one of whole numbers, which a processor
/// takes 32 of at a time, and exact.
///
///     x·wᵀ = Σ_blocks scaleₓ · scale_w · Σᵢ qₓᵢ · q_wᵢ
inline float dot(std::span<const EightBits> x, std::span<const EightBits> w) {
  float sum = 0;
  for (std::size_t b = 0; b < x.size(); ++b) {
    int whole = 0;
    for (Index i = 0; i < EightBits::size; ++i) whole += x[b].q[i] * w[b].q[i];
    sum +=
        static_cast<float>(x[b].scale) * static_cast<float>(w[b].scale) * static_cast<float>(whole);
  }
  return sum;
}

}}}  // namespace damla::DAMLA_ABI::functional
