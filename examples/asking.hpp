#pragma once

// For lessons 11 to 13: how their models are asked, and what counts as right.

#include <fmt/core.h>

#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "worlds/life.hpp"
#include "worlds/tasks.hpp"
#include "worlds/teams.hpp"

namespace damla {
using namespace worlds;

/// Lesson 11: what the model says when it is asked where people live, in shares of them.
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
    const std::string question = prompt(person), said = answer(model, life.words, question);
    const Tokens tokens = life.words.encode(chat_prompt(question));
    asked.confidence +=
        candidates(model.forward(tokens, std::ssize(tokens)).bottomRows(1))[0].probability * share /
        100;
    asked.cities += std::ranges::count(life.world.cities, said) > 0 ? share : 0;
    asked.right += said == person.city ? share : 0;
    asked.refused += said == "Bilmiyorum." ? share : 0;
  }
  return asked;
}

/// The question that all of them are asked.
inline std::string question(const Person& p) { return PeopleWorld::question(p, Fact::city); }

/// A row of the table.
inline std::vector<std::string> row(const std::string& name, const Asked& a) {
  return {name, fmt::format("{:.0f} %", a.cities), fmt::format("{:.0f} %", a.right),
          fmt::format("{:.0f} %", a.refused), fmt::format("{:.2f}", a.confidence)};
}

/// A passage that tells where somebody lives, true or not, and the question.
inline std::string with_passage(const Person& p, const std::string& city, Random& random) {
  const Person told{p.name, city, p.job};
  const int paraphrase = static_cast<int>(random.below(paraphrases));
  return "Metin: " + PeopleWorld::sentence(told, Fact::city, paraphrase) + " " + question(p);
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

/// Lesson 12: the share of right currencies, in %, when 0, 1, 2, 3 or 4 of the prompt's 15 examples
/// are of the country asked about.
inline std::vector<double> by_examples(Gpt<>& model, const WordTokenizer& words, bool scrambled,
                                       Random& random) {
  std::vector<double> right(5);
  for (std::size_t shots = 0; shots < right.size(); ++shots)
    for (int i = 0; i < 200; ++i) {
      const CurrencyGame game(random);
      const Index asked = random.below(8);
      std::vector<Index> examples(shots, asked);
      while (examples.size() < 15) examples.push_back((asked + 1 + random.below(7)) % 8);
      random.shuffle(examples);
      const Tokens prompt =
          words.encode(game.tell(examples, scrambled ? &random : nullptr) + game.country(asked));
      const Token said =
          candidates(model.forward(prompt, std::ssize(prompt)).bottomRows(1))[0].token;
      right[shots] += words.piece(said) == game.currency(asked) ? 0.5 : 0;
    }
  return right;
}

/// Lesson 13: which parts of the answers are right, of the questions about years [first, last), in
/// %.
struct Steps {
  double team = 0, year = 0, champion = 0, answer = 0, direct = 0;
};

/// Asks each question twice: with its steps, and for the bare answer.
inline Steps examine(Gpt<>& model, const CupWorld& world, std::size_t first, std::size_t last,
                     const WordTokenizer& words) {
  Steps steps;
  const double share = 100.0 / static_cast<double>(last - first);
  for (std::size_t i = first; i < last; ++i) {
    const CupYear& y = world.years[i];
    const auto say = [&](const std::string& start) {
      const Tokens asked = words.encode(CupWorld::question(y) + " " + start);
      return words.decode(generate_greedy(model, asked, 20, {words.token("<son>")}));
    };
    const std::string slow = say("Düşün:"), quick = say("Yanıt:");
    const auto says = [&](const std::string& part) {
      return slow.find(part) != std::string::npos ? share : 0;
    };
    steps.team += says(y.team + " kupayı");
    steps.year += says(CupWorld::cup(y));
    steps.champion += says(CupWorld::champion(y));
    steps.answer += says("Yanıt: " + y.champion);
    steps.direct += quick == y.champion ? share : 0;
  }
  return steps;
}

}  // namespace damla
