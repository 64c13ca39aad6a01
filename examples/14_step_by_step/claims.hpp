#pragma once

// What the lecture says that lesson 14 shows, in both languages, and the band in which each figure
// must lie. What the generator of the data knows the lesson asks the generator for.

#include "report/lesson.hpp"

namespace damla::claims {

inline const report::Claim step_by_step{
    .number = 30,
    .says = "thinking step by step: right about held-out teams",
    .says_tr = "adım adım düşününce: hiç sorulmamış takımlarda doğru",
    .low = 75,
    .high = 100,
    .unit = "%"};
inline const report::Claim ahead{
    .number = 30,
    .says = "the same model: step by step minus at once, held-out teams",
    .says_tr = "aynı model: adım adım eksi hemen, hiç sorulmamış takımlarda",
    .low = 20,
    .high = 100,
    .unit = "points"};

}  // namespace damla::claims
