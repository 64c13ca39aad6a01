#pragma once

// What the lecture says that lesson 08 shows, in both languages, and the band in which each figure
// must lie. What the generator of the data knows the lesson asks the generator for.

#include "report/lesson.hpp"

namespace damla::claims {

inline const report::Claim temperature_spreads{
    .number = 16,
    .says = "a higher temperature spreads the choice: least gain of entropy per step of 0.5, 1, 2",
    .says_tr = "sıcaklık arttıkça seçim yayılır: 0,5 → 1 → 2 adımlarında en küçük entropi artışı",
    .low = 0.01,
    .unit = "nats / nat"};
inline const report::Claim cache_keeps_words{
    .number = 16,
    .says = "predict, append, repeat: words that are the same with and without the cache",
    .says_tr = "tahmin et, ekle, tekrarla: önbellekle ve önbelleksiz aynı olan kelimeler",
    .low = 100,
    .high = 100,
    .unit = "%"};
inline const report::Claim cache_keeps_logits{
    .number = 16,
    .says = "largest difference of a logit with and without the cache",
    .says_tr = "önbellekle ve önbelleksiz logit farkının en büyüğü",
    .high = 1e-4};

}  // namespace damla::claims
