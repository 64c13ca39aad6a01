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
    .unit = "nats"};
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

}  // namespace damla::claims
