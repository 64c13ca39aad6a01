#pragma once

#include <string>

#include "damla/core/random.hpp"

namespace damla::worlds {

/// Stories about days of the week: a list, the same list once more, and sentences that reckon, each
/// from the day before it. "günler salı cuma pazar salı . yine salı cuma pazar salı . üç gün sonra
/// cuma . bir gün önce perşembe ."
struct DaysStory {
  Index days = 4;      ///< in the list
  Index moves = 2;     ///< sentences that reckon
  Index farthest = 3;  ///< the most days that one of them moves: bir, iki, üç, …; at most 6

  /// A story, with words and full stops between spaces. The days of the list, how far a sentence
  /// moves and which way are chosen evenly, and the rest follows. Throws Error for a number that is
  /// out of its range.
  std::string draw(Random& random) const;
  /// The best possible loss, in nats a word, over all words but the first: nobody can guess what is
  /// chosen, days·ln 7 + moves·ln(2·farthest) in a story, and all else is certain.
  double best_loss() const;
};

}  // namespace damla::worlds
