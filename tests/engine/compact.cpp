// Weights that are kept for reading only, and the products with them.
#include "damla/core/compact_matrix.hpp"

#include <vector>

#include "damla/core/matmul.hpp"
#include "damla/core/threads.hpp"
#include "damla/functional/eight_bits.hpp"
#include "helpers/blocks.hpp"
#include "helpers/error_says.hpp"

using namespace damla;

namespace {
constexpr WeightType all_types[] = {WeightType::f32, WeightType::f16, WeightType::bf16,
                                    WeightType::q8_0};

std::vector<functional::EightBits> in_eight_bits(const Matrix& row) {
  std::vector<functional::EightBits> blocks(
      static_cast<std::size_t>(functional::eight_bit_blocks(row.cols())));
  functional::quantize(blocks, row);
  return blocks;
}

/// The weight as that type keeps it.
Matrix rounded(const Matrix& w, WeightType type) {
  if (type == WeightType::f32) return w.cast<float>().cast<Scalar>();
  if (type == WeightType::f16) return w.cast<Eigen::half>().cast<Scalar>();
  if (type == WeightType::bf16) return w.cast<Eigen::bfloat16>().cast<Scalar>();
  Matrix r = w;
  for (Index o = 0; type == WeightType::q8_0 && o < w.cols(); ++o) {
    Matrix row(1, w.rows());
    functional::dequantize(row, in_eight_bits(w.col(o).transpose()));
    r.col(o) = row.row(0).transpose();
  }
  return r;
}

/// What multiply says it computes: with eight bits, of x too.
Exact product(const Matrix& x, const Matrix& w, WeightType type) {
  const Matrix seen =
      type == WeightType::q8_0 ? Matrix(rounded(x.transpose(), type).transpose()) : x;
  return exact(seen).lazyProduct(exact(rounded(w, type)));
}
}  // namespace

TEST_CASE("multiply: products with the weights as each type keeps them", "[engine]") {
  Random random(1);
  for (const WeightType type : all_types)
    for (const Index in : {1, 31, 32, 100, 769})
      for (const Index out : {1, 16, 50})
        for (const Index n : {1, 3, 4, 9}) {
          CAPTURE(name_of(type), in, out, n);
          const Matrix w = normal_matrix(in, out, random), x = normal_matrix(n, in, random),
                       bias = normal_matrix(1, out, random);
          const CompactMatrix kept(w, type);
          const Exact expected = product(x, w, type);
          Matrix y;
          multiply(y, x, kept);
          CHECK(distance(y, expected) < 2e-5 * std::sqrt(in));
          multiply(y, x, kept, bias);
          CHECK(distance(y, expected.rowwise() + exact(bias).row(0)) < 2e-5 * std::sqrt(in));
        }
}

TEST_CASE("multiply: x may be a block, and no rows are no work", "[engine]") {
  Random random(2);
  const Matrix wide = normal_matrix(6, 90, random), w = normal_matrix(40, 20, random);
  for (const WeightType type : all_types)
    for (const Index n : {2, 6}) {
      Matrix y;
      multiply(y, wide.block(0, 7, n, 40), CompactMatrix(w, type));
      CHECK(distance(y, product(wide.block(0, 7, n, 40), w, type)) < 2e-4);
      multiply(y, wide.block(0, 0, 0, 40), CompactMatrix(w, type));
      CHECK(y.rows() == 0);
    }
}

TEST_CASE("multiply: the same bits with any number of threads", "[engine]") {
  Random random(3);
  const int before = threads();
  const Matrix w = normal_matrix(300, 1000, random);
  for (const WeightType type : all_types)
    for (const Index n : {1, 7}) {
      const Matrix x = normal_matrix(n, 300, random);
      const CompactMatrix kept(w, type);
      Matrix alone, together;
      set_threads(1);
      multiply(alone, x, kept);
      for (const int team : {2, 3, 5}) {
        set_threads(team);
        multiply(together, x, kept);
        CHECK(alone == together);
      }
    }
  set_threads(before);
}

TEST_CASE("multiply: a row has the same bits alone and among others", "[engine]") {
  Random random(5);
  for (const WeightType type : all_types)
    for (const Index in : {3, 32, 301}) {
      CAPTURE(name_of(type), in);
      const CompactMatrix kept(normal_matrix(in, 50, random), type);
      const Matrix bias = normal_matrix(1, 50, random);
      for (const Index n : {2, 3, 16, 29}) {
        const Matrix x = normal_matrix(n, in, random);
        Matrix together, alone;
        multiply(together, x, kept, bias);
        for (Index i = 0; i < n; ++i) {
          multiply(alone, x.row(i), kept, bias);
          CHECK(together.row(i) == alone);
        }
      }
    }
}

TEST_CASE("a compact matrix is the same from parts as from the whole, and column by column",
          "[engine]") {
  Random random(4);
  const Matrix w = normal_matrix(100, 45, random);
  for (const WeightType type : all_types) {
    CAPTURE(name_of(type));
    CompactMatrix parts(100, 45, type);
    for (const Index in : {0, 32, 96})
      for (const Index out : {0, 13, 32}) {
        const Index rows = (in == 0    ? 32
                            : in == 32 ? 64
                                       : 4),
                    cols = (out == 0    ? 13
                            : out == 13 ? 19
                                        : 13);
        const Matrix part = w.block(in, out, rows, cols), turned = part.transpose();
        if (in == 32) parts.put(turned.transpose(), in, out);
        else parts.put(part, in, out);
      }
    const Matrix kept = rounded(w, type);
    Matrix column(1, 100);
    for (Index o = 0; o < 45; ++o) {
      parts.copy_column(column, o);
      CHECK(column.row(0) == kept.col(o).transpose());
    }
    CHECK(error_says([&] { parts.put(w, 32, 0); }, {"CompactMatrix::put", "100×45"}));
    CHECK(error_says([&] { parts.put(w.topRows(4), 8, 0); }, {"at row 8"}));
    CHECK(error_says([&] { parts.copy_column(column, 45); }, {"output is 45"}));
  }
}

TEST_CASE("weights take the bytes that their type says", "[engine]") {
  CHECK(CompactMatrix::bytes(64, 48, WeightType::f32) == 64 * 48 * 4);
  CHECK(CompactMatrix::bytes(64, 48, WeightType::f16) == 64 * 48 * 2);
  CHECK(CompactMatrix::bytes(64, 48, WeightType::bf16) == 64 * 48 * 2);
  CHECK(CompactMatrix::bytes(64, 48, WeightType::q8_0) == 64 * 48 * 34 / 32);
  for (const WeightType type : all_types) CHECK(weight_type(name_of(type)) == type);
  CHECK(error_says([] { weight_type("q4"); }, {"q4", "q8_0"}));
}

TEST_CASE("multiply: shapes that do not fit are refused", "[engine]") {
  const CompactMatrix w(Matrix(Matrix::Ones(8, 4)), WeightType::q8_0);
  Matrix y;
  CHECK(error_says([&] { multiply(y, Matrix(Matrix::Ones(2, 7)), w); }, {"2×7", "8×4"}));
  CHECK(error_says([&] { multiply(y, Matrix(Matrix::Ones(2, 8)), w, Matrix(Matrix::Ones(1, 5))); },
                   {"1×5"}));
  y.setOnes(2, 8);
  CHECK(error_says([&] { multiply(y, y, w); }, {"multiply", "x shares memory with y"}));
  CHECK(error_says([] { CompactMatrix(0, 4, WeightType::f32); }, {"CompactMatrix", "in is 0"}));
}
