#include "damla/nn/grouped_query_attention.hpp"

#include <fmt/format.h>

namespace damla { inline namespace DAMLA_ABI { namespace detail {

BlockOptions grouped(const BlockOptions& given) {
  constexpr const char* call = "GroupedQueryAttention";
  BlockOptions o = checked(given);
  require(o.causal, "GroupedQueryAttention: attention is always causal here");
  if (o.key_value_heads == 0) o.key_value_heads = o.heads;
  if (o.heads % o.key_value_heads != 0)
    throw Error(
        fmt::format("{}: heads is {}, but needs to be a multiple of key_value_heads, which "
                    "is {}",
                    call, o.heads, o.key_value_heads));
  if (o.head_size == 0 && o.channels % o.heads != 0)
    throw Error(
        fmt::format("{}: channels is {}, but needs to be a multiple of heads, which is {}, "
                    "where no head_size is given",
                    call, o.channels, o.heads));
  if (o.head_size == 0) o.head_size = o.channels / o.heads;
  if (o.head_size % 2 != 0)
    throw Error(
        fmt::format("{}: a head has {} numbers, but they turn in pairs: an even number is "
                    "needed",
                    call, o.head_size));
  return o;
}

void sum_groups(Matrix& sum, const Matrix& d, Index key_value_heads, Index head_size) {
  const Index heads = d.cols() / head_size, sharing = heads / key_value_heads;
  sum.setZero(d.rows(), key_value_heads * head_size);
  for (Index h = 0; h < heads; ++h)
    sum.middleCols(h / sharing * head_size, head_size) += d.middleCols(h * head_size, head_size);
}

void expect_cache(const ConstMatrixRef& x, const KeyValueCache& cache, Index width) {
  constexpr const char* call = "GroupedQueryAttention::forward_next";
  expect_count(call, "the rows of x", x.rows(), 1);
  if (cache.keys.size() > 0)
    expect_shape(call, "cache.keys", cache.keys, any, width,
                 "a cache is of one model's make_cache()");
  expect_shape(call, "cache.values", cache.values, cache.keys.rows(), cache.keys.cols(),
               "as the keys");
  expect_count(call, "cache.length", cache.length, 0, cache.keys.rows());
}

}}}  // namespace damla::DAMLA_ABI::detail
