#pragma once

// What the lecture says that lesson 14 shows, in both languages, and the band in which each figure
// must lie. What the generator of the data knows the lesson asks the generator for.

#include "report/lesson.hpp"

namespace damla::claims {

inline const report::Claim step_by_step{
    .number = 30,
    .says = "thinking step by step: right about held-out teams",
    .says_tr = "adım adım düşününce: hiç sorulmamış takımlarda doğru",
    .low = 90,
    .high = 100,
    .unit = "%"};
/// One layer looks up once, and the answer needs two look-ups: it guesses one team of a hundred.
inline const report::Claim at_once{
    .number = 30,
    .says = "the same model asked at once: right about held-out teams",
    .says_tr = "aynı modele hemen sorunca: hiç sorulmamış takımlarda doğru",
    .low = 0,
    .high = 10,
    .unit = "%"};

}  // namespace damla::claims
