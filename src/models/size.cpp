#include "damla/models/size.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace damla { inline namespace DAMLA_ABI {

GptOptions named_size(std::string_view name) {
  if (name == "nano") return {.context = 64, .channels = 48, .heads = 3, .layers = 3};
  if (name == "tiny") return {.context = 128, .channels = 128, .heads = 4, .layers = 4};
  if (name == "small") return {.context = 256, .channels = 384, .heads = 6, .layers = 6};
  throw Error(fmt::format("named_size: \"{}\" is none of nano, tiny, small", name));
}

LlamaOptions named_llama_size(std::string_view name) {
  const GptOptions o = named_size(name);
  return {.context = o.context, .channels = o.channels, .heads = o.heads, .layers = o.layers};
}

ParameterCounts parameters_by_part(const LlamaOptions& given) {
  const LlamaOptions o = detail::filled(given);
  const Index C = o.channels, words = o.vocab_size * C, queries = o.heads * o.head_size,
              keys = o.key_value_heads * o.head_size;
  return {
      .token_embedding = words,
      .positions = 0,
      .attention = o.layers * (2 * C * (queries + keys) + (o.qkv_bias ? queries + 2 * keys : 0)),
      .feed_forward = o.layers * 3 * C * o.inner,
      .norms = o.layers * (2 * C + (o.qk_norm ? 2 * o.head_size : 0)) + C,
      .head = o.tied ? 0 : words};
}

Index parameter_count(const LlamaOptions& o) { return parameters_by_part(o).sum(); }

namespace {
/// In doubles: a token's numbers in a block's queries, keys, and inside SwiGLU.
struct Widths {
  double C, queries, keys, inner, L, V, T, heads;
  explicit Widths(const LlamaOptions& o)
      : C(static_cast<double>(o.channels)),
        queries(static_cast<double>(o.heads * o.head_size)),
        keys(static_cast<double>(o.key_value_heads * o.head_size)),
        inner(static_cast<double>(o.inner)),
        L(static_cast<double>(o.layers)),
        V(static_cast<double>(o.vocab_size)),
        T(static_cast<double>(o.context)),
        heads(static_cast<double>(o.heads)) {}
};
}  // namespace

double training_memory(const LlamaOptions& o, Index batch) {
  const Widths w(detail::filled(o));
  const double normed = o.qk_norm ? 2 * (w.queries + w.keys) : 0;
  const double of_a_block = 7 * w.C + 3 * w.queries + 5 * w.keys + normed + 3 * w.inner +
                            w.heads * kept_a_head(o.context);
  const double shared = 10 * w.C + 4 * w.queries + 3 * w.inner;
  return static_cast<double>(sizeof(Scalar)) *
         (4 * static_cast<double>(parameter_count(o)) +
          static_cast<double>(batch) * w.T * (w.L * of_a_block + shared + 2 * w.V + 6 * w.C));
}

double generation_memory(const LlamaOptions& o) {
  const Widths w(detail::filled(o));
  const double normed = o.qk_norm ? w.queries + w.keys : 0, latest = std::min(w.T, 64.0);
  // Of all tokens 2·G·d in the cache, and d sines and cosines; the rest of the latest ones.
  const double of_a_block =
      w.T * (2 * w.keys + w.queries / w.heads) +
      latest * (6 * w.C + 3 * w.queries + 3 * w.keys + normed + 3 * w.inner + w.heads * w.T);
  return static_cast<double>(sizeof(Scalar)) *
         (static_cast<double>(parameter_count(o)) + w.L * of_a_block + w.T * 2 * w.C + w.V);
}

}}  // namespace damla::DAMLA_ABI
