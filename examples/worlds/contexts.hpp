#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "worlds/sentiment.hpp"

namespace damla::worlds {

/// Words of like meaning: each may stand wherever another does. What stands near them, and near no
/// other group's words.
struct WordGroup {
  std::string name;
  std::vector<std::string> words;     ///< "köfte", "börek", …; "müthiş", "harika", …
  std::vector<std::string> verbs;     ///< "yedik", "pişirdik", …; "sevindik", "coştuk", …
  std::vector<std::string> places{};  ///< "mutfakta", "sofrada", …; feelings have none
};

/// Turkish sentences in which words of like meaning stand in like contexts: "Lokantada müthiş bir
/// köfte yedik, sevindik." Food is eaten, films are watched; who calls a thing müthiş or harika is
/// glad, who calls it berbat is not. No two words are quite the same: each has a verb of its own
/// that it likes. The label is the feeling: 1 for the first, 0 for the second.
struct ContextSource {
  double habit =
      0.3;  ///< how often a word takes its own verb; else each of its group's is as likely
  std::vector<WordGroup> things;      ///< food, animals, shows, books, towns
  std::array<WordGroup, 2> feelings;  ///< praise, blame

  ContextSource();

  LabelledText draw(Random& random) const;
  std::vector<LabelledText> draw(Index n, Random& random) const;

  /// The group whose `words` have this word; nullptr for other words.
  const WordGroup* group_of(std::string_view word) const;
};

/// All texts as one, a line each: what a tokenizer learns from.
std::string text_of(const std::vector<LabelledText>& texts);

}  // namespace damla::worlds
