#pragma once

// For lesson 14: the questions of two steps, and which parts of the answers are right.

#include <string>

#include "damla/damla.hpp"
#include "worlds/teams.hpp"

namespace damla {
using namespace worlds;

/// Of the questions about years [first, last), in %.
struct Steps {
  double team = 0, year = 0, champion = 0, answer = 0, at_once = 0;
};

/// What the model writes after the question about a year and `start`: "Yanıt:" or "Düşün:".
inline std::string say(Gpt<>& model, const CupYear& year, const std::string& start,
                       const WordTokenizer& words) {
  const Tokens asked = words.encode(CupWorld::question(year) + " " + start);
  return words.decode(generate_greedy(model, asked, 20, {words.token("<son>")}));
}

/// Asks one model each question twice: at once, and with its steps.
inline Steps examine(Gpt<>& model, const CupWorld& world, std::size_t first, std::size_t last,
                     const WordTokenizer& words) {
  Steps steps;
  const double share = 100.0 / static_cast<double>(last - first);
  for (std::size_t i = first; i < last; ++i) {
    const CupYear& y = world.years[i];
    const std::string slow = say(model, y, "Düşün:", words), quick = say(model, y, "Yanıt:", words);
    const auto says = [&](const std::string& part) {
      return slow.find(part) != std::string::npos ? share : 0;
    };
    steps.team += says(y.team + " kupayı");
    steps.year += says(CupWorld::cup(y));
    steps.champion += says(CupWorld::champion(y));
    steps.answer += says("Yanıt: " + y.champion);
    steps.at_once += quick == y.champion ? share : 0;
  }
  return steps;
}

}  // namespace damla
