#include "damla/optim/adamw.hpp"

namespace damla { inline namespace DAMLA_ABI {

void AdamW::check(Scalar grad_scale) const {
  constexpr const char* call = "AdamW::step";
  const auto expect = [](const char* name, Scalar value, const Range& range) {
    expect_number(call, name, static_cast<double>(value), range);
  };
  expect("learning_rate", learning_rate, not_negative);
  expect("beta1", beta1, below_one);
  expect("beta2", beta2, below_one);
  expect("epsilon", epsilon, positive);
  expect("weight_decay", weight_decay, not_negative);
  expect("grad_scale", grad_scale, positive);
  expect_count(call, "share.parts", share.parts, 1);
  expect_count(call, "share.part", share.part, 0, share.parts - 1);
  expect_count(call, "steps", steps, 0, std::numeric_limits<Index>::max() - 1);
}

}}  // namespace damla::DAMLA_ABI
