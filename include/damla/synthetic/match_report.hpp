#pragma once

#include <string>

#include "damla/core/random.hpp"

namespace damla::inline DAMLA_ABI {

/// A football match, told in about 18 words, and what it comes down to.
struct MatchReport {
  std::string text;     ///< "Bugün Karaspor ile Akspor sisli havada karşılaştı. Karaspor iki gol attı, …"
  std::string summary;  ///< "Karaspor kazandı." or "Maç berabere bitti."
};

/// Teams, goals (0 to 4 each), order and weather are drawn.
MatchReport match_report(Random& random);

}  // namespace damla::inline DAMLA_ABI
