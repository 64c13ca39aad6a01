#include "damla/models/transformer.hpp"

#include <fmt/format.h>

namespace damla { inline namespace DAMLA_ABI { namespace detail {

const TransformerOptions& checked(const TransformerOptions& o) {
  constexpr const char* call = "Transformer";
  expect_size(call, "vocab_size", o.vocab_size);
  expect_size(call, "context", o.context);
  expect_count(call, "layers", o.layers, 0, 10000);
  expect_number(call, "embedding_std", o.embedding_std, a_deviation);
  expect_number(call, "position_std", o.position_std, a_deviation);
  checked(o.block);
  return o;
}

void expect_sequences(const char* call, TokenSpan tokens, Index T) {
  if (tokens.empty()) throw Error(fmt::format("{}: there are no tokens", call));
  if (T < 1 || std::ssize(tokens) % T != 0)
    throw Error(fmt::format("{}: there are {} tokens, which is no multiple of T = {}", call,
                            tokens.size(), T));
}

void throw_other_batch(const char* call, Index tokens, Index T, Index latest_tokens,
                       Index latest_T) {
  if (latest_T == 0)
    throw Error(
        fmt::format("{}: there was no forward before it, whose gradient it could be", call));
  throw Error(fmt::format("{}: it got {} tokens with T = {}, but the latest forward {} with T = {}",
                          call, tokens, T, latest_tokens, latest_T));
}

void expect_layers(const char* call, const TransformerCache& cache, std::size_t layers) {
  if (cache.layers.size() != layers)
    throw Error(fmt::format(
        "{}: the cache has {} layers, but the model has {}: start with the model's make_cache()",
        call, cache.layers.size(), layers));
  for (const KeyValueCache& layer : cache.layers)
    expect_count(call, "a layer's length in the cache", layer.length, cache.length(),
                 cache.length(), "as the first layer's");
}

void grow_rows(Parameter& p, Index rows) {
  Matrix grown = p.value.colwise().mean().replicate(rows, 1);
  grown.topRows(p.value.rows()) = p.value;
  p = Parameter(rows, grown.cols());
  p.value = grown;
}

}}}  // namespace damla::DAMLA_ABI::detail
