#include "damla/models/gpt.hpp"

namespace damla { inline namespace DAMLA_ABI { namespace detail {

const GptOptions& checked(const GptOptions& o) {
  constexpr const char* call = "Gpt";
  expect_size(call, "vocab_size", o.vocab_size);
  expect_size(call, "context", o.context);
  expect_size(call, "channels", o.channels);
  expect_size(call, "heads", o.heads);
  expect_count(call, "layers", o.layers, 0, 10000);
  expect_number(call, "dropout", static_cast<double>(o.dropout), below_one);
  Range over_0 = a_deviation;  // equal weights would learn equal things
  over_0.with_low = false;
  expect_number(call, "init_std", o.init_std, over_0);
  return o;
}

}}}  // namespace damla::DAMLA_ABI::detail
