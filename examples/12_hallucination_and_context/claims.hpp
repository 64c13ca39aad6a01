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
inline const report::Claim learns_to_refuse{
    .number = 25,
    .says = "“Bilmiyorum” can be taught: refuses unknown people",
    .says_tr = "“Bilmiyorum” öğretilebilir: tanımadığı kişilerde çekimser kalır",
    .low = 90,
    .high = 100,
    .unit = "%"};
inline const report::Claim refuses_too_much{
    .number = 25,
    .says = "… and what it costs: refuses known people too",
    .says_tr = "… ve bedeli: tanıdığı kişilerde de çekimser kalır",
    .low = 0,
    .high = 40,
    .unit = "%"};
inline const report::Claim refuses_by_heart{
    .number = 25,
    .says = "two-word names: it refuses those people whom it was taught to refuse",
    .says_tr = "iki kelimelik adlar: çekimser kalması öğretilen kişilerde çekimser kalır",
    .low = 90,
    .high = 100,
    .unit = "%"};
inline const report::Claim cannot_tell_apart{
    .number = 25,
    .says = "… but the others it cannot tell apart: gap between unknown and known",
    .says_tr = "… ama ötekileri ayıramaz: tanınmayan ile tanınan arasındaki fark",
    .low = -20,
    .high = 20,
    .unit = "points"};
inline const report::Claim passage_does_not_help{
    .number = 26,
    .says = "a passage does not help yet: right about unknown people",
    .says_tr = "metin henüz işe yaramaz: tanınmayan kişilerde doğru",
    .low = 0,
    .high = 10,
    .unit = "%"};
inline const report::Claim reads_the_passage{
    .number = 26,
    .says = "taught to read it: right about unknown people",
    .says_tr = "metni okumayı öğrenince: tanınmayan kişilerde doğru",
    .low = 95,
    .high = 100,
    .unit = "%"};
inline const report::Claim follows_the_passage{.number = 26,
                                               .says = "follows the passage over its memory",
                                               .says_tr = "belleğine değil metne uyar",
                                               .low = 95,
                                               .high = 100,
                                               .unit = "%"};

}  // namespace damla::claims
