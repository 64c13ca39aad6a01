#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

// NaN and infinity would pass for ordinary numbers, in the library's inline functions too.
#if defined(__FAST_MATH__) || (defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__) || \
    defined(_M_FP_FAST)
#error "damla needs NaN and infinity: compile without -ffast-math, -Ofast and -ffinite-math-only"
#endif

/// The inline namespace that every name of the library lives in. It spells the precision, the
/// alignment that Eigen uses under the compiler's instruction flags, and whether formulas are
/// compiled where they are called (`step`), so that objects compiled differently fail to link
/// instead of crashing.
#if defined(DAMLA_DOUBLE)
#define DAMLA_ABI_PRECISION f64
#else
#define DAMLA_ABI_PRECISION f32
#endif
#if defined(__AVX512F__)
#define DAMLA_ABI_BYTES 64
#define DAMLA_ABI_ALIGNMENT a64
#elif defined(__AVX__)
#define DAMLA_ABI_BYTES 32
#define DAMLA_ABI_ALIGNMENT a32
#else
#define DAMLA_ABI_BYTES 16
#define DAMLA_ABI_ALIGNMENT a16
#endif
#if defined(DAMLA_STEP)
#define DAMLA_ABI_FORMULAS _step
#else
#define DAMLA_ABI_FORMULAS
#endif
#define DAMLA_ABI_JOIN_(precision, alignment, formulas) precision##_##alignment##formulas
#define DAMLA_ABI_JOIN(precision, alignment, formulas) \
  DAMLA_ABI_JOIN_(precision, alignment, formulas)
#define DAMLA_ABI DAMLA_ABI_JOIN(DAMLA_ABI_PRECISION, DAMLA_ABI_ALIGNMENT, DAMLA_ABI_FORMULAS)

namespace damla { inline namespace DAMLA_ABI {

#if defined(__GNUC__)
/// Every object that includes damla asks the linker for this name, which the library has for its
/// own flags alone: where it is "undefined", the name says why all the others are.
void compile_this_program_with_the_flags_and_the_precision_of_the_library();
namespace detail {
[[gnu::used]] static void (*const same_flags)() =
    compile_this_program_with_the_flags_and_the_precision_of_the_library;
}
#endif

/// The number type of every value, gradient and loss: float, or double when compiled with
/// DAMLA_DOUBLE (the `damla::damla_double` target), which is what gradient checks need.
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

/// A target that does not count: padding, or the question in front of an answer (PyTorch's
/// ignore_index).
inline constexpr Token ignored = -100;

}}  // namespace damla::DAMLA_ABI
