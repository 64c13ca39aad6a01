#pragma once

// For lesson 12: what a model says when it is asked where people live or what to read, and the
// prompts.

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
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

/// What the model answers, in one word at least: an end that comes first is passed over.
inline std::string answer_in_words(Gpt<>& model, const Life& life, const std::string& prompt) {
  Tokens asked = chat_prompt(life.words, prompt);
  const Token end = life.words.token("<son>");
  const auto likeliest = candidates(model.forward(asked, std::ssize(asked)).bottomRows(1));
  Tokens said{likeliest[likeliest[0].token == end ? 1 : 0].token};
  asked.push_back(said[0]);
  const Tokens rest = generate_greedy(model, asked, 7, {end});
  said.insert(said.end(), rest.begin(), rest.end());
  return life.words.decode(said);
}

/// The mean probability that a model gives to the words of its own answer, without the commas.
inline double confidence(Gpt<>& model, const Life& life, const std::string& prompt,
                         const std::string& said) {
  const TuningExample example =
      TuningExample::of(chat_prompt(life.words, prompt), life.words.encode(said));
  const TokenBatch batch = TokenBatch::of({example});
  const auto logs = target_log_probabilities(model.forward(batch), batch.targets);
  double sum = 0, count = 0;
  for (std::size_t t = 0; t < logs.size(); ++t)
    if (batch.targets[t] != ignored && life.words.piece(batch.targets[t]) != ",")
      sum += std::exp(logs[t]), ++count;
  return count > 0 ? sum / count : 0;
}

/// What the answers are, in shares of the people.
struct Asked {
  double cities = 0, right = 0, refused = 0;  // %
  double confidence = 0;                      // mean
};

/// prompt(person): the question, or a passage and the question.
inline Asked ask_all(Gpt<>& model, const Life& life, std::span<const Person> people,
                     auto&& prompt) {
  Asked asked;
  const double share = 100.0 / static_cast<double>(people.size());
  for (const Person& person : people) {
    const std::string text = prompt(person), said = answer_in_words(model, life, text);
    asked.confidence += confidence(model, life, text, said) * share / 100;
    asked.cities += std::ranges::count(life.world.cities, said) > 0 ? share : 0;
    asked.right += said == person.city ? share : 0;
    asked.refused += said == "Bilmiyorum." ? share : 0;
  }
  return asked;
}

/// What a model says when it is asked for a book about each of some topics.
struct Cited {
  double well_formed = 0, right = 0;  // %: has the form of a reference; is the book of the text
  double confidence = 0;              // mean
};

inline Cited ask_for_books(Gpt<>& model, const Life& life, const std::vector<std::string>& topics) {
  Cited cited;
  const double share = 100.0 / static_cast<double>(topics.size());
  for (const std::string& topic : topics) {
    const std::string prompt = ReferenceWorld::question(topic);
    const std::string said = answer(model, life.words, prompt);
    cited.well_formed += ReferenceWorld::is_well_formed(said) ? share : 0;
    cited.confidence += confidence(model, life, prompt, said) * share / 100;
    const auto is_its_book = [&](const Reference& r) {
      return r.topic == topic && r.text() == said;
    };
    cited.right += std::ranges::any_of(life.books.known, is_its_book) ? share : 0;
  }
  return cited;
}

/// Passages that put each person into up to twenty cities, never the true one: the share of answers
/// that are the passage's city, in %.
inline double follows(Gpt<>& reader, Life& life, std::span<const Person> people) {
  int followed = 0, asked = 0;
  for (const Person& p : people)
    for (int i = 0; i < 20; ++i) {
      const std::string& city = life.random.pick(life.world.cities);
      if (city == p.city) continue;  // by chance the passage is true
      ++asked;
      followed += answer(reader, life.words, with_passage(p, city, life.random)) == city ? 1 : 0;
    }
  return 100.0 * followed / asked;
}

}  // namespace damla
