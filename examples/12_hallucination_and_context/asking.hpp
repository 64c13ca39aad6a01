#pragma once

// For lesson 12: what a model says when it is asked where people live, and the prompts.

#include <fmt/core.h>

#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "worlds/life.hpp"

namespace damla {
using namespace worlds;

/// The question that all of them are asked.
inline std::string question(const Person& p) { return PeopleWorld::question(p, Fact::city); }

/// A passage that tells where somebody lives, true or not, and the question.
inline std::string with_passage(const Person& p, const std::string& city, Random& random) {
  const Person told{p.name, city, p.job};
  const int paraphrase = static_cast<int>(random.below(paraphrases));
  return "Metin: " + PeopleWorld::sentence(told, Fact::city, paraphrase) + " " + question(p);
}

/// What the answers are, in shares of the people.
struct Asked {
  double cities = 0, right = 0, refused = 0;  // %
  double confidence = 0;                      // mean probability of the first word of the answer
};

/// prompt(person): the question, or a passage and the question.
inline Asked ask_all(Gpt<>& model, const Life& life, std::span<const Person> people,
                     auto&& prompt) {
  Asked asked;
  const double share = 100.0 / static_cast<double>(people.size());
  for (const Person& person : people) {
    const std::string text = prompt(person), said = answer(model, life.words, text);
    const Tokens tokens = chat_prompt(life.words, text);
    const Candidate first = candidates(model.forward(tokens, std::ssize(tokens)).bottomRows(1))[0];
    asked.confidence += first.probability * share / 100;
    asked.cities += std::ranges::count(life.world.cities, said) > 0 ? share : 0;
    asked.right += said == person.city ? share : 0;
    asked.refused += said == "Bilmiyorum." ? share : 0;
  }
  return asked;
}

/// Of those whom the passage moves to another city: the share whose answer is the passage's, in %.
inline double follows(Gpt<>& reader, Life& life, std::span<const Person> people) {
  const std::vector<std::string>& cities = life.world.cities;
  int followed = 0, contradicted = 0;
  for (const Person& p : people) {
    const std::string& city = cities[(p.name.size() * 7 + p.city.size()) % cities.size()];
    const std::string said = answer(reader, life.words, with_passage(p, city, life.random));
    if (city == p.city) continue;  // by chance the passage is true
    ++contradicted;
    followed += said == city ? 1 : 0;
  }
  return 100.0 * followed / contradicted;
}

}  // namespace damla
