#pragma once

// What the lecture says that lesson 04 shows, in both languages, and the band in which each figure
// must lie. What the generator of the data knows the lesson asks the generator for.

#include "report/lesson.hpp"

namespace damla::claims {

inline const report::Claim positive_despite_wrong_labels{
    .number = 8,
    .says = "\"Gençlerbirliği müthiş bir spor kulübüdür\": P(Pozitif), 15 % of labels turned over",
    .says_tr = "\"Gençlerbirliği müthiş bir spor kulübüdür\": P(Pozitif), etiketlerin %15'i ters",
    .low = 0.80,
    .high = 0.90};
inline const report::Claim positive_with_right_labels{
    .number = 8,
    .says = "\"Gençlerbirliği müthiş bir spor kulübüdür\": P(Pozitif), 0 % of labels turned over",
    .says_tr =
        "\"Gençlerbirliği müthiş bir spor kulübüdür\": P(Pozitif), etiketlerin hiçbiri ters değil",
    .low = 0.97,
    .high = 1};
inline const report::Claim irony_given_away{
    .number = 10,
    .says = "attık / yedik: no irony is needed, one word tells even a linear bag of words",
    .says_tr =
        "attık / yedik: ironiye gerek yok, tek kelime doğrusal bir kelime torbasına bile yeter",
    .low = 99,
    .unit = "%"};
inline const report::Claim irony_transformer{.number = 10,
                                             .says = "irony (XOR): transformer",
                                             .says_tr = "ironi (XOR): transformer",
                                             .low = 90,
                                             .high = 100,
                                             .unit = "%"};
inline const report::Claim irony_not_linear{
    .number = 10,
    .says = "irony (XOR): transformer minus linear bag",
    .says_tr = "ironi (XOR): transformer eksi doğrusal torba",
    .low = 15,
    .high = 100,
    .unit = "points"};
inline const report::Claim irony_mlp{.number = 10,
                                     .says = "irony (XOR): an MLP on the bag sees it too",
                                     .says_tr = "ironi (XOR): torba üstünde MLP de görür",
                                     .low = 90,
                                     .high = 100,
                                     .unit = "%"};
inline const report::Claim order_bags{
    .number = 10,
    .says = "the same words in another order: the better of the two bags",
    .says_tr = "aynı kelimeler başka sırada: iki torbanın iyisi",
    .low = 0,
    .high = 55,
    .unit = "%"};
inline const report::Claim order_transformer{.number = 10,
                                             .says = "the same words in another order: transformer",
                                             .says_tr = "aynı kelimeler başka sırada: transformer",
                                             .low = 90,
                                             .high = 100,
                                             .unit = "%"};
inline const report::Claim deep_beats_linear{
    .number = 1,
    .says = "machine learning < deep learning: MLP minus logistic regression",
    .says_tr = "makine öğrenmesi < derin öğrenme: MLP eksi lojistik regresyon",
    .low = 5,
    .high = 100,
    .unit = "points"};
inline const report::Claim transformer_beats_deep{
    .number = 1,
    .says = "deep learning < the LLM's architecture: transformer minus MLP",
    .says_tr = "derin öğrenme < LLM'in mimarisi: transformer eksi MLP",
    .low = 5,
    .high = 100,
    .unit = "points"};

}  // namespace damla::claims
