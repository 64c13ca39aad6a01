#pragma once

// What the lecture says that lesson 08 shows, in both languages, and the band in which each figure
// must lie. What the generator of the data knows the lesson asks the generator for.

#include "report/lesson.hpp"

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
inline const report::Claim tells_what_it_read{
    // the lesson sets band and truth
    .number = 24,
    .says = "and what it then tells is wrong: true answers of the model that read the false text",
    .says_tr = "ve söyledikleri yanlıştır: yanlış metni okuyan modelin doğru yanıtları",
    .unit = "%"};

}  // namespace damla::claims
