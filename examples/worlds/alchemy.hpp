#pragma once

#include <string>
#include <vector>

#include "damla/core/random.hpp"

namespace damla::worlds {

/// A book of alchemy: which substance becomes of any two. Its stories read a list out twice and
/// then mix: "önce su ateş ateş … . yine su ateş ateş … . kum taş duman . cam su tuz . …"
class AlchemyBook {
 public:
  static constexpr Index substances = 12;
  static constexpr Index elements = 4;  ///< those that a list may have: su, ateş, toprak, hava
  static constexpr Index listed = 8;
  static constexpr Index mixtures = 5;
  static constexpr Index words = 2 * (listed + 2) + 4 * mixtures;  ///< of a story

  /// What becomes of each pair, in this order, is drawn evenly, and stays so.
  explicit AlchemyBook(Random& random);
  Index mix(Index first, Index second) const;

  /// A story, with words and full stops between spaces. The list and what is mixed are drawn
  /// evenly.
  std::string draw(Random& random) const;

  /// Whether word w of a story (from 0) is of the list that is read out again: who remembers the
  /// first is certain of it.
  static bool copied(Index w) { return w >= listed + 3 && w < 2 * listed + 3; }
  /// Whether word w is what becomes of a mixture: who knows the book is certain of it.
  static bool mixed(Index w) { return w >= 2 * (listed + 2) && w % 4 == 2; }
  /// The best possible loss, in nats a word, over all words but the first: nobody can guess what is
  /// drawn, listed·ln 4 + 2·mixtures·ln 12 in a story, and all else is certain.
  static double best_loss();

 private:
  std::vector<Index> results_;  // substances²
};

}  // namespace damla::worlds
