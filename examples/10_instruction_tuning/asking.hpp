#pragma once

// How the models of lesson 10 are asked, and what counts as right.

#include <string>

#include "worlds/life.hpp"

namespace damla {
using namespace worlds;

/// How a question is put: as plain words, or between the signs that say who speaks.
enum class Form { plain, signs };

inline Tokens prompt(const Life& life, const std::string& question, Form form) {
  return form == Form::plain ? life.words.encode(question) : chat_prompt(life.words, question);
}

/// Up to eight words that a model says next.
inline std::string says(Gpt<>& model, const Life& life, const std::string& question, Form form) {
  const Tokens said =
      generate_greedy(model, prompt(life, question, form), 8, {life.words.token("<son>")});
  return life.words.decode(said);
}

/// Asked about somebody: in %, answers that are the fact and no more, and those that have it among
/// their eight words.
struct Score {
  double exact = 0, within = 0;
};

/// About the people of whom tuning asks nothing: one and the same question before tuning and after
/// it.
inline Score ask_about_the_others(Gpt<>& model, const Life& life, Form form) {
  const std::span<const Person> others = other_people(life);
  const double share = 100.0 / static_cast<double>(2 * others.size());  // two facts of each
  Score score;
  for (const Person& person : others)
    for (const Fact fact : {Fact::city, Fact::job}) {
      const std::string said = says(model, life, PeopleWorld::question(person, fact), form);
      const std::string& truth = PeopleWorld::value(person, fact);
      score.exact += said == truth ? share : 0;
      score.within += said.find(truth) != std::string::npos ? share : 0;
    }
  return score;
}

/// The probability that a model's answer begins with this word, where that is its likeliest.
inline double first_word(Gpt<>& model, const Life& life, const std::string& question,
                         const std::string& word) {
  const Tokens asked = prompt(life, question, Form::signs);
  const Candidate first = candidates(model.forward(asked, std::ssize(asked)).bottomRows(1)).front();
  return life.words.piece(first.token) == word ? first.probability : 0;
}

}  // namespace damla
