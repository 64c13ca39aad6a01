#pragma once

// What the lecture says that lesson 01 shows, in both languages, and the band in which each figure
// must lie. What the generator of the data knows the lesson asks the generator for. Bands and
// truths follow from the generator of the songs: the lesson sets them.

#include "report/lesson.hpp"

namespace damla::claims {

inline const report::Claim line_tells_rap_from_arabesk{
    .number = 2,
    .says = "a line tells rap from arabesk: accuracy",
    .says_tr = "bir çizgi rap ile arabeski ayırır: doğruluk",
    .unit = "%"};
inline const report::Claim song_is_arabesk{
    .number = 3,
    .says = "a song of 80 BPM, energy 0.3 is arabesk: probability",
    .says_tr = "temposu 80 BPM, enerjisi 0,3 olan şarkı arabesktir: olasılık"};
inline const report::Claim regression_says_a_number{
    .number = 4,
    .says = "regression says a number (danceability): R²",
    .says_tr = "regresyon bir sayı söyler (dans edilebilirlik): R²"};

}  // namespace damla::claims
