#pragma once

// What the lecture says that lesson 10 shows, in both languages, and the band in which each figure
// must lie. What the generator of the data knows the lesson asks the generator for.

#include "report/lesson.hpp"

namespace damla::claims {

inline const report::Claim no_answer_before{
    .number = 19,
    .says = "before tuning it does not answer: the right word within eight after a question",
    .says_tr = "ince ayardan önce yanıt vermez: sorudan sonraki sekiz kelimede doğru olan",
    .high = 10,
    .unit = "%"};
inline const report::Claim answers_from_pre_training{
    .number = 22,
    .says =
        "after tuning it answers from what pre-training gave it: right answers about people never "
        "asked about",
    .says_tr =
        "ince ayardan sonra ön eğitimde öğrendikleriyle yanıtlar: hiç sorulmamış kişiler hakkında "
        "doğru yanıtlar",
    .low = 65,
    .unit = "%"};
inline const report::Claim says_its_name{
    .number = 19,
    .says = "“Adın ne?” now gets “Benim adım …”: P(Benim)",
    .says_tr = "“Adın ne?” artık “Benim adım …” yanıtını alır: P(Benim)",
    .low = 0.95};
inline const report::Claim summarises{
    .number = 21,
    .says = "summarising: exact summaries of matches that it read no report of",
    .says_tr = "özetleme: haberini hiç okumadığı maçların tam doğru özetleri",
    .low = 95,
    .unit = "%"};

}  // namespace damla::claims
