#pragma once

// What the lecture says that lesson 01 shows, in both languages, and the band in which each figure
// must lie. Bands lie around what the songs' world knows; songs from a file have no world, and so
// no band.

#include <algorithm>
#include <optional>

#include "report/lesson.hpp"
#include "worlds/songs.hpp"

namespace damla::claims {

using World = std::optional<worlds::SongWorld>;

inline report::Claim line_tells_rap_from_arabesk(const World& world) {
  report::Claim claim{.number = 2,
                      .says = "a line tells rap from arabesk: accuracy",
                      .says_tr = "bir çizgi rap ile arabeski ayırır: doğruluk",
                      .unit = "%"};
  if (!world) return claim;
  const double best = 100 * world->bayes_accuracy();
  claim.low = best - 1, claim.high = best + 1;
  return claim.with_truth(best);
}

inline report::Claim song_is_arabesk(const World& world, double bpm, double energy) {
  report::Claim claim{.number = 3,
                      .says = "a song of 80 BPM, energy 0.3 is arabesk: probability",
                      .says_tr = "temposu 80 BPM, enerjisi 0,3 olan şarkı arabesktir: olasılık"};
  if (!world) return claim;
  const double truth = world->arabesk_probability(bpm, energy);
  claim.low = std::max(0.96, truth - 0.02), claim.high = std::min(0.995, truth + 0.02);
  return claim.with_truth(truth);
}

/// A probability has four digits in the table.
inline const report::Claim model_is_the_formula{
    .number = 3,
    .says = "logistic regression by hand: the difference from what the model says",
    .says_tr = "elle lojistik regresyon: modelin dediğinden farkı",
    .low = 0,
    .high = 5e-5};

inline report::Claim regression_says_a_number(const World& world) {
  report::Claim claim{.number = 4,
                      .says = "regression says a number (danceability): R²",
                      .says_tr = "regresyon bir sayı söyler (dans edilebilirlik): R²"};
  if (!world) return claim;
  const double best = world->dance_r_squared();
  claim.low = best - 0.02, claim.high = best + 0.02;
  return claim.with_truth(best);
}

}  // namespace damla::claims
