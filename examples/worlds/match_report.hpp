#pragma once

#include <string>

#include "damla/core/random.hpp"

namespace damla::worlds {

/// A football match in which one team scored, or none; told in about 14 words, and what it comes
/// down to.
struct MatchReport {
  std::string text;  ///< "Karaspor ile Akspor sisli havada karşılaştı. Akspor üç gol attı. …"
  std::string summary;    ///< "Akspor kazandı." or "Maç berabere bitti."
  bool held_out = false;  ///< of one match in five, by teams and winner: for testing on matches
                          ///< that no report was about
};

/// Teams, winner, goals (1 to 4), weather and spectators are drawn.
MatchReport match_report(Random& random);
/// The same, drawn until it is of a match that is held out, or of one that is not.
MatchReport draw_match(bool held_out, Random& random);
/// A text with every word that can occur, and "Özet:".
std::string match_every_word();

}  // namespace damla::worlds
