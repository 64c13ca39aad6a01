#pragma once

// What the lecture says that lesson 12 shows, in both languages, and the band in which each figure
// must lie. What the generator of the data knows the lesson asks the generator for.

#include "report/lesson.hpp"

namespace damla::claims {

inline const report::Claim names_a_city{
    .number = 23,
    .says = "asked about people of whom it read no fact, it names a city",
    .says_tr = "hakkında hiçbir bilgi okumadığı kişiler sorulunca bir şehir söyler",
    .low = 95,
    .high = 100,
    .unit = "%"};
inline const report::Claim sounds_sure{.number = 23,
                                       .says = "… and sounds sure: mean probability of its answer",
                                       .says_tr = "… ve emin konuşur: yanıtının ortalama olasılığı",
                                       .low = 0.4,
                                       .high = 1};
inline const report::Claim invents_references{
    .number = 33,
    .says = "asked for a book about a topic that no book was told of, it cites one",
    .says_tr = "hakkında hiçbir kitap okumadığı konuda kaynak istenince bir kitap gösterir",
    .low = 70,
    .high = 100,
    .unit = "%"};
inline const report::Claim cites_as_surely{
    .number = 33,
    .says = "… author, title and year as surely as a city: mean probability of its words",
    .says_tr = "… yazar, başlık ve yıl, şehir kadar emin: kelimelerinin ortalama olasılığı",
    .low = 0.4,
    .high = 1};
inline const report::Claim cites_what_it_read{
    .number = 33,
    .says = "beside them, a topic whose book it did read: right references",
    .says_tr = "yanında, kitabını okuduğu konu: doğru kaynaklar",
    .low = 80,
    .high = 100,
    .unit = "%"};
inline const report::Claim learns_to_refuse{
    .number = 25,
    .says = "“Bilmiyorum” can be taught: refuses the test people",
    .says_tr = "“Bilmiyorum” öğretilebilir: sınama kişilerinde çekimser kalır",
    .low = 90,
    .high = 100,
    .unit = "%"};
inline const report::Claim refuses_too_much{
    .number = 25,
    .says = "… and what it costs: refuses known people too",
    .says_tr = "… ve bedeli: tanınan kişilerde de çekimser kalır",
    .low = 0,
    .high = 40,
    .unit = "%"};
inline const report::Claim knows_two_words{
    .number = 25,
    .says = "two-word names: before that, it is right about the known people",
    .says_tr = "iki kelimelik adlar: ondan önce tanınan kişilerde doğru",
    .low = 90,
    .high = 100,
    .unit = "%"};
inline const report::Claim refuses_by_heart{
    .number = 25,
    .says = "two-word names: it refuses the practice people, whom it was taught to refuse",
    .says_tr = "iki kelimelik adlar: alıştırma kişilerinde çekimser kalır",
    .low = 90,
    .high = 100,
    .unit = "%"};
inline const report::Claim cannot_tell_apart{
    .number = 25,
    .says = "… but it cannot tell the others apart: gap between test people and known people",
    .says_tr = "… ama ötekileri ayıramaz: sınama kişileri ile tanınan kişiler arasındaki fark",
    .low = -20,
    .high = 20,
    .unit = "points / puan"};
inline const report::Claim passage_does_not_help{
    .number = 26,
    .says = "a passage does not help yet: right about the test people",
    .says_tr = "parça henüz işe yaramaz: sınama kişilerinde doğru",
    .low = 0,
    .high = 10,
    .unit = "%"};
inline const report::Claim reads_the_passage{
    .number = 26,
    .says = "taught to read it: right about the test people",
    .says_tr = "parçayı okumayı öğrenince: sınama kişilerinde doğru",
    .low = 95,
    .high = 100,
    .unit = "%"};
inline const report::Claim follows_the_passage{.number = 26,
                                               .says = "follows the passage over its memory",
                                               .says_tr = "belleğine değil parçaya uyar",
                                               .low = 95,
                                               .high = 100,
                                               .unit = "%"};

}  // namespace damla::claims
