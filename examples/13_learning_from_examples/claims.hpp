#pragma once

// What the lecture says that lesson 13 shows, in both languages, and the band in which each figure
// must lie. What the generator of the data knows the lesson asks the generator for.

#include "report/lesson.hpp"

namespace damla::claims {

inline const report::Claim zero_shot{
    .number = 27,
    .says = "zero-shot: instructions with categories that they were never seen with",
    .says_tr = "sıfır örnekle: hiç birlikte görülmedikleri kategorilerle talimatlar",
    .low = 85,
    .high = 100,
    .unit = "%"};
/// Without a band: ten questions are too few, and their answers change with the seed.
inline const report::Claim zero_shot_proverbs{
    .number = 27,
    .says = "zero-shot: proverbs with an instruction that they were never seen with",
    .says_tr = "sıfır örnekle: hiç birlikte görülmedikleri bir talimatla atasözleri",
    .unit = "%"};
inline const report::Claim few_shot{.number = 28,
                                    .says = "few-shot: the currency after three examples",
                                    .says_tr = "birkaç örnekle: üç örnekten sonra para birimi",
                                    .low = 85,
                                    .high = 100,
                                    .unit = "%"};
inline const report::Claim one_layer_cannot{
    .number = 28,
    .says = "one layer cannot: the currency after three examples",
    .says_tr = "tek katman yapamaz: üç örnekten sonra para birimi",
    .low = 0,
    .high = 40,
    .unit = "%"};
inline const report::Claim keep_the_format{
    .number = 29,
    .says = "keep the format: points lost when the examples' order is scrambled",
    .says_tr = "biçimi koru: örneklerin sırası karışınca kaybedilen puan",
    .low = 10,
    .high = 100,
    .unit = "%"};

}  // namespace damla::claims
