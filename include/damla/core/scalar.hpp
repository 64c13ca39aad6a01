#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

/// The inline namespace that every name of the library lives in. It spells the precision and the alignment that Eigen
/// uses under the compiler's instruction flags, so that objects compiled differently fail to link instead of crashing.
#if defined(DAMLA_DOUBLE)
#define DAMLA_ABI_PRECISION f64
#else
#define DAMLA_ABI_PRECISION f32
#endif
#if defined(__AVX512F__)
#define DAMLA_ABI_ALIGNMENT a64
#elif defined(__AVX__)
#define DAMLA_ABI_ALIGNMENT a32
#else
#define DAMLA_ABI_ALIGNMENT a16
#endif
#define DAMLA_ABI_JOIN_(precision, alignment) precision##_##alignment
#define DAMLA_ABI_JOIN(precision, alignment) DAMLA_ABI_JOIN_(precision, alignment)
#define DAMLA_ABI DAMLA_ABI_JOIN(DAMLA_ABI_PRECISION, DAMLA_ABI_ALIGNMENT)

namespace damla::inline DAMLA_ABI {

/// The number type of every value, gradient and loss: float, or double when compiled with DAMLA_DOUBLE (the
/// `damla::damla_double` target), which is what gradient checks need.
#if defined(DAMLA_DOUBLE)
using Scalar = double;
#else
using Scalar = float;
#endif

/// Counts rows, columns, tokens and positions; signed, as in Eigen.
using Index = std::ptrdiff_t;

/// A token or class label: an index into a vocabulary.
using Token = std::int32_t;
/// A sequence of tokens, or of B sequences of T tokens one after the other: token `b*T + t`.
using Tokens = std::vector<Token>;
/// A read-only look at tokens that someone else owns.
using TokenSpan = std::span<const Token>;

}  // namespace damla::inline DAMLA_ABI
