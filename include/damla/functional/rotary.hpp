#pragma once

#include "damla/core/matrix.hpp"

namespace damla { inline namespace DAMLA_ABI { namespace functional {

/// Which two of a head's d numbers turn together.
enum class RotaryPairs {
  halves,     ///< i and i + d/2: Hugging Face's files of the Llama family
  neighbours  ///< 2i and 2i + 1: the paper, Meta's files, and GGUF's of Llama
};

/// Rotary positions (Su et al., 2021, eq. 34): each pair of numbers is a point in a plane, which
/// turns by the angle t·ωᵢ. A product of a query and a key then depends on how far apart they
/// stand, and on nothing else of their positions.
///
///     y_a = x_a · cos(t·ωᵢ) − x_b · sin(t·ωᵢ)
///     y_b = x_a · sin(t·ωᵢ) + x_b · cos(t·ωᵢ)
///
/// x and y are (T, heads·d), cosine and sine are (T, d/2). y may be x.
template <class T = StepScalar>
void rotate(Out<T> y, In<T> x, In<T> cosine, In<T> sine, RotaryPairs pairs) {
  const Index half = cosine.cols(), step = pairs == RotaryPairs::halves ? 1 : 2;
  for (Index t = 0; t < x.rows(); ++t)
    for (Index head = 0; head < x.cols(); head += 2 * half)
      for (Index i = 0; i < half; ++i) {
        const Index a = head + step * i, b = a + (step == 1 ? half : 1);
        const T xa = x(t, a), xb = x(t, b);
        y(t, a) = xa * cosine(t, i) - xb * sine(t, i);
        y(t, b) = xa * sine(t, i) + xb * cosine(t, i);
      }
}

/// Its gradient turns back:
///
///     dx_a =  dy_a · cos(t·ωᵢ) + dy_b · sin(t·ωᵢ)
///     dx_b = −dy_a · sin(t·ωᵢ) + dy_b · cos(t·ωᵢ)
///
/// dx may be dy.
template <class T = StepScalar>
void rotate_backward(Out<T> dx, In<T> cosine, In<T> sine, In<T> dy, RotaryPairs pairs) {
  const Index half = cosine.cols(), step = pairs == RotaryPairs::halves ? 1 : 2;
  for (Index t = 0; t < dy.rows(); ++t)
    for (Index head = 0; head < dy.cols(); head += 2 * half)
      for (Index i = 0; i < half; ++i) {
        const Index a = head + step * i, b = a + (step == 1 ? half : 1);
        const T da = dy(t, a), db = dy(t, b);
        dx(t, a) = da * cosine(t, i) + db * sine(t, i);
        dx(t, b) = db * cosine(t, i) - da * sine(t, i);
      }
}

}}}  // namespace damla::DAMLA_ABI::functional

#include "damla/functional/compiled.hpp"
