#pragma once

// What the lecture says that lesson 05 shows, in both languages, and the band in which each figure
// must lie. What the generator of the data knows the lesson asks the generator for.

#include "report/lesson.hpp"

namespace damla::claims {

inline const report::Claim verb_agrees{
    .number = 10,
    .says = "the verb agrees with words further back: right last words",
    .says_tr = "fiil, gerideki kelimelerle uyuşur: doğru son kelimeler",
    .low = 99,
    .unit = "%"};
inline const report::Claim head_for_previous_word{
    .number = 10,
    .says = "a head looks at the previous word: its weight there",
    .says_tr = "bir kafa bir önceki kelimeye bakar: oradaki ağırlığı",
    .low = 0.5};
inline const report::Claim head_for_subject{.number = 10,
                                            .says = "a head looks at the subject: its weight there",
                                            .says_tr = "bir kafa özneye bakar: oradaki ağırlığı",
                                            .low = 0.5};
inline const report::Claim nobody_looks_ahead{
    .number = 16,
    .says = "nobody looks ahead: the largest weight on a later word",
    .says_tr = "kimse ileriye bakmaz: sonraki bir kelimedeki en büyük ağırlık",
    .low = 0,
    .high = 0};
inline const report::Claim parameters_of_gpt2{
    .number = 11,
    .says = "neurons and parameters: those of GPT-2 small",
    .says_tr = "nöronlar ve parametreler: GPT-2 small'un parametreleri",
    .low = 124'439'808,
    .high = 124'439'808};

}  // namespace damla::claims
