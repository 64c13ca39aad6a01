#include "damla/train/train.hpp"

namespace damla { inline namespace DAMLA_ABI { namespace detail {

void check(const TrainOptions& o) {
  constexpr const char* call = "TrainOptions";
  expect_count(call, "steps", o.steps, 1);
  expect_size(call, "batch", o.batch);
  expect_number(call, "learning_rate", o.learning_rate, not_negative);
  expect_number(call, "final_learning_rate", o.final_learning_rate, not_negative);
  expect_number(call, "weight_decay", o.weight_decay, not_negative);
  expect_count(call, "warmup", o.warmup, 0, o.steps, "no more than steps");
  expect_number(call, "clip_norm", o.clip_norm, norm_limit);
}

}}}  // namespace damla::DAMLA_ABI::detail
