#pragma once

#include <string>
#include <vector>

#include "damla/core/random.hpp"

namespace damla::worlds {

/// A text in which the same random tokens come again and again: whoever continues it needs to find
/// the last place where the latest token stood, and copy what followed. The period is drawn, from 3
/// to length/2: with a fixed one a model learns to copy from a distance and fails later. `length`
/// tokens, each from `alphabet`.
Tokens repeating_tokens(TokenSpan alphabet, Index length, Random& random);

/// "Say the second of these words": an instruction, a text of four or five words, and the answer.
struct PickTask {
  std::string instruction, answer;
  std::vector<std::string> words;
  /// "ikinci: kırmızı mavi sarı yeşil mor"
  std::string question() const;
};

inline constexpr Index pick_instructions = 5;  ///< ilk, ikinci, üçüncü, dördüncü, son iki
inline constexpr Index pick_categories = 6;    ///< of ten words each
inline constexpr Index pick_proverbs = 10;     ///< of four words each

/// Draws a task of one cell: an instruction with four or five words of a category, in any order.
PickTask pick_task(Index instruction, Index category, Random& random);
/// Whether a cell is kept out of training: six of the thirty, one of each category, so that each
/// instruction and each category is learned with others.
bool pick_held_out(Index instruction, Index category);
/// All words of these, for a vocabulary.
std::string pick_every_word();

/// An instruction with a proverb.
PickTask proverb_task(Index instruction, Index proverb);
/// The instruction that a proverb is never seen with in training: "son iki" for the lecture's and
/// each other one, "üçüncü" for the rest. So each of its words is an answer to something.
Index proverb_held_out(Index proverb);
/// All proverbs, for a vocabulary.
std::string every_proverb();

/// Eight countries, each with one of eight currencies, as drawn for one sequence: nothing learned
/// earlier helps to know them.
struct CurrencyGame {
  std::vector<Index> mapping;  ///< the currency of each country

  explicit CurrencyGame(Random& random);
  static const std::string& country(Index i);
  const std::string& currency(Index country) const;
  /// "Japonya lira Kore yen ": a pair for each of the countries. With `scrambled`, each pair stands
  /// in a random order.
  std::string tell(const std::vector<Index>& countries, Random* scrambled = nullptr) const;
  /// The same for countries that are drawn.
  std::string draw(Index pairs, Random& random) const;
  /// All words that occur, for a vocabulary.
  static std::string every_word();
};

}  // namespace damla::worlds
