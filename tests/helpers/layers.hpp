#pragma once

#include <string>

#include "damla/nn/activation.hpp"
#include "damla/nn/attention.hpp"
#include "damla/nn/dropout.hpp"
#include "damla/nn/feed_forward.hpp"
#include "damla/nn/grouped_query_attention.hpp"
#include "damla/nn/layer_norm.hpp"
#include "damla/nn/linear.hpp"
#include "damla/nn/lora_linear.hpp"
#include "damla/nn/rms_norm.hpp"
#include "damla/nn/sequential.hpp"
#include "damla/nn/swiglu.hpp"
#include "damla/nn/transformer_block.hpp"
#include "helpers/catch.hpp"
#include "helpers/random_data.hpp"

namespace damla {

/// A layer that looks along the sequence, with T (and lengths) fixed: so that every layer has
/// forward(x), backward(x, dy).
template <class Layer>
struct AlongSequence {
  Layer layer;
  Index T;
  std::vector<Index> lengths{};
  static constexpr bool pads = requires(Layer l, const Matrix& x, std::span<const Index> n) {
    l.forward(x, Index(1), n);
  };

  const Matrix& forward(const ConstMatrixRef& x) {
    if constexpr (pads)
      if (!lengths.empty()) return layer.forward(x, T, padding());
    return layer.forward(x, T);
  }
  const Matrix& backward(const ConstMatrixRef& x, const ConstMatrixRef& dy) {
    if constexpr (pads)
      if (!lengths.empty()) return layer.backward(x, dy, T, padding());
    return layer.backward(x, dy, T);
  }
  std::span<const Index> padding() const { return lengths; }
  void visit_parameters(auto&& visit) { layer.visit_parameters(visit); }
};

/// Dropout with the same mask at each forward.
struct FixedDropout : Dropout {
  using Dropout::Dropout;
  const Matrix& forward(const ConstMatrixRef& x) {
    random = Random(7);
    return Dropout::forward(x);
  }
};

/// The same with matrices of rank 2, which add something, since B is no longer 0.
inline LoraLinear adapted(Linear base, Random& random) {
  LoraLinear layer(std::move(base), 2, 3, random);
  random.fill_normal(layer.B.value, 0.5);
  return layer;
}

/// Calls test(name, layer, rows, columns of x) with every layer that takes a matrix, in several
/// shapes.
void for_each_layer(auto&& test) {
  Random random(11);
  for (const Index N : {1, 6}) {
    test("Linear", Linear(5, 3, random), N, 5);
    test("Linear without bias", Linear(5, 3, random, false), N, 5);
    test("LoraLinear", adapted(Linear(5, 3, random), random), N, 5);
    test("LoraLinear without bias", adapted(Linear(5, 3, random, false), random), N, 5);
    test("LayerNorm", LayerNorm(6), N, 6);
    test("RmsNorm", RmsNorm(6), N, 6);
    test("Relu", Relu(), N, 4);
    test("Tanh", Tanh(), N, 4);
    test("Sigmoid", Sigmoid(), N, 4);
    test("Gelu", Gelu(), N, 4);
    test("ExactGelu", ExactGelu(), N, 4);
    test("Identity", Identity(), N, 4);
    test("Dropout", FixedDropout(Scalar(0.4), Random(3)), N, 4);
    test("Sequential", Sequential(Linear(4, 7, random), Tanh(), Linear(7, 2, random)), N, 4);
  }
  BlockOptions options{.channels = 6, .heads = 3};
  options.init_std = options.projection_std = 0.4;
  BlockOptions open = options;
  open.causal = false;
  BlockOptions multi_query = options, grouped = options;
  multi_query.key_value_heads = 1;
  grouped.heads = 4, grouped.key_value_heads = 2, grouped.head_size = 6, grouped.inner = 5;
  grouped.qkv_bias = grouped.qk_norm = true;
  grouped.rotary = {.theta = 20,
                    .scaling = RotaryScaling{.original_context = 16},
                    .pairs = functional::RotaryPairs::neighbours};
  struct Shape {
    Index B, T;
  };
  for (const auto [B, T] : {Shape{1, 1}, Shape{3, 1}, Shape{1, 5}, Shape{2, 4}}) {
    test("FeedForward", FeedForward<>(options, random), B * T, 6);
    test("FeedForward with Relu", FeedForward<Relu>(options, random), B * T, 6);
    test("MultiHeadAttention, causal", AlongSequence<MultiHeadAttention>{{options, random}, T},
         B * T, 6);
    test("MultiHeadAttention, open", AlongSequence<MultiHeadAttention>{{open, random}, T}, B * T,
         6);
    std::vector<Index> lengths;
    for (Index b = 0; b < B; ++b) lengths.push_back(b % 2 == 0 ? (T + 1) / 2 : T);
    test("MultiHeadAttention, padded",
         AlongSequence<MultiHeadAttention>{{open, random}, T, lengths}, B * T, 6);
    test("SwiGlu", SwiGlu<>(grouped, random), B * T, 6);
    test("GroupedQueryAttention of as many heads",
         AlongSequence<GroupedQueryAttention<>>{{options, random}, T}, B * T, 6);
    test("GroupedQueryAttention of one head of keys",
         AlongSequence<GroupedQueryAttention<>>{{multi_query, random}, T}, B * T, 6);
    test("GroupedQueryAttention with bias, norms and scaling",
         AlongSequence<GroupedQueryAttention<>>{{grouped, random}, T}, B * T, 6);
    AlongSequence<TransformerBlock<BasicMultiHeadAttention<LoraLinear>, LayerNorm,
                                   FeedForward<Gelu, LoraLinear>>>
        lora{{options, random}, T};
    for (LoraLinear* layer : {&lora.layer.attention.qkv, &lora.layer.attention.projection,
                              &lora.layer.feed_forward.up, &lora.layer.feed_forward.down})
      *layer = adapted(*layer, random);
    test("TransformerBlock with LoraLinear", lora, B * T, 6);
    AlongSequence<TransformerBlock<GroupedQueryAttention<LoraLinear>, RmsNorm, SwiGlu<LoraLinear>>>
        llama_lora{{grouped, random}, T};
    for (LoraLinear* layer :
         {&llama_lora.layer.attention.queries, &llama_lora.layer.attention.keys,
          &llama_lora.layer.attention.values, &llama_lora.layer.attention.projection,
          &llama_lora.layer.feed_forward.gate, &llama_lora.layer.feed_forward.down})
      *layer = adapted(*layer, random);
    test("Llama's block with LoraLinear", llama_lora, B * T, 6);
    test("TransformerBlock", AlongSequence<TransformerBlock<>>{{options, random}, T}, B * T, 6);
    using Modern = TransformerBlock<MultiHeadAttention, RmsNorm, FeedForward<Relu>>;
    test("TransformerBlock with RmsNorm and Relu", AlongSequence<Modern>{{options, random}, T},
         B * T, 6);
    using Llamas = TransformerBlock<GroupedQueryAttention<>, RmsNorm, SwiGlu<>>;
    test("TransformerBlock of the Llama family", AlongSequence<Llamas>{{grouped, random}, T}, B * T,
         6);
  }
}

}  // namespace damla
