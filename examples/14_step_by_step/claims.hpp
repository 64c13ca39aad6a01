#pragma once

// What the lecture says that lesson 14 shows, in both languages, and the band in which each figure
// must lie. What the generator of the data knows the lesson asks the generator for.

#include "report/lesson.hpp"

namespace damla::claims {

inline const report::Claim at_once{
    .number = 30,
    .says = "asked for the answer at once, and taught so: right about held-out teams",
    .says_tr = "yanıt hemen istenir ve öyle öğretilirse: hiç sorulmamış takımlarda doğru",
    .high = 15,
    .unit = "%"};
inline const report::Claim step_by_step{
    .number = 30,
    .says = "thinking step by step: right about held-out teams",
    .says_tr = "adım adım düşününce: hiç sorulmamış takımlarda doğru",
    .low = 75,
    .unit = "%"};

}  // namespace damla::claims
