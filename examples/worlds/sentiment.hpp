#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "damla/core/random.hpp"
#include "damla/data/labelled_texts.hpp"

namespace damla::worlds {

/// The classes of sentiment and irony: 0 and 1.
inline constexpr std::array<std::string_view, 2> sentiment_names{"Negatif", "Pozitif"};

/// Turkish opinions of teams, films, books, food and towns: "Gençlerbirliği müthiş bir spor
/// kulübüdür." Each says plainly what it thinks, and then its label is turned over with a known
/// probability, as when people disagree. So the truth is known: P(Pozitif | a positive text) = 1 −
/// flipped, and no model can be right more often than 1 − flipped.
struct SentimentSource {
  double flipped = 0.15;

  /// One opinion; both feelings equally likely. Throws Error unless 0 ≤ flipped < 1.
  LabelledText draw(Random& random) const;
  std::vector<LabelledText> draw(Index n, Random& random) const;

  /// The true P(Pozitif) of a text that says something positive (or something negative).
  double truth(bool says_positive) const { return says_positive ? 1 - flipped : flipped; }
};

/// The words that carry the feeling in SentimentSource and in irony.
const std::vector<std::string>& positive_adjectives();
const std::vector<std::string>& negative_adjectives();

}  // namespace damla::worlds
