#pragma once

// What the lecture says that lesson 03 shows, in both languages, and the band in which each figure
// must lie. What the generator of the data knows the lesson asks the generator for.

#include "report/lesson.hpp"

namespace damla::claims {

inline const report::Claim many_inputs{
    .number = 9,
    .says = "hundreds of thousands of inputs: a page of 300 words in 768 dimensions",
    .says_tr = "yüz binlerce girdi: 768 boyutta 300 kelimelik bir sayfa",
    .low = 1e5,
    .high = 1e6};
inline const report::Claim text_labels_itself{
    .number = 13,
    .says = "the text labels itself: labels per word, and no annotator",
    .says_tr = "metin kendini etiketler: kelime başına etiket, etiketleyici olmadan",
    .low = 1,
    .high = 1};
inline const report::Claim words_are_neighbours{
    .number = 7,
    .says = "müthiş and harika are each other's neighbours: the worse of their two ranks",
    .says_tr = "müthiş ile harika birbirine komşu: iki sıranın kötüsü",
    .low = 1,
    .high = 5};
inline const report::Claim grammar_is_a_direction{
    .number = 7,
    .says =
        "grammar: base + the suffix's direction is nearest to the new word's form, worst suffix",
    .says_tr = "dilbilgisi: yalın + ekin yönü, yeni kelimenin ekli biçimine en yakın; en kötü ek",
    .low = 90,
    .high = 100,
    .unit = "%"};

}  // namespace damla::claims
