#pragma once

// For lesson 14: the questions of two steps, and which parts of the answers are right.

#include <string>

#include "damla/damla.hpp"
#include "worlds/teams.hpp"

namespace damla {
using namespace worlds;

/// Of the questions about years [first, last), in %.
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

/// The question about a year, and what the model writes after "Düşün:".
inline std::string think_aloud(Gpt<>& model, const CupYear& year, const WordTokenizer& words) {
  const std::string asked = CupWorld::question(year) + " Düşün:";
  const Tokens thought = generate_greedy(model, words.encode(asked), 20, {words.token("<son>")});
  return asked + " " + words.decode(thought);
}

/// The one model asked for its steps, the other for the bare answer.
inline Steps examine_both(Gpt<>& slow, Gpt<>& quick, const CupWorld& world, std::size_t first,
                          std::size_t last, const WordTokenizer& words) {
  Steps steps = examine(slow, world, first, last, words);
  steps.direct = examine(quick, world, first, last, words).direct;
  return steps;
}

}  // namespace damla
