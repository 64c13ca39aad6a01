#pragma once

#include <concepts>

#include "damla/core/parameter.hpp"
#include "damla/core/random.hpp"
#include "damla/nn/rotary.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// What a layer is, and a student's own has to be: `forward(x)` and `backward(x, dy)` return
/// matrices that the layer owns, and `visit_parameters(visit)` names what is learned. The library's
/// layers throw Error when x or dy lies in what the call overwrites, as in
/// `relu.forward(relu.y.bottomRows(1))`.
template <class L>
concept Layer = requires(L layer, const Matrix& x) {
  { layer.forward(x) } -> std::convertible_to<const Matrix&>;
  { layer.backward(x, x) } -> std::convertible_to<const Matrix&>;
  layer.visit_parameters(detail::AnyVisitor{});
};

/// `y` is what the latest forward returned: asked of a layer whose result the next one's backward
/// needs.
template <class L>
concept KeepsResult = requires(L layer) {
  { layer.y } -> std::convertible_to<const Matrix&>;
};

/// Swaps the memory of two equal layers' gradients: what only their backwards write and read. A
/// layer with more of it than dx, or with parts, says so by a function of this name.
template <class L>
void swap_gradients(L& a, L& b) {
  if constexpr (requires { a.swap_gradients(b); }) a.swap_gradients(b);
  else if constexpr (requires { a.dx.swap(b.dx); }) a.dx.swap(b.dx);
}

/// What can take the place of Gelu: a layer that is built as `A()`. One that has
/// `backward_in_place(x, dy)`, as Gelu does, is asked to turn dy into dx: a matrix less.
template <class A>
concept ActivationLayer = Layer<A> && KeepsResult<A> && std::default_initializable<A>;

/// What can take the place of LayerNorm: a layer that is built as `N(channels)`.
template <class N>
concept NormLayer = Layer<N> && KeepsResult<N> && std::constructible_from<N, Index>;

/// What the parts of a transformer block are built from.
struct BlockOptions {
  Index channels = 64;
  Index heads = 4;
  bool causal = true;      ///< a token sees only itself and those before it
  Scalar dropout = 0;      ///< on what each half of a block adds to the stream
  double init_std = 0.02;  ///< standard deviation of the initial weights (GPT-2)
  double projection_std =
      0.02;  ///< of those that write to the stream: GPT-2 divides by √(2·layers)
  // Of RmsNorm, GroupedQueryAttention and SwiGlu; GPT-2's layers have no use for them.
  double epsilon = 1e-5;      ///< of the norms
  Index key_value_heads = 0;  ///< G, a divisor of the heads; 0: as many as those
  Index head_size = 0;        ///< d, an even number; 0: channels/heads
  Index inner = 0;            ///< of SwiGlu; 0: 8/3 of the channels, rounded up to a multiple of 32
  bool qkv_bias = false;      ///< queries, keys and values have a bias (Qwen2)
  bool qk_norm = false;       ///< each head's queries and keys are normed (Qwen3)
  RotaryOptions rotary{};
};

namespace detail {
/// Throws Error for an option that is out of its range.
const BlockOptions& checked(const BlockOptions& o);

template <class N>
N norm_of(const BlockOptions& o) {
  if constexpr (std::constructible_from<N, Index, double>) return N(o.channels, o.epsilon);
  else return N(o.channels);
}
}  // namespace detail

/// What can take the place of FeedForward: a layer that is built as `F(BlockOptions, Random&)`.
template <class F>
concept FeedForwardLayer = Layer<F> && std::constructible_from<F, const BlockOptions&, Random&>;

/// What can take the place of MultiHeadAttention: `A(BlockOptions, Random&)`, `forward(x, T)`,
/// `backward(x, dy, T)`, `visit_parameters(visit)`.
template <class A>
concept AttentionLayer = requires(A a, const Matrix& x, Index T, const BlockOptions& options,
                                  Random& random) {
  A(options, random);
  { a.forward(x, T) } -> std::convertible_to<const Matrix&>;
  { a.backward(x, x, T) } -> std::convertible_to<const Matrix&>;
  a.visit_parameters(detail::AnyVisitor{});
};

/// What can be a block of a transformer: the same as an attention layer, and `y`, what the latest
/// forward returned.
template <class B>
concept BlockLayer = AttentionLayer<B> && KeepsResult<B>;

}}  // namespace damla::DAMLA_ABI
