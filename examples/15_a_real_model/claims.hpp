#pragma once

// What lesson 15 shows, in both languages, and the band in which each figure must lie.

#include "report/lesson.hpp"

namespace damla::claims {

/// Of rank 4, beside four weights in each of two blocks: queries and projection are 64×64, keys and
/// values 64×32.
inline constexpr int thin_numbers = 2 * 4 * (2 * (64 + 64) + 2 * (64 + 32));
inline const report::Claim share_trained{
    .number = 34,
    .says = "LoRA trains a small part: its two matrices, of all parameters",
    .says_tr = "LoRA küçük bir parçayı eğitir: iki matrisinin bütün parametrelere oranı",
    .high = 5,
    .unit = "%"};
inline const report::Claim habit_before{.number = 35,
                                        .says = "before tuning: answers that end with “, efendim.”",
                                        .says_tr = "ayardan önce: “, efendim.” ile biten yanıtlar",
                                        .high = 5,
                                        .unit = "%"};
inline const report::Claim habit_after{
    .number = 35,
    .says = "with LoRA: right answers with “, efendim.” about people never asked about in tuning",
    .says_tr = "LoRA ile: ayarda hiç sorulmamış kişilere “, efendim.” ile biten doğru yanıtlar",
    .low = 90,
    .unit = "%"};
inline const report::Claim slowly{
    .number = 36,
    .says = "taught slowly, it costs as much elsewhere: loss on old text, LoRA minus all weights",
    .says_tr = "yavaş öğretilince başka yerdeki bedel birdir: eski metnin kaybı, LoRA eksi hepsi",
    .low = -0.03,
    .high = 0.03,
    .unit = "nats / nat"};
inline const report::Claim lora_fast{
    .number = 36,
    .says = "LoRA forgives: taught ten times as fast, loss on old text, after minus before",
    .says_tr = "LoRA hoşgörülüdür: on kat hızlı öğretilince eski metnin kaybı, sonra eksi önce",
    .high = 0.1,
    .unit = "nats / nat"};
inline const report::Claim whole_fast{
    .number = 36,
    .says = "and all weights do not: the same, at that learning rate of LoRA",
    .says_tr = "bütün ağırlıklar değildir: LoRA'nın o öğrenme oranında aynısı",
    .low = 1,
    .unit = "nats / nat"};
inline const report::Claim taken_off{
    .number = 37,
    .says = "taken off, it is the old model: the largest difference of a logit",
    .says_tr = "çıkarılınca eski modeldir: logitlerdeki en büyük fark",
    .low = 0,
    .high = 0};
inline const report::Claim merged_same{.number = 37,
                                       .says = "added into the weights, it gives the same answers",
                                       .says_tr = "ağırlıklara katılınca aynı yanıtları verir",
                                       .low = 99,
                                       .unit = "%"};
inline const report::Claim eight_bits{
    .number = 38,
    .says = "eight bits cost next to nothing: loss above that of 32 bits",
    .says_tr = "sekiz bitin bedeli yok gibidir: kaybın 32 bitlik modelin üstünde kalan kısmı",
    .low = -0.01,
    .high = 0.01,
    .unit = "nats / nat"};
inline const report::Claim two_bits{
    .number = 38,
    .says = "two bits break the model: loss above that of 32 bits",
    .says_tr = "iki bit modeli bozar: kaybın 32 bitlik modelin üstünde kalan kısmı",
    .low = 0.5,
    .unit = "nats / nat"};
/// Weights that are wrong by e move what a model expects by about e² nats (KL), and rounding is
/// wrong by a share of its step: max/7 with 4 bits, max/31 with 6. The band is a factor of two.
inline const report::Claim step_squared{
    .number = 38,
    .says = "what a bit is worth: the KL of 4 bits, divided by that of 6",
    .says_tr = "bir bitin değeri: 4 bitin KL'sinin 6 bitinkine oranı",
    .low = 31.0 * 31 / (7 * 7) / 2,
    .high = 31.0 * 31 / (7 * 7) * 2,
    .truth = 31.0 * 31 / (7 * 7)};

}  // namespace damla::claims
