#pragma once

// What the lecture says that lesson 04 shows, in both languages, and the band in which each figure
// must lie. What the generator of the data knows the lesson asks the generator for.

#include "report/lesson.hpp"

namespace damla::claims {

inline const report::Claim positive_despite_wrong_labels{
    .number = 8,
    .says = "\"Gençlerbirliği müthiş bir spor kulübüdür\": P(Pozitif), 15 % of labels flipped",
    .says_tr = "\"Gençlerbirliği müthiş bir spor kulübüdür\": P(Pozitif), etiketlerin %15'i ters",
    .low = 0.80,
    .high = 0.90};
inline const report::Claim positive_with_right_labels{
    .number = 8,
    .says = "\"Gençlerbirliği müthiş bir spor kulübüdür\": P(Pozitif), 0 % of labels flipped",
    .says_tr =
        "\"Gençlerbirliği müthiş bir spor kulübüdür\": P(Pozitif), etiketlerin hiçbiri ters değil",
    .low = 0.97,
    .high = 1};
inline const report::Claim pieces_of_words{
    .number = 8,
    .says = "reviews full of suffixes: letter n-grams minus whole words",
    .says_tr = "ekleri bol yorumlar: harf n-gramları eksi bütün kelimeler",
    .low = 3,
    .high = 100,
    .unit = "points / puan"};
inline const report::Claim irony_given_away{
    .number = 10,
    .says = "attık / yedik: no irony is needed, one word tells even a linear bag of words",
    .says_tr =
        "attık / yedik: ironiye gerek yok, tek kelime doğrusal bir kelime torbasına bile yeter",
    .low = 99,
    .unit = "%"};
/// Of the four texts of a block no line is right about more than three.
inline const report::Claim irony_linear{.number = 10,
                                        .says = "irony (XOR): a linear bag of words",
                                        .says_tr = "ironi (XOR): doğrusal kelime torbası",
                                        .low = 0,
                                        .high = 75,
                                        .unit = "%"};
inline const report::Claim irony_mlp{.number = 10,
                                     .says = "irony (XOR): an MLP on the bag sees it",
                                     .says_tr = "ironi (XOR): torba üstünde MLP görür",
                                     .low = 90,
                                     .high = 100,
                                     .unit = "%"};
inline const report::Claim order_bags{
    .number = 10,
    .says = "the same words in another order: the better of the two bags",
    .says_tr = "aynı kelimeler başka sırada: iki torbanın iyisi",
    .low = 0,
    .high = 55,
    .unit = "%",
    .truth = 50};

}  // namespace damla::claims
