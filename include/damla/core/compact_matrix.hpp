#pragma once

#include <memory>
#include <string_view>

#include "damla/core/matrix.hpp"
#include "damla/core/view.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// How a weight is kept: 32, 16 or 8.5 bits a number. bf16 has float's range and 8 bits of
/// precision, f16 11 bits and a range up to 65,504; q8_0 is functional/eight_bits.hpp.
enum class WeightType { f32, f16, bf16, q8_0 };

/// "f32" and so on.
std::string_view name_of(WeightType type);
/// The type of that name. Throws Error for any other.
WeightType weight_type(std::string_view name);

/// A weight (in, out) that is only read, to multiply a few rows as fast as memory gives it:
/// generating a token reads each weight once, so half the bits are half the time. Copies share the
/// numbers, since nobody changes them once they are in place.
struct CompactMatrix {
  WeightType type = WeightType::f32;
  Index in = 0, out = 0;
  /// Tiles of some outputs, one after the other, each with all of its inputs
  /// (src/engine/compact.cpp tells how). Outputs are filled up with zeros to whole tiles.
  std::shared_ptr<std::byte> tiles;

  CompactMatrix() = default;
  /// A place for such a weight, in memory of its own.
  CompactMatrix(Index in_, Index out_, WeightType type_);
  /// The same in someone else's memory, which has to be bytes(in, out, type) long.
  CompactMatrix(Index in_, Index out_, WeightType type_, std::shared_ptr<std::byte> memory)
      : type(type_), in(in_), out(out_), tiles(std::move(memory)) {}
  /// w, rounded to that type.
  CompactMatrix(ConstView w, WeightType type_) : CompactMatrix(w.height(), w.width(), type_) {
    put(w);
  }

  static std::size_t bytes(Index in, Index out, WeightType type);
  std::size_t bytes() const { return bytes(in, out, type); }

  /// Rounds `part` of the weight, from its row `first_in` and column `first_out` on, and puts it in
  /// place. Parts begin at multiples of 32 rows; several threads may put different ones. Throws
  /// Error for other places.
  void put(ConstView part, Index first_in = 0, Index first_out = 0);

  /// Column `output` of the weight, as the row (1, in): one token's vector, where the weight is an
  /// embedding, transposed.
  void copy_column(View row, Index output) const;
};

/// Memory for weights, in huge pages where the system has them: fewer of them to look up. Throws
/// Error for more than there is.
std::shared_ptr<std::byte> weight_memory(std::size_t bytes);

namespace detail {
void multiply(View y, ConstView x, const CompactMatrix& w, ConstView bias);
}  // namespace detail

/// y = x·w + bias, on all threads. x is (n, in), y (n, out), bias (1, out) or empty. With q8_0, x
/// is put into eight bits too (functional::dot). Throws Error when shapes do not fit.
inline void multiply(Matrix& y, ConstView x, const CompactMatrix& w, ConstView bias = {}) {
  expect_apart("multiply", {{"x", x}, {"bias", bias}}, {{"y", y}});
  y.resize(x.height(), w.out);
  detail::multiply(y, x, w, bias);
}

}}  // namespace damla::DAMLA_ABI
