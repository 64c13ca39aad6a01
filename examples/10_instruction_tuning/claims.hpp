#pragma once

// What the lecture says that lesson 10 shows, in both languages, and the band in which each figure
// must lie. What the generator of the data knows the lesson asks the generator for.

#include "report/lesson.hpp"

namespace damla::claims {

inline const report::Claim no_answer_before{
    .number = 19,
    .says = "before tuning it does not answer: right answers about people never asked about",
    .says_tr = "ince ayardan önce yanıt vermez: hiç sorulmamış kişiler hakkında doğru yanıtlar",
    .high = 10,
    .unit = "%"};
inline const report::Claim answers_from_pre_training{
    .number = 22,
    .says = "after tuning, asked with the same words: right answers about the same people",
    .says_tr = "ince ayardan sonra, aynı sözlerle sorulunca: aynı kişiler hakkında doğru yanıtlar",
    .low = 80,
    .unit = "%"};
inline const report::Claim name_before{.number = 19,
                                       .says = "“Adın ne?” before tuning: P(Benim)",
                                       .says_tr = "ince ayardan önce “Adın ne?”: P(Benim)",
                                       .high = 0.05};
inline const report::Claim name_after{
    .number = 19,
    .says = "“Adın ne?” after tuning gets “Benim adım …”: P(Benim)",
    .says_tr = "ince ayardan sonra “Adın ne?” sorusuna “Benim adım …”: P(Benim)",
    .low = 0.95};

}  // namespace damla::claims
