// The matrix product, and the only place that knows the processor's registers; README.md tells how
// it goes and what was measured. (Goto and van de Geijn, "Anatomy of High-Performance Matrix
// Multiplication", 2008.)
//
//   for `tall` rows of a and `deep` of its columns at a time    (third cache)
//     for `wide` columns of b                                   (second cache)
//       for 8 rows of a                                         (first cache)
//         for each panel, three registers wide
//           a tile of out, in 24 registers
#include "engine/product.hpp"

#include <algorithm>
#include <type_traits>

#include "engine/packets.hpp"

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored \
    "-Wignored-attributes"  // a register's type as a template argument loses nothing here
#endif

namespace damla { inline namespace DAMLA_ABI { namespace detail {

namespace {
namespace I = packets;
using Packet = I::packet_traits<Scalar>::type;
constexpr Index W = I::packet_traits<Scalar>::size;
constexpr Index tile_rows = EIGEN_ARCH_DEFAULT_NUMBER_OF_REGISTERS >= 32 ? 8 : 4;
// Chromium's compiler has 15 registers for us, and moves what one step loads among the next steps'
// sums: with 3 packets, or 4 steps at once, sums go to memory and back.
#ifdef __wasm_simd128__
constexpr Index tile_packets = 2;
constexpr int steps = 1;
#else
constexpr Index tile_packets = 3;
constexpr int steps = 4;  // of a tile that share what they fetch and count
#endif
constexpr Index tall = 2048, deep = 384, wide = 4 * tile_packets * W;
constexpr Index few = 64;   // such rows, at most twice as long, read panels of b where they lie
constexpr Index far = 512;  // numbers from one row of b to the next, from which on they are copied
constexpr Index brief = 1024;  // rows of b that end before the processor foresees what they bring
constexpr int line = 64 / sizeof(Scalar);                     // numbers of memory that come at once
using Scratch = ::Eigen::Array<Scalar, ::Eigen::Dynamic, 1>;  // begins with a cache line

Index registers(Index width) { return (width + W - 1) / W; }
Index lines(Index numbers) { return (numbers + line - 1) / line; }
Index fours(Index count) { return (count + 3) / 4; }
void fetch(const Scalar* from) {  // into the second cache
#ifdef __GNUC__
  __builtin_prefetch(from, 0, 2);
#else
  I::prefetch(from);
#endif
}

/// What a product reads: number (i, p) is at data[i * row + p * column].
struct Operand {
  const Scalar* data;
  Index row, column;
  Operand(ConstView m)
      : data(m.data), row(m.transposed ? 1 : m.stride), column(m.transposed ? m.stride : 1) {}
  Operand(const Scalar* from, Index row_step, Index column_step)
      : data(from), row(row_step), column(column_step) {}
  Operand at(Index i, Index p) const { return {data + i * row + p * column, row, column}; }
};

/// Lines of memory that come near ahead of those who read them: four at a time, `step` numbers
/// apart; `width` times four in a row, `next` apart, and `rows` rows, `stride` apart.
struct Lines {
  const Scalar* row = nullptr;
  Index step = 0, next = 0, width = 0, stride = 0, rows = 0, at = 0;
  /// Where the next n fours begin. What they reach beyond a row's end does no harm.
  const Scalar* take(Index n) {
    const Scalar* const from = row + at * next;
    if ((at += n) >= width) at = 0, row += stride, --rows;
    return from;
  }
};

/// The lines of `rows` rows of `width` numbers, `stride` apart: four rows at a time from one end to
/// the other, or down all rows and then the next line of each.
Lines along(const Scalar* from, Index stride, Index rows, Index width) {
  return {from, stride, line, lines(width), 4 * stride, fours(rows)};
}
Lines down(const Scalar* from, Index stride, Index rows, Index width) {
  return {from, stride, 4 * stride, fours(rows), line, lines(width)};
}

/// What comes near while tiles are computed: first the rows of a that come after these, then what
/// the next panels are made of, of which `due` fours should have come by now.
struct Ahead {
  Lines a, b;
  Index due = 0, come = 0;
};

/// Some rows of a by a panel.
struct Part {
  Operand a;
  const Scalar* panel;  // k rows, `apart` numbers from one to the next
  Index apart, k;
  const Scalar* start;  // what is added to: rows that lie `start_stride` apart (0: one row for
                        // all), or nothing
  Index start_stride;
  Ahead* ahead;  // fetched meanwhile, a line every few steps: all at once, lines would wait for
                 // each other, and the tile for them
};

/// y (rows × packets·W) = start + a (rows × k) · panel (k × packets·W). `straight` says that a's
/// rows are rows in memory, otherwise its columns are; `packed`, that the panel is as wide as the
/// tile: then no step counts where its row lies.
template <int rows, int packets, bool straight, bool packed>
EIGEN_STRONG_INLINE void tile(Scalar* y, Index stride, const Part& part) {
  const Operand& a = part.a;
  const Index row = straight ? a.row : 1, column = straight ? 1 : a.column;
  const Index apart = packed ? packets * W : part.apart;
  const Scalar* panel = part.panel;
  Packet sum[rows][packets];
#pragma GCC unroll 8
  for (int i = 0; i < rows; ++i)
#pragma GCC unroll 8
    for (int j = 0; j < packets; ++j) {
      I::prefetch(y + i * stride + j * W);  // what is stored at the end comes near, too
      sum[i][j] = part.start ? I::ploadu<Packet>(part.start + i * part.start_stride + j * W)
                             : I::pset1<Packet>(0);
    }
  constexpr bool pointers = straight && steps == 1;  // one for each row of a: no other address
  const Scalar* number = a.data;
  [[maybe_unused]] const Scalar* numbers[rows];
  if constexpr (pointers)
    for (int i = 0; i < rows; ++i) numbers[i] = number + i * row;
  const auto step = [&] {
    Packet b[packets];
#pragma GCC unroll 8
    for (int j = 0; j < packets; ++j) b[j] = I::ploadu<Packet>(panel + j * W);
#pragma GCC unroll 8
    for (int i = 0; i < rows; ++i) {
      const Packet x = I::pset1<Packet>(pointers ? *numbers[i]++ : number[i * row]);
#pragma GCC unroll 8
      for (int j = 0; j < packets; ++j) sum[i][j] = I::pmadd(x, b[j], sum[i][j]);
    }
    number += column, panel += apart;
  };
  Index p = 0;
  if constexpr (packets::can_fetch && rows > 1) {
    const Index turns = part.k / (4 * steps);
    Ahead& ahead = *part.ahead;
    Lines none{panel}, *from = &none;
    if (ahead.a.rows > 0) from = &ahead.a;
    else if (ahead.b.rows > 0 && ahead.come < ahead.due) from = &ahead.b, ahead.come += turns;
    const Index between = from->step, next = from->next;
    const Scalar* coming = from->take(turns);
    for (Index t = 0; t < turns; ++t, coming += next)
#pragma GCC unroll 8
      for (int f = 0; f < 4; ++f) {
        fetch(coming + f * between);
#pragma GCC unroll 8
        for (int q = 0; q < steps; ++q) step();
      }
    p = turns * 4 * steps;
  }
#pragma GCC unroll steps
  for (; p < part.k; ++p) step();
#pragma GCC unroll 8
  for (int i = 0; i < rows; ++i)
#pragma GCC unroll 8
    for (int j = 0; j < packets; ++j) I::pstoreu(y + i * stride + j * W, sum[i][j]);
}

/// n (≤ tile_rows) rows of out by the first registers of a panel. Not inlined: the loop needs all
/// registers for itself.
template <int packets>
EIGEN_DONT_INLINE void tiles(Scalar* y, Index stride, Index n, const Part& part) {
  if (n == tile_rows && part.a.column == 1)
    return part.apart == packets * W ? tile<tile_rows, packets, true, true>(y, stride, part)
                                     : tile<tile_rows, packets, true, false>(y, stride, part);
  if (n == tile_rows)
    return part.apart == packets * W ? tile<tile_rows, packets, false, true>(y, stride, part)
                                     : tile<tile_rows, packets, false, false>(y, stride, part);
  Part row = part;
  for (; n > 0; --n, y += stride) {
    tile<1, packets, false, false>(y, stride, row);
    row.a.data += row.a.row;
    if (row.start) row.start += row.start_stride;
  }
}

/// The same for `width` columns; where they do not fill the last register, by way of a tile that is
/// wide enough.
void tiles(Scalar* y, Index stride, Index n, Index width, const Part& part) {
  if (width == W) return tiles<1>(y, stride, n, part);
  if (width == 2 * W) return tiles<2>(y, stride, n, part);
  if (width == 3 * W) return tiles<3>(y, stride, n, part);
  static_assert(tile_packets <= 3);
  const Index full = registers(width) * W;
  Scalar whole[tile_rows * tile_packets * W] = {};
  for (Index i = 0; part.start && i < n; ++i)
    std::copy_n(part.start + i * part.start_stride, width, whole + i * full);
  Part wider = part;
  wider.start = whole, wider.start_stride = full;
  tiles(whole, full, n, full, wider);
  for (Index i = 0; i < n; ++i) std::copy_n(whole + i * full, width, y + i * stride);
}

/// Copies b (k × width) side by side into a panel, and zeros for what the last register has more.
void pack_panel(Scalar* panel, Operand b, Index k, Index width) {
  const Index full = registers(width) * W;
  if (width == full && b.column == 1) {
    for (Index p = 0; p < k; ++p)
      for (Index j = 0; j < full; j += W)
        I::pstoreu(panel + p * full + j, I::ploadu<Packet>(b.data + p * b.row + j));
    return;
  }
  for (Index j = 0; j < full; j += W) {
    Index p = 0;
    if (j + W <= width && b.row == 1)  // a square at a time, turned in the registers
      for (; p + W <= k; p += W) {
        I::PacketBlock<Packet, W> square;
        for (Index c = 0; c < W; ++c)
          square.packet[c] = I::ploadu<Packet>(b.data + (j + c) * b.column + p);
        I::ptranspose(square);
        for (Index c = 0; c < W; ++c) I::pstoreu(panel + (p + c) * full + j, square.packet[c]);
      }
    for (; p < k; ++p)
      for (Index c = j; c < j + W; ++c)
        panel[p * full + c] = c < width ? b.data[p * b.row + c * b.column] : 0;
  }
}

/// Copies a (n × k), of which columns lie in memory, so that each tile's rows lie side by side, and
/// one tile behind the other: four lines of each column at a time.
void pack_rows(Scalar* to, Operand a, Index n, Index k) {
  constexpr Index together = 4 * std::max<Index>(line, tile_rows), soon = 16;
  for (Index i = 0; i < n; i += together) {
    const Index end = std::min(i + together, n);
    for (Index p = 0; p < k; ++p) {
      for (Index r = i; r < end; r += line) fetch(a.at(r, p + soon).data);
      for (Index r = i; r < end; r += tile_rows)
        if (r + tile_rows <= n) std::copy_n(a.at(r, p).data, tile_rows, to + r * k + p * tile_rows);
        else std::copy_n(a.at(r, p).data, n - r, to + r * k + p * (n - r));
    }
  }
}

/// Calls visit(j, width) for each panel of m columns: three registers wide, and what is left in two
/// or one.
void for_panels(Index m, auto&& visit) {
  for (Index j = 0; j < m;) {
    const Index left = registers(m - j), packets = left == 4 ? 2 : std::min(left, tile_packets);
    visit(j, std::min(packets * W, m - j));
    j += packets * W;
  }
}

// y (1 × m) += a (1 × k) · b is bound by how fast b is read: so eight of its rows (or columns) at a
// time, two registers of each, from one end to the other. Eight streams are what the processor
// foresees by itself. Where short rows lie `apart`, as those of one head do, or a thread's share,
// the next eight are fetched with these.

/// y += the first R numbers of a, by the R rows of b (R × m).
template <Index R, bool apart>
void add_rows(View y, Operand a, Operand b) {
  Packet number[R];
#pragma GCC unroll 8
  for (Index r = 0; r < R; ++r) number[r] = I::pset1<Packet>(a.data[r * a.column]);
  Index j = 0;
  const auto step = [&](auto count) {
    constexpr Index Q = count.value;
    Packet sum[Q];
#pragma GCC unroll 8
    for (Index q = 0; q < Q; ++q) sum[q] = I::ploadu<Packet>(y.data + j + q * W);
    const Scalar* row = b.data + j;
#pragma GCC unroll 8
    for (Index r = 0; r < R; ++r, row += b.row) {
      for (Index l = 0; apart && packets::can_fetch && l < Q * W; l += line)
        fetch(row + R * b.row + l);
#pragma GCC unroll 8
      for (Index q = 0; q < Q; ++q)
        sum[q] = I::pmadd(number[r], I::ploadu<Packet>(row + q * W), sum[q]);
    }
#pragma GCC unroll 8
    for (Index q = 0; q < Q; ++q) I::pstoreu(y.data + j + q * W, sum[q]);
    j += Q * W;
  };
  while (j + 2 * W <= y.cols) step(std::integral_constant<Index, 2>{});
  while (j + W <= y.cols) step(std::integral_constant<Index, 1>{});
  for (; j < y.cols; ++j)
    for (Index r = 0; r < R; ++r) y.data[j] += a.data[r * a.column] * b.data[r * b.row + j];
}

/// y (R numbers) += a (1 × k, side by side) by the R columns of b (k × R).
template <Index R, bool apart>
void add_columns(Scalar* y, const Scalar* a, Operand b, Index k) {
  Packet sum[R];
#pragma GCC unroll 8
  for (Index r = 0; r < R; ++r) sum[r] = I::pset1<Packet>(0);
  Index p = 0;
  const auto step = [&](auto count) {
    constexpr Index Q = count.value;
    Packet x[Q];
#pragma GCC unroll 8
    for (Index q = 0; q < Q; ++q) x[q] = I::ploadu<Packet>(a + p + q * W);
    const Scalar* column = b.data + p;
#pragma GCC unroll 8
    for (Index r = 0; r < R; ++r, column += b.column) {
      for (Index l = 0; apart && packets::can_fetch && l < Q * W; l += line)
        fetch(column + R * b.column + l);
#pragma GCC unroll 8
      for (Index q = 0; q < Q; ++q)
        sum[r] = I::pmadd(x[q], I::ploadu<Packet>(column + q * W), sum[r]);
    }
    p += Q * W;
  };
  while (p + 2 * W <= k) step(std::integral_constant<Index, 2>{});
  while (p + W <= k) step(std::integral_constant<Index, 1>{});
  for (Index r = 0; r < R; ++r) {
    Scalar total = I::predux(sum[r]);
    for (Index q = p; q < k; ++q) total += a[q] * b.data[r * b.column + q];
    y[r] += total;
  }
}

template <bool apart>
void row_product(View y, Operand a, Operand b, Index k) {
  constexpr Index together = 8;
  Index i = 0;
  if (b.column == 1) {
    for (; i + together <= k; i += together) add_rows<together, apart>(y, a.at(0, i), b.at(i, 0));
    for (; i < k; ++i) add_rows<1, apart>(y, a.at(0, i), b.at(i, 0));
  } else {
    for (; i + together <= y.cols; i += together)
      add_columns<together, apart>(y.data + i, a.data, b.at(0, i), k);
    for (; i < y.cols; ++i) add_columns<1, apart>(y.data + i, a.data, b.at(0, i), k);
  }
}
}  // namespace

Index product_rows() { return tile_rows; }
Index product_columns() { return tile_packets * W; }

void product(View out, ConstView a_view, ConstView b_view, ConstView start, Triangle lower) {
  const Operand a(a_view), b(b_view);
  const Index n = out.rows, m = out.cols, k = a_view.width();
  if (k == 0 || (n == 1 && a.column == 1)) {
    for (Index i = 0; i < n; ++i)
      if (start.data == nullptr) std::fill_n(out.row(i), m, Scalar(0));
      else if (start.data != out.data) std::copy_n(start.row(i), m, out.row(i));
    const bool apart = b.column == 1 ? m < brief && b.row > m : k < brief && b.column > k;
    if (k > 0) apart ? row_product<true>(out, a, b, k) : row_product<false>(out, a, b, k);
    return;
  }
  thread_local Scratch panels(deep * wide), copied;
  const bool copy_a = a.column != 1 && m > tile_packets * W;
  if (copy_a && copied.size() < deep * std::min(n, tall)) copied.resize(deep * std::min(n, tall));
  for (Index top = 0; top < n; top += tall)
    for (Index p = 0; p < k; p += deep) {
      const Index bottom = std::min(top + tall, n), d = std::min(deep, k - p);
      if (copy_a) pack_rows(copied.data(), a.at(top, p), bottom - top, d);
      for (Index c = 0; c < m; c += wide) {
        const Index w = std::min(wide, m - c);
        // What is a panel already needs no copy; a few short rows of a do not repay it.
        const bool panel_already = b.row == w && w <= tile_packets * W;
        const bool in_place = b.column == 1 && w % W == 0 &&
                              (panel_already || (n <= few && d <= 2 * few && b.row < far));
        if (!in_place)
          for_panels(w, [&](Index j, Index width) {
            pack_panel(panels.data() + j * d, b.at(p, c + j), d, width);
          });
        // The next block of b, from (p_next, c_next) on, comes near meanwhile.
        const bool beside = c + w < m;
        const Index p_next = beside ? p : p + d, c_next = beside ? c + w : 0;
        const Index d_next = std::min(deep, k - p_next), w_next = std::min(wide, m - c_next);
        const Scalar* const b_next = b.at(p_next, c_next).data;
        Ahead ahead;
        if (d_next > 0)
          ahead.b = b.column == 1 ? down(b_next, b.row, d_next, w_next)
                                  : along(b_next, b.column, w_next, d_next);
        const Index all = ahead.b.width * ahead.b.rows;
        for (Index i = top; i < bottom; i += tile_rows) {
          const Index h = std::min(tile_rows, n - i);
          // What a triangle leaves of these rows: a's columns [first, last), and out's up to
          // `columns`.
          const Index first = lower == Triangle::left && a_view.transposed ? i : 0;
          const Index last = lower == Triangle::left && !a_view.transposed ? i + h : k;
          const Index columns = lower == Triangle::out ? i + h - c : w;
          const Index begin = std::max(p, first), count = std::min(p + d, last) - begin;
          if (count <= 0) continue;
          Operand rows = a.at(i, begin);
          if (copy_a) rows = {copied.data() + (i - top) * d + (begin - p) * h, 1, h};
          const Index soon = i + tile_rows;
          const Scalar* const coming = copy_a ? rows.data + tile_rows * d : a.at(soon, begin).data;
          if (soon >= bottom || (!copy_a && a.column != 1)) ahead.a = {};
          else if (copy_a || a.row == count)
            ahead.a = down(coming, line, lines(count * tile_rows), line);
          else ahead.a = along(coming, a.row, tile_rows, count);
          ahead.due = all * (soon - top) / (bottom - top);
          for_panels(w, [&](Index j, Index width) {
            const Index used = std::min(width, registers(columns - j) * W),
                        apart = in_place ? b.row : registers(width) * W;
            if (used <= 0) return;
            const Scalar* const panel =
                in_place ? b.at(begin, c + j).data : panels.data() + j * d + (begin - p) * apart;
            Scalar* const y = out.row(i) + c + j;
            Part part{rows, panel, apart, count, nullptr, 0, &ahead};
            if (begin > first) part.start = y, part.start_stride = out.stride;
            else if (start.data != nullptr)
              part.start = start.row(i) + c + j, part.start_stride = start.stride;
            tiles(y, out.stride, h, used, part);
          });
        }
      }
    }
}

}}}  // namespace damla::DAMLA_ABI::detail
