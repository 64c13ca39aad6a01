#include "damla/train/train.hpp"

#include <fmt/format.h>

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

Share share_of(const TrainOptions& o) {
  const Share share = o.ranks != nullptr ? o.ranks->share() : Share{};
  if (o.batch % share.parts != 0)
    throw Error(fmt::format(
        "TrainOptions: batch is {}, but needs to be a multiple of {}, the number of ranks, so that "
        "each has as many sequences",
        o.batch, share.parts));
  return share;
}

}}}  // namespace damla::DAMLA_ABI::detail
