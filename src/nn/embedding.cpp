#include "damla/nn/embedding.hpp"

#include <fmt/format.h>

namespace damla { inline namespace DAMLA_ABI {

void Embedding::refuse(const char* call, Index n, Token token) const {
  throw Error(fmt::format(
      "Embedding::{}: token {} is {}, but the table has {} rows (was the text encoded with the "
      "tokenizer that the model was built for?)",
      call, n, token, weight.value.rows()));
}

}}  // namespace damla::DAMLA_ABI
