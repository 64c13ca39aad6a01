#pragma once

// What lesson 06 shows, in both languages, and the band in which each figure must lie.

#include "report/lesson.hpp"

namespace damla::claims {

inline const report::Claim whole_learns{
    .number = 10,
    .says = "the whole GPT: loss a word above the best possible",
    .says_tr = "bütün GPT: olabilecek en iyinin üstündeki kayıp, kelime başına",
    .high = 0.05,
    .unit = "nats / nat",
    .truth = 0};
inline const report::Claim positions_cost{.number = 10,
                                          .says = "without positions: what it costs",
                                          .says_tr = "konumlar olmadan: bedeli",
                                          .low = 0.15,
                                          .unit = "nats / nat"};
inline const report::Claim sums_cost{.number = 10,
                                     .says = "without residual sums: what it costs",
                                     .says_tr = "artık toplamlar olmadan: bedeli",
                                     .low = 0.3,
                                     .unit = "nats / nat"};
/// With larger first weights, such as .init_std = 0.3, norms cost nothing here.
inline const report::Claim norms_cost{.number = 10,
                                      .says = "without norms: what it costs",
                                      .says_tr = "normlar olmadan: bedeli",
                                      .low = 0.1,
                                      .unit = "nats / nat"};
inline const report::Claim feed_forward_cost{.number = 10,
                                             .says = "without feed-forward: what it costs",
                                             .says_tr = "ileri besleme olmadan: bedeli",
                                             .low = 0.06,
                                             .unit = "nats / nat"};
inline const report::Claim parameters_of_gpt2{
    .number = 11,
    .says = "neurons and parameters: those of GPT-2 small",
    .says_tr = "nöronlar ve parametreler: GPT-2 small'un parametreleri",
    .low = 124'439'808,
    .high = 124'439'808};

}  // namespace damla::claims
