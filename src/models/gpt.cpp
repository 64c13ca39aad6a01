#include "damla/models/gpt.hpp"

#include <fmt/format.h>

namespace damla { inline namespace DAMLA_ABI { namespace detail {

const GptOptions& checked(const GptOptions& o) {
  if (o.vocab_size < 1 || o.context < 1 || o.channels < 1 || o.heads < 1 || o.layers < 0)
    throw Error(fmt::format(
        "Gpt: vocab_size is {}, context {}, channels {}, heads {}, layers {}: each needs to be at "
        "least 1 (layers: 0)",
        o.vocab_size, o.context, o.channels, o.heads, o.layers));
  return o;
}

}}}  // namespace damla::DAMLA_ABI::detail
