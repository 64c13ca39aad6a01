#pragma once

// What the lecture says that lesson 07 shows, in both languages, and the band in which each figure
// must lie. What the generator of the data knows the lesson asks the generator for. The truths are
// those of next_word_source().

#include <fmt/format.h>

#include "report/lesson.hpp"

namespace damla::claims {

inline const report::Claim next_is_kutu{
    .number = 12,
    .says = "P(kutu | Kedilerin uyumayı sevdiği yerlerden biri …)",
    .says_tr = "P(kutu | Kedilerin uyumayı sevdiği yerlerden biri …)",
    .low = 0.65,
    .high = 0.75};
inline const report::Claim next_is_balkon{
    .number = 12,
    .says = "P(balkon | Kedilerin uyumayı sevdiği yerlerden biri …)",
    .says_tr = "P(balkon | Kedilerin uyumayı sevdiği yerlerden biri …)",
    .low = 0.01,
    .high = 0.03};
inline const report::Claim next_is_zebra{
    .number = 12,
    .says = "P(zebra | Kedilerin uyumayı sevdiği yerlerden biri …)",
    .says_tr = "P(zebra | Kedilerin uyumayı sevdiği yerlerden biri …)",
    .low = 0,
    .high = 1e-3};
inline const report::Claim distance_from_truth{
    .number = 15,
    .says = "how far the model is from the truth there: KL divergence",
    .says_tr = "model gerçekten ne kadar uzak: KL ıraksaması",
    .low = 0,
    .high = 0.1,
    .unit = "nats / nat"};
/// best: the best possible loss; error: the standard error of what the model is above it.
inline report::Claim not_perfect(double best, double error) {
  return {.number = 15,
          .says = fmt::format("not perfect: loss above the best possible {:.3f} (± {:.4f})", best,
                              error),
          .says_tr = report::decimal_comma(fmt::format(
              "kusursuz değil: olabilecek en iyi {:.3f} üstündeki kayıp (± {:.4f})", best, error)),
          .low = -3 * error,
          .high = 0.05,
          .unit = "nats / nat",
          .truth = 0};
}
inline const report::Claim any_kind_of_text{
    .number = 14,
    .says = "Turkish, English, German, formula, code: the most that a loss is above the best",
    .says_tr =
        "Türkçe, İngilizce, Almanca, formül, kod: kaybın olabilecek en iyiden en büyük farkı",
    .high = 0.1,
    .unit = "nats / nat",
    .truth = 0};
/// best: the same figure for the best possible reader.
inline report::Claim short_or_long(double best) {
  return {
      .number = 14,
      .says = "short or long: loss after 25 to 32 words minus loss after the first",
      .says_tr = "kısa ya da uzun: 25–32 kelimeden sonraki kayıp eksi ilk kelimeden sonraki kayıp",
      .high = best / 2,
      .unit = "nats / nat",
      .truth = best};
}

/// best: the same figure for the best possible reader.
inline report::Claim beyond_a_hundred_words(double best) {
  return {.number = 14,
          .says = "beyond a hundred words: loss after 512 to 1,023 words minus after 64 to 127",
          .says_tr =
              "yüz kelimenin ötesi: 512–1.023 kelimeden sonraki kayıp eksi 64–127 kelimeden "
              "sonraki kayıp",
          .high = best / 2,
          .unit = "nats / nat",
          .truth = best};
}
inline const report::Claim lstm_where_little_is_remembered{
    .number = 10,
    .says = "an LSTM on five kinds of text: loss above the best",
    .says_tr = "beş tür metinde LSTM: en iyinin üstündeki kayıp",
    .high = 0.1,
    .unit = "nats / nat",
    .truth = 0};
inline const report::Claim gpt_looks_back{
    .number = 10,
    .says = "a GPT on a list read twice: loss above the best",
    .says_tr = "iki kez okunan listede GPT: en iyinin üstündeki kayıp",
    .high = 0.1,
    .unit = "nats / nat",
    .truth = 0};
/// best: the best possible loss. Who remembers nothing is as far above it, since each half has as
/// many words and the second is certain.
inline report::Claim lstm_forgets(double best) {
  return {.number = 10,
          .says = "an LSTM on a list read twice: loss above the best",
          .says_tr = "iki kez okunan listede LSTM: en iyinin üstündeki kayıp",
          .low = best / 4,
          .unit = "nats / nat"};
}

}  // namespace damla::claims
