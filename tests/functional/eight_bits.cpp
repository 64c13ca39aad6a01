#include "damla/functional/eight_bits.hpp"

#include <cstring>
#include <vector>

#include "helpers/catch.hpp"
#include "helpers/random_data.hpp"

using namespace damla;

namespace {
std::vector<functional::EightBits> in_eight_bits(const Matrix& w) {
  std::vector<functional::EightBits> blocks(
      static_cast<std::size_t>(functional::eight_bit_blocks(w.cols())));
  functional::quantize(blocks, w);
  return blocks;
}
Matrix back_and_forth(const Matrix& w) {
  Matrix again(1, w.cols());
  functional::dequantize(again, in_eight_bits(w));
  return again;
}
}  // namespace

TEST_CASE("eight bits: no number is off by more than half a scale", "[functional]") {
  Random random(1);
  for (const Index n : {1, 31, 32, 33, 96, 100})
    for (const double size : {0.02, 1.0, 1000.0}) {
      Matrix w(1, n);
      random.fill_normal(w, size);
      const Matrix again = back_and_forth(w);
      for (Index b = 0; b < n; b += 32) {
        const Index m = std::min<Index>(32, n - b);
        const Scalar scale = w.middleCols(b, m).cwiseAbs().maxCoeff() / 127;
        // 0.001: the scale itself is rounded to 11 bits
        CHECK((w - again).middleCols(b, m).cwiseAbs().maxCoeff() <= scale / 2 * Scalar(1.001));
      }
    }
}

TEST_CASE("eight bits: whole multiples of a scale that 16 bits hold come back as they were",
          "[functional]") {
  Matrix w(1, 40);
  for (Index i = 0; i < 32; ++i) w(0, i) = static_cast<Scalar>(i * 8 - 121) / 64;
  w(0, 0) = Scalar(127) / 64;
  for (Index i = 32; i < 40; ++i) w(0, i) = static_cast<Scalar>(35 - i) * 2;
  w(0, 39) = -254;
  CHECK(back_and_forth(w) == w);
}

TEST_CASE("eight bits: a block lies in memory as in a file of llama.cpp", "[functional]") {
  Matrix w = Matrix::Zero(1, 32);
  w(0, 0) = 1, w(0, 1) = -1, w(0, 2) = Scalar(0.5), w(0, 31) = Scalar(-0.25);
  const auto blocks = in_eight_bits(w);
  // 1/127 in 16 bits is 2^-7 · (1 + 8/1024): 0x2008. Then 1, -1, 0.5 and -0.25 in units of it.
  unsigned char expected[34] = {0x08, 0x20, 127, 256 - 127, 64};
  expected[33] = 256 - 32;
  CHECK(std::memcmp(blocks.data(), expected, sizeof expected) == 0);
}

TEST_CASE("eight bits: zeros stay zeros, tiny numbers become 0, and none becomes infinite",
          "[functional]") {
  CHECK(back_and_forth(Matrix::Zero(1, 32)).isZero(0));
  CHECK(back_and_forth(Matrix::Constant(1, 5, Scalar(1e-12))).isZero(0));
  CHECK(back_and_forth(Matrix::Constant(1, 5, Scalar(-1e30))).isConstant(Scalar(-127) * 65504, 0));
  // A scale of the smallest number of 16 bits, where 2.4 rounds down to 2 units: 127 are the most.
  const auto unit = static_cast<Scalar>(std::ldexp(1, -24));
  CHECK(back_and_forth(Matrix::Constant(1, 3, Scalar(127 * 2.4) * unit)).isConstant(254 * unit, 0));
}

TEST_CASE("eight bits: the product of two rows is that of what their blocks say", "[functional]") {
  Random random(2);
  for (const Index n : {1, 32, 45, 768}) {
    const Matrix x = normal_matrix(1, n, random), w = normal_matrix(1, n, random);
    const double product =
        back_and_forth(x).cast<double>().row(0).dot(back_and_forth(w).cast<double>().row(0));
    CHECK(std::abs(functional::dot(in_eight_bits(x), in_eight_bits(w)) - product) <
          1e-5 * std::sqrt(static_cast<double>(n)));
  }
}
