#include "damla/models/llama.hpp"

namespace damla { inline namespace DAMLA_ABI { namespace detail {

LlamaOptions filled(LlamaOptions o) {
  constexpr const char* call = "Llama";
  expect_size(call, "vocab_size", o.vocab_size);
  expect_size(call, "context", o.context);
  expect_count(call, "layers", o.layers, 0, 10000);
  const BlockOptions block = grouped(trunk(o).block);
  o.key_value_heads = block.key_value_heads, o.head_size = block.head_size;
  o.inner = inner_of(block);
  return o;
}

TransformerOptions trunk(const LlamaOptions& o) {
  TransformerOptions t{.vocab_size = o.vocab_size, .context = o.context, .layers = o.layers};
  t.block = {.channels = o.channels,
             .heads = o.heads,
             .init_std = o.init_std,
             .epsilon = o.epsilon,
             .key_value_heads = o.key_value_heads,
             .head_size = o.head_size,
             .inner = o.inner,
             .qkv_bias = o.qkv_bias,
             .qk_norm = o.qk_norm,
             .rotary = o.rotary};
  // As in Gpt: what writes to the stream less in a deep model, the head less in a wide one.
  t.block.projection_std =
      o.init_std / std::sqrt(2.0 * static_cast<double>(std::max<Index>(1, o.layers)));
  t.embedding_std = std::min(o.init_std, 0.4 / std::sqrt(static_cast<double>(o.channels)));
  return t;
}

}}}  // namespace damla::DAMLA_ABI::detail
