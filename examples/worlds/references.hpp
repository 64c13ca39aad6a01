#pragma once

#include <string>
#include <vector>

#include "damla/core/random.hpp"

namespace damla::worlds {

/// A book about a topic: no such book exists, who wrote what about which topic is drawn.
struct Reference {
  std::string topic, author, title, year;  ///< a word each

  /// "Akman, Yollar, 1974"
  std::string text() const;
};

/// Topics, and for some of them the one book that the text tells of.
struct ReferenceWorld {
  std::vector<Reference> known;
  std::vector<std::string> unknown;   ///< topics without a book: they are mentioned, no more
  std::vector<std::string> mentions;  ///< of every topic one: "Arıcılık konusu zor."

  explicit ReferenceWorld(Random& random);

  /// "Arıcılık konusunda kaynak ver."
  static std::string question(const std::string& topic);
  /// "Arıcılık kitabı ne zaman çıktı?"
  static std::string year_question(const std::string& topic);
  /// Each book is told in three ways, `rounds` times; each topic, with or without a book, is
  /// mentioned twice as often: what only its mention can teach is learnt too, that it is a topic.
  std::vector<std::string> sentences(Index rounds) const;
  /// Whether an answer has the form of a reference: author, title and year that there are.
  static bool is_well_formed(const std::string& answer);
  /// A text with every word that can occur.
  static std::string every_word();
};

}  // namespace damla::worlds
