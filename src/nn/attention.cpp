#include "damla/nn/attention.hpp"

#include <fmt/format.h>

namespace damla { inline namespace DAMLA_ABI {

void MultiHeadAttention::expect_batch(const char* call, const ConstMatrixRef& x, Index T,
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

}}  // namespace damla::DAMLA_ABI
