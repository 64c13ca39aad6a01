#pragma once

// What the lecture says that lesson 05 shows, in both languages, and the band in which each figure
// must lie. Bands of shares are four standard errors around what the data allows.

#include "report/lesson.hpp"

namespace damla::claims {

inline const report::Claim one_head_by_hand{
    .number = 10,
    .says = "one head by hand: \"yedi\" learns whose it was",
    .says_tr = "elle bir kafa: \"yedi\", kiminki olduğunu öğrenir",
    .low = 0.73,
    .high = 0.74};

inline const report::Claim irony_transformer{.number = 10,
                                             .says = "irony (XOR): transformer",
                                             .says_tr = "ironi (XOR): transformer",
                                             .low = 90,
                                             .high = 100,
                                             .unit = "%"};
inline const report::Claim order_transformer{.number = 10,
                                             .says = "the same words in another order: transformer",
                                             .says_tr = "aynı kelimeler başka sırada: transformer",
                                             .low = 90,
                                             .high = 100,
                                             .unit = "%"};
inline const report::Claim mlp_beats_line{
    .number = 1,
    .says = "one task, three kinds of model: MLP minus logistic regression",
    .says_tr = "tek görev, üç tür model: MLP eksi lojistik regresyon",
    .low = 5,
    .high = 100,
    .unit = "points / puan"};
inline const report::Claim transformer_beats_mlp{
    .number = 1,
    .says = "one task, three kinds of model: transformer minus MLP",
    .says_tr = "tek görev, üç tür model: transformer eksi MLP",
    .low = 5,
    .high = 100,
    .unit = "points / puan"};

inline const report::Claim verb_agrees{
    .number = 10,
    .says = "the verb agrees with words further back: right last words",
    .says_tr = "fiil, gerideki kelimelere uyar: doğru son kelimeler",
    .low = 99,
    .high = 100,
    .unit = "%"};
inline const report::Claim subject_covered{.number = 10,
                                           .says = "the subject covered: right last words",
                                           .says_tr = "özne örtülünce: doğru son kelimeler",
                                           .low = 11.9,
                                           .high = 21.4,
                                           .unit = "%",
                                           .truth = 100.0 / 6};
inline const report::Claim place_covered{.number = 10,
                                         .says = "the place covered: right last words",
                                         .says_tr = "yer örtülünce: doğru son kelimeler",
                                         .low = 27.3,
                                         .high = 39.3,
                                         .unit = "%",
                                         .truth = 100.0 / 3};
inline const report::Claim time_covered{.number = 10,
                                        .says = "the time covered: right last words",
                                        .says_tr = "zaman örtülünce: doğru son kelimeler",
                                        .low = 99,
                                        .high = 100,
                                        .unit = "%",
                                        .truth = 100};
inline const report::Claim nobody_looks_ahead{
    .number = 16,
    .says = "nobody looks ahead: the largest weight on a later word",
    .says_tr = "kimse ileriye bakmaz: sonraki bir kelimedeki en büyük ağırlık",
    .low = 0,
    .high = 0};

inline const report::Claim yuz_in_context{
    .number = 7,
    .says = "\"yüz\" in new places: its vector after attention is nearest to its own sense",
    .says_tr = "yeni yerlerde \"yüz\": dikkatten sonraki vektörü kendi anlamına en yakın",
    .low = 90,
    .high = 100,
    .unit = "%"};
inline const report::Claim yuz_alone{
    .number = 7,
    .says = "\"yüz\" in new places: its embedding alone is nearest to its own sense",
    .says_tr = "yeni yerlerde \"yüz\": yalnızca gömülü değeri kendi anlamına en yakın",
    .low = 33.3,
    .high = 33.4,
    .unit = "%",
    .truth = 100.0 / 3};

}  // namespace damla::claims
