#pragma once

#include <string>
#include <vector>

#include "damla/core/random.hpp"

namespace damla::worlds {

/// A question of two steps, as a team with its cup year and that year's champion. No such teams
/// exist.
struct CupYear {
  std::string team, year, champion;
};

/// A hundred teams, each of which won the cup in one year, and the champion of each year. One to
/// one: where two teams share a year, a model can guess the answer without the step in between. A
/// name is two words, and only both together tell whose it is.
struct CupWorld {
  std::vector<CupYear> years;
  explicit CupWorld(Random& random);

  /// "Ak Spor kupayı 1931 yılında aldı." and "1931 yılında Boz Spor şampiyon oldu."
  static std::string cup(const CupYear& y) {
    return y.team + " kupayı " + y.year + " yılında aldı.";
  }
  static std::string champion(const CupYear& y) {
    return y.year + " yılında " + y.champion + " şampiyon oldu.";
  }
  /// Questions of one step: "Ak Spor kupayı ne zaman aldı?", "1931 yılında kim şampiyon oldu?"
  static std::string cup_question(const CupYear& y) { return y.team + " kupayı ne zaman aldı?"; }
  static std::string champion_question(const CupYear& y) {
    return y.year + " yılında kim şampiyon oldu?";
  }
  /// The question of two steps: "Ak Spor'un kupayı aldığı yıl kim şampiyon oldu?"
  static std::string question(const CupYear& y);
};

}  // namespace damla::worlds
