#pragma once

// What the lecture says that lesson 11 shows, in both languages, and the band in which each figure
// must lie. What the generator of the data knows the lesson asks the generator for.

#include <cmath>

#include "report/lesson.hpp"

namespace damla::claims {

inline const report::Claim taste_from_pairs{
    .number = 20,
    .says = "a reward model learns the taste from pairs: right about pairs on other people",
    .says_tr = "ödül modeli beğeniyi çiftlerden öğrenir: başka kişilerle ilgili çiftlerde doğru",
    .low = 95,
    .unit = "%"};
inline const report::Claim hacks_the_reward{.number = 20,
                                            .says = "β = 0 hacks the reward: right cities",
                                            .says_tr = "β = 0 ödülü kandırır: doğru şehirler",
                                            .low = 0,
                                            .high = 20,
                                            .unit = "%"};
inline const report::Claim does_not_mind{
    .number = 20,
    .says = "… and the reward model does not mind: its reward less the best with a leash",
    .says_tr = "… ödül modeli ise aldırmaz: ödülünün tasmalıların en iyisinden farkı",
    .low = -0.1};
inline const report::Claim leash_polite{.number = 20,
                                        .says = "β = 0.2 is polite",
                                        .says_tr = "β = 0,2 kibardır",
                                        .low = 90,
                                        .high = 100,
                                        .unit = "%"};
inline const report::Claim leash_right{.number = 20,
                                       .says = "β = 0.2 still says the right city",
                                       .says_tr = "β = 0,2 hâlâ doğru şehri söyler",
                                       .low = 85,
                                       .high = 100,
                                       .unit = "%"};
/// Theory: the odds of polite against rude become e^(1/β), here e, so 73 % are polite.
inline const report::Claim short_leash{.number = 20,
                                       .says = "β = 1 goes as far as theory says: polite",
                                       .says_tr = "β = 1 teorinin dediği kadar gider: kibar",
                                       .low = 60,
                                       .high = 86,
                                       .unit = "%",
                                       .truth = 100 / (1 + std::exp(-1.0))};
inline const report::Claim moves_less{
    .number = 20,
    .says = "… and stays nearer than β = 0.2: nats between their KL",
    .says_tr = "… ve β = 0,2'den daha yakında kalır: KL'leri arasındaki nat",
    .low = 0.2,
    .unit = "nats / nat"};
inline const report::Claim ppo_polite{.number = 20,
                                      .says = "PPO is polite after half as many answers",
                                      .says_tr = "PPO yarı sayıda yanıtla kibar olur",
                                      .low = 90,
                                      .high = 100,
                                      .unit = "%"};
inline const report::Claim dpo_polite{
    .number = 20,
    .says = "DPO with the likelihood of the chosen answer is polite",
    .says_tr = "seçilen yanıtın olabilirliği eklenen DPO kibardır",
    .low = 90,
    .high = 100,
    .unit = "%"};
inline const report::Claim dpo_drifts{
    .number = 20,
    .says = "without it DPO drifts: its KL, times that of the other",
    .says_tr = "o olmadan DPO sürüklenir: KL'si, ötekinin katı olarak",
    .low = 2,
    .high = 1e3,
    .unit = "×"};

}  // namespace damla::claims
