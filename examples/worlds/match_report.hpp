#pragma once

#include <string>

#include "damla/core/random.hpp"

namespace damla::worlds {

/// A football match, told in about 18 words, and what it comes down to.
struct MatchReport {
  std::string text;  ///< "Karaspor ile Akspor sisli havada karşılaştı. Karaspor iki gol attı, …"
  std::string summary;    ///< "Karaspor kazandı." or "Maç berabere bitti."
  bool held_out = false;  ///< of one match in five, by teams and goals: for testing on matches that
                          ///< no report was about
};

/// Teams, goals (0 to 4 each), weather and spectators are drawn.
MatchReport match_report(Random& random);

}  // namespace damla::worlds
