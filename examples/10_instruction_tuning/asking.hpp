#pragma once

// How the models of lesson 10 are asked, and what counts as right.

#include <string>

#include "worlds/life.hpp"

namespace damla {
using namespace worlds;

/// Asks for the city and the job of people [first, last). says(question) is what a model says.
/// Returns how often `right` holds for what it said and the fact, in %.
inline double ask_about_people(const Life& life, std::size_t first, std::size_t last, auto&& says,
                               auto&& right) {
  int count = 0, asked = 0;
  for (std::size_t i = first; i < last; ++i)
    for (const Fact fact : {Fact::city, Fact::job}) {
      const Person& person = life.world.known[i];
      const std::string said = says(PeopleWorld::question(person, fact));
      count += right(said, PeopleWorld::value(person, fact)) ? 1 : 0;
      ++asked;
    }
  return 100.0 * count / asked;
}

/// The share of questions after which a model that goes on with the text says the right word, among
/// others.
inline double right_words(Gpt<>& model, const Life& life, std::size_t first, std::size_t last) {
  return ask_about_people(
      life, first, last,
      [&](const std::string& question) {
        return life.words.decode(generate_greedy(model, life.words.encode(question), 8));
      },
      [](const std::string& said, const std::string& fact) {
        return said.find(fact) != std::string::npos;
      });
}

/// The share of right answers.
inline double right_answers(Gpt<>& model, const Life& life, std::size_t first, std::size_t last) {
  return ask_about_people(
      life, first, last,
      [&](const std::string& question) { return answer(model, life.words, question); },
      [](const std::string& said, const std::string& fact) { return said == fact; });
}

/// The probability that a model's answer begins with this word, where that is its likeliest.
inline double first_word(Gpt<>& model, const Life& life, const std::string& question,
                         const std::string& word) {
  const Tokens asked = chat_prompt(life.words, question);
  const Candidate first = candidates(model.forward(asked, std::ssize(asked)).bottomRows(1)).front();
  return life.words.piece(first.token) == word ? first.probability : 0;
}

}  // namespace damla
