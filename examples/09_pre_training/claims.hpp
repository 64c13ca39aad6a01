#pragma once

// What the lecture says that lesson 09 shows, in both languages, and the band in which each figure
// must lie. What the generator of the data knows the lesson asks the generator for.

#include "report/lesson.hpp"
#include "worlds/people.hpp"

namespace damla::claims {

inline const report::Claim recalls_facts{
    .number = 17,
    .says = "pre-training learns grammar and facts: recall of 200 facts",
    .says_tr = "ön eğitim dilbilgisini ve bilgileri öğrenir: 200 bilginin hatırlanması",
    .low = 95,
    .unit = "%"};
inline const report::Claim question_after_question{
    .number = 18,
    .says = "“Adın ne?” is answered by “Soyadın ne?”: P(Soyadın)",
    .says_tr = "“Adın ne?” sorusuna “Soyadın ne?” yanıtı: P(Soyadın)",
    .low = 0.95};
inline const report::Claim no_sign_of_truth{
    .number = 24,
    .says = "no sign of what is true in the data: how much higher the loss is on the false text",
    .says_tr = "veride neyin doğru olduğuna dair işaret yok: yanlış metinde kayıp ne kadar yüksek",
    .low = -0.1,
    .high = 0.1,
    .unit = "nats / nat"};
/// The band is 2 points around the share of the facts that the text tells as they are.
inline report::Claim tells_what_it_read(const worlds::PeopleWorld& world) {
  using enum worlds::Fact;
  const auto value = worlds::PeopleWorld::value;
  int truly = 0, all = 0;
  for (std::size_t i = 0; i < world.known.size(); ++i)
    for (const worlds::Fact fact : {city, job}) {
      truly += value(world.told[i], fact) == value(world.known[i], fact) ? 1 : 0;
      ++all;
    }
  const double share = 100.0 * truly / all;
  return {
      .number = 24,
      .says = "and what it then tells is wrong: true answers of the model that read the false text",
      .says_tr = "ve söyledikleri yanlıştır: yanlış metni okuyan modelin doğru yanıtları",
      .low = share - 2,
      .high = share + 2,
      .unit = "%",
      .truth = share};
}

inline const report::Claim summarises{
    .number = 21,
    .says = "a summary that nobody tuned: exact summaries of matches that it read no report of",
    .says_tr = "kimsenin öğretmediği özet: haberini hiç okumadığı maçların tam doğru özetleri",
    .low = 95,
    .unit = "%"};
// The lecture: a large enough network, and enough data.
inline const report::Claim larger_is_better{
    .number = 32,
    .says = "a larger network predicts better: loss above the floor, largest to smallest",
    .says_tr = "büyük ağ daha iyi tahmin eder: tabanın üstündeki kayıp, en büyüğün en küçüğe oranı",
    .high = 0.35};
inline const report::Claim more_is_better{
    .number = 32,
    .says = "more data, too: loss above the floor, most data to least",
    .says_tr = "çok veri de öyle: tabanın üstündeki kayıp, en çok verinin en aza oranı",
    .high = 0.1};
inline const report::Claim along_a_line{
    .number = 32,
    .says = "both along a line on log axes: the lesser R² of the two",
    .says_tr = "ikisi de logaritmik eksenlerde bir doğru boyunca: iki R²'nin küçüğü",
    .low = 0.9};
inline const report::Claim too_large_for_its_data{
    .number = 32,
    .says = "on the least data the largest network is worse than the best: nats",
    .says_tr = "en az veride en büyük ağ en iyisinden kötüdür: nat",
    .low = 1,
    .unit = "nats / nat"};

}  // namespace damla::claims
