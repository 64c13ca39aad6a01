#pragma once

// What lesson 16 shows, in both languages, and the band in which each figure must lie.

#include "report/lesson.hpp"

namespace damla::claims {

inline const report::Claim ring_by_hand{
    .number = 39,
    .says = "a ring of four, by hand: what each sends, of the matrix that is summed",
    .says_tr = "elle kurulan dörtlü halka: her birinin gönderdiği, toplanan matrisin kaç katı",
    .low = 1.5,
    .high = 1.5,
    .truth = 1.5};
inline const report::Claim two_as_one{
    .number = 40,
    .says = "two ranks learn as one process does: the largest difference of a step's loss",
    .says_tr = "iki süreç tek süreç gibi öğrenir: bir adımın kaybındaki en büyük fark",
    .high = 1e-5,
    .unit = "nats / nat",
    .truth = 0};
inline const report::Claim four_as_one{.number = 40,
                                       .says = "and so do four",
                                       .says_tr = "dört süreç de öyle",
                                       .high = 1e-5,
                                       .unit = "nats / nat",
                                       .truth = 0};
inline const report::Claim never_apart{
    .number = 40,
    .says = "their weights never part: the largest difference between two of four ranks",
    .says_tr = "ağırlıkları hiç ayrılmaz: dört süreç arasındaki en büyük fark",
    .low = 0,
    .high = 0};
inline const report::Claim same_bits{
    .number = 41,
    .says = "a second run has the same bits: runs that do not",
    .says_tr = "ikinci koşuda bitler aynıdır: aynı olmayan koşu sayısı",
    .low = 0,
    .high = 0};
/// The weights that all begin with, and their comparison at the end, are one step's worth more: of
/// fifteen steps at least.
inline const report::Claim bytes_of_two{
    .number = 42,
    .says = "each of two ranks sends 2(n−1)/n of the gradients: what MPI counted, divided by that",
    .says_tr = "iki süreçten her biri gradyanların 2(n−1)/n'ini gönderir: MPI'ın saydığının oranı",
    .low = 1,
    .high = 1.1,
    .truth = 1};
inline const report::Claim bytes_of_four{.number = 42,
                                         .says = "each of four: the same, though n has doubled",
                                         .says_tr = "dört süreçten her biri: n iki katken de aynı",
                                         .low = 1,
                                         .high = 1.1,
                                         .truth = 1};
/// What has a single row is one rank's alone: biases and norms, 1.2 % of this model.
inline const report::Claim quarter{
    .number = 43,
    .says = "sharded among four, nobody has much more than a quarter of AdamW's state",
    .says_tr = "dörde bölününce hiçbirinde AdamW durumunun dörtte birinden pek fazlası yoktur",
    .low = 25,
    .high = 27,
    .unit = "%",
    .truth = 25};
inline const report::Claim arithmetic_of_gpt3{
    .number = 44,
    .says = "6·N·D for GPT-3 and its 300 billion tokens, of the published 3.14e23 operations",
    .says_tr = "GPT-3 ve 300 milyar tokenı için 6·N·D, yayımlanan 3,14e23 işleme oranla",
    .low = 99,
    .high = 101,
    .unit = "%",
    .truth = 100};

}  // namespace damla::claims
