#include "damla/nn/layer.hpp"

namespace damla { inline namespace DAMLA_ABI { namespace detail {

const BlockOptions& checked(const BlockOptions& o) {
  constexpr const char* call = "BlockOptions";
  expect_size(call, "channels", o.channels);
  expect_size(call, "heads", o.heads);
  expect_number(call, "dropout", static_cast<double>(o.dropout), below_one);
  Range over_0 = a_deviation;  // equal weights would learn equal things
  over_0.with_low = false;
  expect_number(call, "init_std", o.init_std, over_0);
  expect_number(call, "projection_std", o.projection_std, over_0);
  expect_number(call, "epsilon", o.epsilon, positive);
  expect_count(call, "key_value_heads", o.key_value_heads, 0, o.heads);
  expect_count(call, "head_size", o.head_size, 0, largest_size);
  expect_count(call, "inner", o.inner, 0, largest_size);
  checked(o.rotary);
  return o;
}

}}}  // namespace damla::DAMLA_ABI::detail
