#include "worlds/match_report.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <iterator>

namespace damla::worlds {

namespace {
// No team of these names plays anywhere that we know of.
const std::array<const char*, 20> teams{"Karaspor", "Akspor",  "Gölspor", "Dağspor", "Yelspor",
                                        "Taşspor",  "Ovaspor", "Selspor", "Kumspor", "Çamspor",
                                        "Buzspor",  "Tuzspor", "Narspor", "Sazspor", "Közspor",
                                        "Çiyspor",  "Bozspor", "Nemspor", "Kavspor", "Pusspor"};
constexpr Index team_count = std::ssize(teams);
const std::array<const char*, 4> goals{"bir", "iki", "üç", "dört"};
const std::array<const char*, 4> weathers{"sisli", "güneşli", "yağmurlu", "rüzgârlı"};
const std::array<const char*, 3> crowds{"Tribünler doluydu.", "Tribünler boştu.",
                                        "Tribünler çok sesliydi."};
}  // namespace

MatchReport match_report(Random& random) {
  const Index home = random.below(team_count);
  const Index away = (home + 1 + random.below(team_count - 1)) % team_count;
  const Index result = random.below(3);  // home wins, away wins, no goals
  const auto name = [](Index team) { return teams[static_cast<std::size_t>(team)]; };
  const std::string winner = name(result == 0 ? home : away);
  const std::string scored = fmt::format("{} {} gol attı.", winner, random.pick(goals));
  const std::string crowd = random.pick(crowds), weather = random.pick(weathers);
  MatchReport report;
  report.text = fmt::format("{} ile {} {} havada karşılaştı. {} {}", name(home), name(away),
                            weather, result == 2 ? "Gol olmadı." : scored, crowd);
  report.summary = result == 2 ? "Maç berabere bitti." : winner + " kazandı.";
  report.held_out = (home + 2 * away + result) % 5 == 0;
  return report;
}

MatchReport draw_match(bool held_out, Random& random) {
  for (;;)
    if (MatchReport report = match_report(random); report.held_out == held_out) return report;
}

std::string match_every_word() {
  return fmt::format(
      "{} {} {} {} ile havada karşılaştı gol attı. Gol olmadı. Maç berabere bitti. kazandı. Özet:",
      fmt::join(teams, " "), fmt::join(goals, " "), fmt::join(weathers, " "),
      fmt::join(crowds, " "));
}

}  // namespace damla::worlds
