#include "damla/nn/attention.hpp"

#include <fmt/format.h>

namespace damla { inline namespace DAMLA_ABI {

namespace detail {

void expect_batch(const char* call, const ConstMatrixRef& x, Index T,
                  std::span<const Index> lengths) {
  if (T < 1 || x.rows() % T != 0)
    throw Error(fmt::format("MultiHeadAttention::{}: x has {} rows, which is no multiple of T = {}",
                            call, x.rows(), T));
  if (!lengths.empty() && std::ssize(lengths) != x.rows() / T)
    throw Error(fmt::format("MultiHeadAttention::{}: there are {} lengths for {} sequences", call,
                            lengths.size(), x.rows() / T));
  for (const Index L : lengths)
    if (L < 1 || L > T)
      throw Error(fmt::format("MultiHeadAttention::{}: a length is {}, but needs to be 1 … {}",
                              call, L, T));
}

void expect_room(const ConstMatrixRef& x, const KeyValueCache& cache, Index channels, bool causal) {
  constexpr const char* call = "MultiHeadAttention::forward_next";
  require(causal,
          "MultiHeadAttention::forward_next: attention is not causal, so a new token would change "
          "the earlier ones, and no cache can keep them");
  const Index room = cache.keys.rows();
  expect_shape(call, "cache.keys", cache.keys, any, channels,
               "a cache is of one model's make_cache()");
  expect_shape(call, "cache.values", cache.values, room, cache.keys.cols(), "as the keys");
  expect_count(call, "cache.length", cache.length, 0, room);
  expect_count(call, "the rows of x", x.rows(), 1);
  if (x.rows() > room - cache.length)
    throw Error(
        fmt::format("{}: the cache is full: {} new tokens behind {}, but it has room for {}", call,
                    x.rows(), cache.length, room));
}

}  // namespace detail

void AttentionWeights::expect_latest(const char* call, const ConstMatrixRef& x, Index rows,
                                     Index T) const {
  expect_shape(call, "x", x, rows, any, "as at the latest forward");
  if (weights.cols() != T)
    throw Error(
        fmt::format("{}: T is {}, but was {} at the latest forward", call, T, weights.cols()));
}

}}  // namespace damla::DAMLA_ABI
