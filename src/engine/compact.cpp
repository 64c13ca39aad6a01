// Products of a few rows with weights of 32, 16 or 8 bits. Generating a token reads all weights
// once, so they lie in the order in which they are read, and nothing else lies between:
//
//   f32, f16, bf16:  for each tile of three registers of outputs
//                      for each input         its numbers
//   q8_0:            for each tile of 16 outputs
//                      for each 32 inputs     the 16 scales, and 8 times 4 inputs of each output
//
// So a register holds one input of many outputs: nothing is summed across it.
#include "damla/core/compact_matrix.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <new>
#include <vector>

#if defined(__linux__)
#include <sys/mman.h>
#endif
#if defined(__AVX2__)
#include <immintrin.h>
#endif

#include "damla/core/error.hpp"
#include "damla/functional/eight_bits.hpp"
#include "engine/packets.hpp"
#include "engine/product.hpp"
#include "engine/team.hpp"

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wignored-attributes"
#endif

namespace damla { inline namespace DAMLA_ABI {

namespace {
namespace I = detail::packets;
using Packet = I::packet_traits<float>::type;
using Eigen::bfloat16;
using Eigen::half;
using functional::EightBits;
constexpr Index W = I::packet_traits<float>::size;
constexpr Index tile = W >= 8 ? 3 * W : 16, registers = tile / W;
constexpr Index narrow = 16;     // a tile of q8_0: four rows' sums of it stay in the registers
constexpr Index most_rows = 48;  // more are faster in `product`, which reads a tile as a panel

/// 32 inputs of a tile in eight bits: q[i / 4][output][i % 4].
struct Block {
  half scale[narrow];
  std::int8_t q[EightBits::size / 4][narrow][4];
};
static_assert(sizeof(Block) == narrow * sizeof(EightBits));

/// How many outputs a tile has, and how many tiles there are.
Index tile_width(WeightType type) { return type == WeightType::q8_0 ? narrow : tile; }
Index tiles_of(Index out, WeightType type) {
  return (out + tile_width(type) - 1) / tile_width(type);
}

/// Calls visit with a number of the type that lies in memory.
auto with_type(WeightType type, auto&& visit) {
  if (type == WeightType::f32) return visit(float());
  if (type == WeightType::f16) return visit(half());
  return visit(bfloat16());
}

std::size_t tile_bytes(Index in, WeightType type) {
  if (type == WeightType::q8_0)
    return sizeof(Block) * static_cast<std::size_t>(functional::eight_bit_blocks(in));
  const std::size_t numbers = static_cast<std::size_t>(in * tile);
  return with_type(type, [&](auto number) { return numbers * sizeof number; });
}

template <class Number>
Number* tile_at(const CompactMatrix& w, Index t) {
  return reinterpret_cast<Number*>(w.tiles.get() +
                                   static_cast<std::size_t>(t) * tile_bytes(w.in, w.type));
}

void fetch(const void* from) {
#ifdef __GNUC__
  __builtin_prefetch(from, 0, 3);
#else
  (void)from;
#endif
}
[[maybe_unused]] constexpr std::ptrdiff_t ahead = 2048;  // bytes

// A register of numbers as floats; the library in double widens whole tiles instead.
[[maybe_unused]] Packet widen(const float* from) { return I::ploadu<Packet>(from); }
#if defined(__AVX512F__)
[[maybe_unused]] Packet widen(const half* from) {
  return _mm512_cvtph_ps(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(from)));
}
[[maybe_unused]] Packet widen(const bfloat16* from) {
  const __m256i bits = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
  return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(bits), 16));
}
#elif defined(__AVX2__) && defined(__F16C__)
[[maybe_unused]] Packet widen(const half* from) {
  return _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from)));
}
[[maybe_unused]] Packet widen(const bfloat16* from) {
  const __m128i bits = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
  return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_cvtepu16_epi32(bits), 16));
}
#else
[[maybe_unused]] Packet widen(const auto* from) {
  float numbers[W];
  for (Index i = 0; i < W; ++i) numbers[i] = static_cast<float>(from[i]);
  return I::ploadu<Packet>(numbers);
}
#endif

constexpr Index steps =
    4 * registers > 12 ? 2 : 4;  // `steps` · registers sums hide the time of a multiply-add

/// y (tile) = Σₛ sum[s], which is what `steps` inputs apart were added up to.
[[maybe_unused]] EIGEN_STRONG_INLINE void add_up(float* y, const Packet (&sum)[steps][registers]) {
#pragma GCC unroll 8
  for (Index r = 0; r < registers; ++r) {
    Packet total = sum[0][r];
#pragma GCC unroll 8
    for (Index s = 1; s < steps; ++s) total = I::padd(total, sum[s][r]);
    I::pstoreu(y + r * W, total);
  }
}

/// y (1 × tile) = x (1 × k) · a tile.
template <class Number>
void tile_product(float* y, const float* x, const Number* w, Index k) {
  Packet sum[steps][registers];
#pragma GCC unroll 8
  for (Index s = 0; s < steps; ++s)
#pragma GCC unroll 8
    for (Index r = 0; r < registers; ++r) sum[s][r] = I::pset1<Packet>(0);
  Index p = 0;
  for (; p + steps <= k; p += steps, w += steps * tile)
#pragma GCC unroll 8
    for (Index s = 0; s < steps; ++s) {
      const Packet number = I::pset1<Packet>(x[p + s]);
#pragma GCC unroll 8
      for (Index r = 0; r < registers; ++r)
        sum[s][r] = I::pmadd(number, widen(w + s * tile + r * W), sum[s][r]);
    }
  for (; p < k; ++p, w += tile)
#pragma GCC unroll 8
    for (Index r = 0; r < registers; ++r)
      sum[0][r] = I::pmadd(I::pset1<Packet>(x[p]), widen(w + r * W), sum[0][r]);
  add_up(y, sum);
}

/// What several rows have been added up to so far.
using Sums = Packet[steps][registers];
/// Inputs of a tile that the first cache holds while all rows use them.
constexpr Index depth_at_once = 128;

/// sums[n][s] += x's numbers s, s + steps … of k · w's, for `rows` rows that lie `stride` numbers
/// apart. Meanwhile `lines` from `soon` on are fetched.
template <int rows, class Number>
EIGEN_DONT_INLINE void add_part(Sums* sums, const float* x, Index stride, const Number* w, Index k,
                                const char* soon, Index lines) {
  for (Index s = 0; s < steps; ++s) {
    Packet sum[rows][registers];
#pragma GCC unroll 16
    for (int n = 0; n < rows; ++n)
#pragma GCC unroll 8
      for (Index r = 0; r < registers; ++r) sum[n][r] = sums[n][s][r];
    Index left = (lines * (s + 1)) / steps - (lines * s) / steps;
    for (Index p = s; p < k; p += steps) {
      if (left-- > 0) fetch(soon), soon += 64;
      Packet weight[registers];
#pragma GCC unroll 8
      for (Index r = 0; r < registers; ++r) weight[r] = widen(w + p * tile + r * W);
#pragma GCC unroll 16
      for (int n = 0; n < rows; ++n) {
        const Packet number = I::pset1<Packet>(x[n * stride + p]);
#pragma GCC unroll 8
        for (Index r = 0; r < registers; ++r) sum[n][r] = I::pmadd(number, weight[r], sum[n][r]);
      }
    }
#pragma GCC unroll 16
    for (int n = 0; n < rows; ++n)
#pragma GCC unroll 8
      for (Index r = 0; r < registers; ++r) sums[n][s][r] = sum[n][r];
  }
}

/// y (n × tile) = x (n × k) · a tile. Each row is added up in the same order as alone, which gives
/// it the same bits: a text does not depend on those beside it.
template <class Number>
void tile_product(float* y, const float* x, Index stride, Index n, const Number* w, Index k) {
  constexpr int together = 12 / registers;  // three registers are left for the numbers
  Sums sums[most_rows];
  for (Index i = 0; i < n; ++i)
    for (auto& s : sums[i])
      for (Packet& packet : s) packet = I::pset1<Packet>(0);
  const Index whole = k / steps * steps;
  for (Index first = 0; first < whole; first += depth_at_once) {
    const Index size = std::min(depth_at_once, whole - first);
    Index row = 0, fetched = 0;
    const auto add = [&](auto rows) {
      constexpr Index all = depth_at_once * tile * static_cast<Index>(sizeof(Number)) / 64;
      const Index share = all * (row + rows) / n - fetched;
      add_part<rows>(
          sums + row, x + row * stride + first, stride, w + first * tile, size,
          reinterpret_cast<const char*>(w + (first + depth_at_once) * tile) + 64 * fetched, share);
      row += rows, fetched += share;
    };
    while (row + together <= n) add(std::integral_constant<int, together>{});
    while (row + 4 <= n) add(std::integral_constant<int, 4>{});
    while (row + 2 <= n) add(std::integral_constant<int, 2>{});
    while (row < n) add(std::integral_constant<int, 1>{});
  }
  for (Index i = 0; i < n; ++i) {
    for (Index p = whole; p < k; ++p)
#pragma GCC unroll 8
      for (Index r = 0; r < registers; ++r)
        sums[i][0][r] = I::pmadd(I::pset1<Packet>(x[i * stride + p]), widen(w + p * tile + r * W),
                                 sums[i][0][r]);
    add_up(y + i * tile, sums[i]);
  }
}

#if defined(__AVX2__) && defined(__F16C__) && defined(__FMA__)
/// sum += the products of four bytes each: x's sign is given to w, since the processor multiplies
/// bytes without a sign by bytes with one. |x|·|w| is 127² at most, so no two of them overflow.
__m256i add_products(__m256i sum, __m256i x, __m256i absolute_x, __m256i w) {
  const __m256i signed_w = _mm256_sign_epi8(w, x);
#if defined(__AVX512VNNI__) && defined(__AVX512VL__)
  return _mm256_dpbusd_epi32(sum, absolute_x, signed_w);
#elif defined(__AVXVNNI__)
  return _mm256_dpbusd_avx_epi32(sum, absolute_x, signed_w);
#else
  const __m256i pairs = _mm256_maddubs_epi16(absolute_x, signed_w);
  return _mm256_add_epi32(sum, _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
#endif
}

/// y (rows × 16) = x (rows × blocks) · a tile. Each block's whole numbers are summed up first.
template <int rows>
void tile_product(float* y, const EightBits* x, const Block* w, Index blocks) {
  __m256 sum[rows][2];
#pragma GCC unroll 8
  for (int n = 0; n < rows; ++n) sum[n][0] = sum[n][1] = _mm256_setzero_ps();
  for (Index b = 0; b < blocks; ++b) {
    __m256i whole[rows][2];
#pragma GCC unroll 8
    for (int n = 0; n < rows; ++n) whole[n][0] = whole[n][1] = _mm256_setzero_si256();
    const auto* q = reinterpret_cast<const __m256i*>(w[b].q);
#pragma GCC unroll 8
    for (int i = 0; i < EightBits::size / 4; ++i) {
      fetch(reinterpret_cast<const char*>(q + 2 * i) + ahead);
      const __m256i left = _mm256_loadu_si256(q + 2 * i), right = _mm256_loadu_si256(q + 2 * i + 1);
#pragma GCC unroll 8
      for (int n = 0; n < rows; ++n) {
        int four;
        std::memcpy(&four, x[n * blocks + b].q + 4 * i, 4);
        const __m256i number = _mm256_set1_epi32(four), absolute = _mm256_abs_epi8(number);
        whole[n][0] = add_products(whole[n][0], number, absolute, left);
        whole[n][1] = add_products(whole[n][1], number, absolute, right);
      }
    }
    const auto* scales = reinterpret_cast<const __m128i*>(w[b].scale);
#pragma GCC unroll 8
    for (int n = 0; n < rows; ++n) {
      const __m256 scale = _mm256_set1_ps(static_cast<float>(x[n * blocks + b].scale));
#pragma GCC unroll 2
      for (int r = 0; r < 2; ++r)
        sum[n][r] = _mm256_fmadd_ps(
            _mm256_cvtepi32_ps(whole[n][r]),
            _mm256_mul_ps(scale, _mm256_cvtph_ps(_mm_loadu_si128(scales + r))), sum[n][r]);
    }
  }
#pragma GCC unroll 8
  for (int n = 0; n < rows; ++n)
#pragma GCC unroll 2
    for (int r = 0; r < 2; ++r) _mm256_storeu_ps(y + n * narrow + 8 * r, sum[n][r]);
}
#else
template <int rows>
void tile_product(float* y, const EightBits* x, const Block* w, Index blocks) {
  std::fill_n(y, rows * narrow, 0.0f);
  for (Index b = 0; b < blocks; ++b)
    for (int n = 0; n < rows; ++n) {
      const EightBits& block = x[n * blocks + b];
      int whole[narrow] = {};
      for (Index i = 0; i < EightBits::size; ++i)
        for (Index o = 0; o < narrow; ++o) whole[o] += block.q[i] * w[b].q[i / 4][o][i % 4];
      for (Index o = 0; o < narrow; ++o)
        y[n * narrow + o] += static_cast<float>(block.scale) * static_cast<float>(w[b].scale[o]) *
                             static_cast<float>(whole[o]);
    }
}
#endif

/// The numbers of a tile as the engine's product reads them, (in, tile): where they lie, or copied.
template <class Number>
ConstView widened(const Number* w, Index in) {
  if constexpr (std::is_same_v<Number, Scalar>) return {w, in, tile, tile};
  thread_local std::vector<Scalar> numbers;
  numbers.resize(static_cast<std::size_t>(in * tile));
  std::transform(w, w + in * tile, numbers.begin(),
                 [](Number number) { return static_cast<Scalar>(number); });
  return {numbers.data(), in, tile, tile};
}

/// Adds the bias to what a tile, whose first output is `first`, gave for a row, and stores it: the
/// last tile may have fewer outputs than its width.
void store(Scalar* y, Index first, Index outputs, const float* from, ConstView bias, Index width) {
  for (Index i = 0, n = std::min(width, outputs - first); i < n; ++i)
    y[first + i] =
        static_cast<Scalar>(from[i]) + (bias.rows > 0 ? bias.data[first + i] : Scalar(0));
}

/// Calls body(t) for each tile, spread over the threads.
void for_tiles(const CompactMatrix& w, Index rows, auto body) {
  const double work =
      static_cast<double>(rows) * static_cast<double>(w.in) * static_cast<double>(w.out);
  const int team = detail::team_for(work / 2);
  detail::for_team(team, [&](int i) {
    const detail::Share s = detail::share(tiles_of(w.out, w.type), i, team);
    for (Index t = s.first; t < s.last; ++t) body(t);
  });
}

void multiply_eight_bits(View y, ConstView x, const CompactMatrix& w, ConstView bias) {
  const Index blocks = functional::eight_bit_blocks(w.in);
  thread_local std::vector<EightBits> scratch;
  scratch.resize(static_cast<std::size_t>(x.rows * blocks));
  EightBits* const xs = scratch.data();
  const int team = detail::team_for(static_cast<double>(x.rows * w.in));
  detail::for_team(team, [&](int i) {
    const detail::Share s = detail::share(x.rows, i, team);
    for (Index r = s.first; r < s.last; ++r)
      functional::quantize<Scalar>({xs + r * blocks, static_cast<std::size_t>(blocks)},
                                   Eigen::Map<const Mat<Scalar>>(x.row(r), 1, x.cols));
  });
  for_tiles(w, x.rows, [&](Index t) {
    constexpr int together = 4;
    const Block* const numbers = tile_at<Block>(w, t);
    float sums[together * narrow];
    Index r = 0;
    const auto rows = [&](auto count) {
      tile_product<count>(sums, xs + r * blocks, numbers, blocks);
      for (int n = 0; n < count; ++n, ++r)
        store(y.row(r), t * narrow, w.out, sums + n * narrow, bias, narrow);
    };
    while (r + together <= x.rows) rows(std::integral_constant<int, together>{});
    while (r < x.rows) rows(std::integral_constant<int, 1>{});
  });
}

template <class Number>
void multiply_numbers(View y, ConstView x, const CompactMatrix& w, ConstView bias) {
  bias.stride = 0;
  for_tiles(w, x.rows, [&](Index t) {
    const Number* const numbers = tile_at<Number>(w, t);
    if constexpr (std::is_same_v<Scalar, float>)
      if (x.rows <= most_rows) {
        float sums[most_rows * tile];
        if (x.rows == 1) tile_product(sums, x.data, numbers, w.in);
        else tile_product(sums, x.data, x.stride, x.rows, numbers, w.in);
        for (Index r = 0; r < x.rows; ++r)
          store(y.row(r), t * tile, w.out, sums + r * tile, bias, tile);
        return;
      }
    ConstView columns = widened(numbers, w.in), start = bias;
    columns.cols = std::min(tile, w.out - t * tile);
    if (bias.rows > 0) start.data += t * tile;
    else start = {};
    detail::product(View(y.data + t * tile, y.rows, columns.cols, y.stride), x, columns, start);
  });
}

/// 32 inputs of a tile.
using Square = Scalar[EightBits::size][std::max(tile, narrow)];

/// functional::quantize of each column from `first` on, side by side.
void put_eight_bits(Block& block, const Square& w, Index first, Index n) {
  Scalar greatest[narrow] = {}, scale[narrow];
  for (const auto& row : w)
    for (Index c = 0; c < narrow; ++c) greatest[c] = std::max(greatest[c], std::abs(row[c]));
  for (Index c = 0; c < narrow; ++c) {
    const half rounded(std::min(static_cast<float>(greatest[c]) / 127, 65504.0f));
    scale[c] = static_cast<Scalar>(rounded);
    if (c >= first && c < first + n) block.scale[c] = rounded;
    if (!(scale[c] > 0)) scale[c] = std::numeric_limits<Scalar>::infinity();  // all become 0
  }
  for (Index i = 0; i < EightBits::size; i += 4) {
    std::uint32_t four[narrow] = {};  // four bytes each: so the columns are numbers of a register
    for (Index j = 0; j < 4; ++j)
      for (Index c = 0; c < narrow; ++c) {
        const Scalar number = std::min(std::max(w[i + j][c] / scale[c], Scalar(-127)), Scalar(127));
        const auto q = static_cast<std::uint32_t>(static_cast<std::int32_t>(std::round(number)));
        four[c] |= (q & 0xff) << (8 * j);
      }
    if (n == narrow) std::memcpy(block.q[i / 4], four, sizeof four);
    else std::memcpy(block.q[i / 4] + first, four + first, 4 * static_cast<std::size_t>(n));
  }
}
}  // namespace

std::string_view name_of(WeightType type) {
  switch (type) {
    case WeightType::f32:
      return "f32";
    case WeightType::f16:
      return "f16";
    case WeightType::bf16:
      return "bf16";
    case WeightType::q8_0:
      return "q8_0";
  }
  throw Error("WeightType: there is no such type");
}

WeightType weight_type(std::string_view name) {
  for (const auto type : {WeightType::f32, WeightType::f16, WeightType::bf16, WeightType::q8_0})
    if (name == name_of(type)) return type;
  throw Error("weight_type: weights are kept as f32, f16, bf16 or q8_0, not as \"" +
              std::string(name) + "\"");
}

CompactMatrix::CompactMatrix(Index in_, Index out_, WeightType type_)
    : type(type_), in(in_), out(out_) {
  expect_size("CompactMatrix", "in", in), expect_size("CompactMatrix", "out", out);
  tiles = weight_memory(bytes());
}

std::size_t CompactMatrix::bytes(Index in, Index out, WeightType type) {
  return static_cast<std::size_t>(tiles_of(out, type)) * tile_bytes(in, type);
}

void CompactMatrix::put(ConstView part, Index first_in, Index first_out) {
  const Index rows = part.height(), cols = part.width();
  if (first_in < 0 || first_in % EightBits::size != 0 || first_out < 0 || first_in + rows > in ||
      first_out + cols > out)
    throw Error("CompactMatrix::put: a part of " + shape_text(rows, cols) + " at row " +
                std::to_string(first_in) + " and column " + std::to_string(first_out) +
                " does not fit in " + shape_text(in, out));
  const Index width = tile_width(type);
  // A tile's columns, and 32 rows of them, at a time.
  for (Index o = 0; o < cols;) {
    const Index t = (first_out + o) / width, c = (first_out + o) % width,
                n = std::min(width - c, cols - o);
    for (Index i = 0; i < rows; i += EightBits::size) {
      const Index height = std::min(EightBits::size, rows - i);
      Square numbers;
      if (height < EightBits::size || n < width) std::memset(numbers, 0, sizeof numbers);
      if (part.transposed)
        for (Index j = 0; j < n; ++j)
          for (Index k = 0; k < height; ++k) numbers[k][c + j] = part.row(o + j)[i + k];
      else if (n == width)
        for (Index k = 0; k < height; ++k) std::copy_n(part.row(i + k) + o, width, numbers[k]);
      else
        for (Index k = 0; k < height; ++k)
          for (Index j = 0; j < n; ++j) numbers[k][c + j] = part.row(i + k)[o + j];
      if (type == WeightType::q8_0)
        put_eight_bits(tile_at<Block>(*this, t)[(first_in + i) / EightBits::size], numbers, c, n);
      else
        with_type(type, [&](auto as) {
          auto* const to = tile_at<decltype(as)>(*this, t) + (first_in + i) * width;
          for (Index k = 0; k < height; ++k)
            for (Index j = c; j < c + n; ++j)
              to[k * width + j] = static_cast<decltype(as)>(numbers[k][j]);
        });
    }
    o += n;
  }
}

void CompactMatrix::copy_column(View row, Index output) const {
  expect_count("CompactMatrix::copy_column", "output", output, 0, out - 1);
  const Index width = tile_width(type), t = output / width, c = output % width;
  if (type == WeightType::q8_0) {
    const Block* const from = tile_at<Block>(*this, t);
    for (Index i = 0; i < in; ++i) {
      const Block& block = from[i / EightBits::size];
      row.data[i] = static_cast<Scalar>(block.scale[c]) *
                    static_cast<Scalar>(block.q[i % EightBits::size / 4][c][i % 4]);
    }
    return;
  }
  with_type(type, [&](auto as) {
    const auto* const from = tile_at<const decltype(as)>(*this, t);
    for (Index i = 0; i < in; ++i) row.data[i] = static_cast<Scalar>(from[i * width + c]);
  });
}

std::shared_ptr<std::byte> weight_memory(std::size_t bytes) {
  constexpr std::size_t page = std::size_t{1} << 21;
  const std::size_t align = bytes >= page ? page : 64;
  void* const memory =
      ::operator new(std::max<std::size_t>(bytes, 1), std::align_val_t(align), std::nothrow);
  if (memory == nullptr)
    throw Error("weight_memory: there is no memory for weights of " + std::to_string(bytes >> 20) +
                " MB");
#if defined(__linux__)
  if (bytes >= page) madvise(memory, bytes, MADV_HUGEPAGE);
#endif
  return {static_cast<std::byte*>(memory),
          [align](std::byte* p) { ::operator delete(p, std::align_val_t(align)); }};
}

void detail::multiply(View y, ConstView x, const CompactMatrix& w, ConstView bias) {
  if (x.transposed || x.cols != w.in || (bias.rows > 0 && (bias.rows != 1 || bias.cols != w.out)))
    throw Error("multiply: x is " + shape_text(x.height(), x.width()) + ", the weight " +
                shape_text(w.in, w.out) + " and the bias " + shape_text(bias.rows, bias.cols) +
                ": x needs as many columns as the weight has rows");
  if (w.type == WeightType::q8_0) return multiply_eight_bits(y, x, w, bias);
  with_type(w.type, [&](auto number) { multiply_numbers<decltype(number)>(y, x, w, bias); });
}

}}  // namespace damla::DAMLA_ABI
