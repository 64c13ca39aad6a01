#pragma once

// The processor's vector registers, under Eigen's names for them; and WebAssembly's, which
// Eigen 3.4 does not know, under the same names.
#include <Eigen/Core>

#ifdef __wasm_simd128__
#include <cstring>
#include <type_traits>
#endif

#include "damla/core/scalar.hpp"

namespace damla { inline namespace DAMLA_ABI { namespace detail {

#ifndef __wasm_simd128__
namespace packets {
using namespace ::Eigen::internal;
constexpr bool can_fetch = true;  // memory into a cache, ahead of its use
}  // namespace packets
#else
namespace packets {
template <class T>
struct packet_traits {
  static constexpr int size = 16 / sizeof(T);
  typedef T type __attribute__((vector_size(16)));
};
template <class Packet>
Packet ploadu(const void* from) {
  Packet packet;
  std::memcpy(&packet, from, sizeof packet);
  return packet;
}
template <class Packet>
void pstoreu(void* to, Packet packet) {
  std::memcpy(to, &packet, sizeof packet);
}
template <class Packet>
using Lane = std::remove_cvref_t<decltype(Packet{}[0])>;
template <class Packet>
Packet pset1(Lane<Packet> number) {
  return number - Packet{};
}
template <class Packet>
Packet padd(Packet a, Packet b) {
  return a + b;
}
template <class Packet>
Packet pmadd(Packet a, Packet b, Packet c) {
  return a * b + c;
}
template <class Packet>
Lane<Packet> predux(Packet a) {
  Lane<Packet> sum = a[0];
  for (int i = 1; i < static_cast<int>(sizeof a / sizeof sum); ++i) sum += a[i];
  return sum;
}
template <class Packet, int n>
struct PacketBlock {
  Packet packet[n];
};
template <class Packet, int n>
void ptranspose(PacketBlock<Packet, n>& square) {
  static_assert(n == 4);
  const auto [a, b, c, d] = square.packet;
  const Packet ab = __builtin_shufflevector(a, b, 0, 4, 1, 5),
               cd = __builtin_shufflevector(c, d, 0, 4, 1, 5);
  const Packet AB = __builtin_shufflevector(a, b, 2, 6, 3, 7),
               CD = __builtin_shufflevector(c, d, 2, 6, 3, 7);
  square.packet[0] = __builtin_shufflevector(ab, cd, 0, 1, 4, 5);
  square.packet[1] = __builtin_shufflevector(ab, cd, 2, 3, 6, 7);
  square.packet[2] = __builtin_shufflevector(AB, CD, 0, 1, 4, 5);
  square.packet[3] = __builtin_shufflevector(AB, CD, 2, 3, 6, 7);
}
constexpr bool can_fetch = false;
inline void prefetch(const void*) {}
}  // namespace packets
#endif

/// Each of n numbers x becomes exp((x − shift)·scale).
#ifndef __wasm_simd128__
inline void exponentials(Scalar* x, Index n, Scalar shift, Scalar scale) {
  Eigen::Map<Eigen::Array<Scalar, 1, Eigen::Dynamic>> all(x, n);
  all = ((all - shift) * scale).exp();
}
#else
/// exp(x), so that the compiler makes it for four numbers at a time: 2ᵏ times a polynomial of what
/// is left (S. L. Moshier, Cephes: expf). 1.5·2²³ more leaves whole numbers, the last bits of which
/// are k.
EIGEN_STRONG_INLINE float exponential(float x) {
  x = x < -87.3f ? -87.3f : x > 88.3f ? 88.3f : x;
  const float whole = x * 1.44269504f + 12582912, k = whole - 12582912;
  x = x - k * 0.693359375f + k * 2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * x + 1.3981999507e-3f;
  p = p * x + 8.3334519073e-3f;
  p = p * x + 4.1665795894e-2f;
  p = p * x + 1.6666665459e-1f;
  p = p * x + 5.0000001201e-1f;
  p = p * x * x + x + 1;
  return p * __builtin_bit_cast(float, (__builtin_bit_cast(int, whole) + 127) << 23);
}
// Not inlined: among other loops the compiler does not vectorise this one.
EIGEN_DONT_INLINE inline void exponentials(float* x, Index n, float shift, float scale) {
#pragma omp simd
  for (Index i = 0; i < n; ++i) x[i] = exponential((x[i] - shift) * scale);
}
#endif

}}}  // namespace damla::DAMLA_ABI::detail
