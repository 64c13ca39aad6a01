#pragma once

#include <string>
#include <vector>

#include "damla/core/random.hpp"

namespace damla::worlds {

/// Somebody who does not exist. Written by hand: common Turkish first names and surnames; who lives
/// where and does what is drawn.
struct Person {
  std::string name;  ///< one word ("Ayşe"), or two ("Ayşe Yılmaz")
  std::string city;
  std::string job;
  std::string mood = {};
};

/// What a fact is about.
enum class Fact { city, job };
inline constexpr int paraphrases = 3;  ///< ways in which each fact is told

struct PeopleOptions {
  Index known = 100;   ///< people whose city and job are told
  Index unknown = 40;  ///< people of whom no fact is ever told
  bool mentioned =
      true;  ///< the unknown are in the text all the same, in sentences that tell no fact
  bool surnames = false;  ///< two-word names: each word also belongs to others, known and unknown
  double corrupted =
      0;  ///< share of the facts that the text tells wrongly (always in the same way)
};

/// A small world whose facts are known exactly, and the text that tells them.
struct PeopleWorld {
  std::vector<Person> known, unknown;
  std::vector<Person> told;  ///< as the text tells it: `known`, with the corrupted facts wrong
  std::vector<std::string> cities, jobs;
  bool mentioned;

  PeopleWorld(const PeopleOptions& options, Random& random);

  /// The sentence that tells a fact in the given way, 0 … paraphrases-1.
  static std::string sentence(const Person& person, Fact fact, int paraphrase);
  /// That sentence up to the word that is the fact: what to ask a model that only goes on with a
  /// text.
  static std::string beginning(const Person& person, Fact fact, int paraphrase);
  static const std::string& value(const Person& person, Fact fact) {
    return fact == Fact::city ? person.city : person.job;
  }

  /// "Ayşe nerede yaşıyor?", "Ayşe'nin mesleği ne?"
  static std::string question(const Person& person, Fact fact);

  /// The lines of a blank form, which ask one thing after the other: "Adın ne? Soyadın ne? …"
  static const std::string& form();
  /// A sentence without any fact about anybody.
  static std::string small_talk(Random& random);
  /// A sentence about somebody that tells no fact, the same each time: "Cenk hep yorgun."
  static std::string mood(const Person& p);

  /// The sentences of a text in which every fact is told in every way `rounds` times, among forms,
  /// small talk and moods, which come twice as often; to be shuffled.
  std::vector<std::string> sentences(Index rounds, Random& random) const;

  /// A text with every word that can occur in any of these, and with the few that answers need
  /// besides (`chat_words`): the same vocabulary serves a model for its whole life.
  std::string every_word() const;
  static const std::string& chat_words();
};

}  // namespace damla::worlds
