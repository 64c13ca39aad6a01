#include "worlds/match_report.hpp"

#include <fmt/format.h>

#include <array>

namespace damla::worlds {

namespace {
// No team of these names plays anywhere that we know of.
const std::array<const char*, 10> teams{"Karaspor", "Akspor",  "Gölspor", "Dağspor", "Yelspor",
                                        "Taşspor",  "Ovaspor", "Selspor", "Kumspor", "Çamspor"};
const std::array<const char*, 5> goals{"sıfır", "bir", "iki", "üç", "dört"};
const std::array<const char*, 4> weathers{"sisli", "güneşli", "yağmurlu", "rüzgârlı"};
const std::array<const char*, 3> crowds{"Tribünler doluydu.", "Tribünler boştu.",
                                        "Tribünler çok sesliydi."};
}  // namespace

MatchReport match_report(Random& random) {
  const Index home = random.below(10), away = (home + 1 + random.below(9)) % 10;
  const Index home_goals = random.below(5), away_goals = random.below(5);
  const auto line = [&](Index team, Index count) {
    return fmt::format("{} {}", teams[static_cast<std::size_t>(team)],
                       goals[static_cast<std::size_t>(count)]);
  };
  std::string first = line(home, home_goals), second = line(away, away_goals);
  MatchReport report;
  report.text =
      fmt::format("{} ile {} {} havada karşılaştı. {} gol attı, {} gol attı. {}",
                  teams[static_cast<std::size_t>(home)], teams[static_cast<std::size_t>(away)],
                  random.pick(weathers), first, second, random.pick(crowds));
  const auto winner = static_cast<std::size_t>(home_goals > away_goals ? home : away);
  report.held_out = (home + 2 * away + home_goals + 3 * away_goals) % 5 == 0;
  report.summary =
      home_goals == away_goals ? "Maç berabere bitti." : fmt::format("{} kazandı.", teams[winner]);
  return report;
}

}  // namespace damla::worlds
