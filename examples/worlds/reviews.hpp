#pragma once

#include <vector>

#include "damla/core/random.hpp"
#include "damla/data/labelled_texts.hpp"

namespace damla::worlds {

/// Turkish reviews as people type them: most words carry suffixes, so most forms are rare; negation
/// is itself a suffix (beğendim, beğenmedim); some people write without ç ğ ı ö ş ü, and fingers
/// slip: "otelinizin odalarini hic begenmedik yemekleri tatsizdi". Label 1 is praise, 0 blame, and
/// some are wrong, so no model can be right more often than 1 − flipped.
struct ReviewSource {
  double flipped = 0.1;  ///< share of wrong labels
  double plain = 0.3;    ///< share of texts without Turkish letters
  double slips = 0.05;   ///< share of words with a letter left out or typed twice

  /// One review; praise and blame equally likely. Throws Error for a share outside [0, 1).
  LabelledText draw(Random& random) const;
  std::vector<LabelledText> draw(Index n, Random& random) const;
};

}  // namespace damla::worlds
