#include "worlds/match_report.hpp"

#include <set>
#include <string>

#include "helpers/catch.hpp"

using namespace damla;
using namespace damla::worlds;

namespace {
/// The teams of a match and how it ended: "Karaspor ile Akspor: Akspor kazandı."
std::string match(const MatchReport& report) {
  const std::string& text = report.text;
  const std::size_t second = text.find(" ile ") + 5;
  return text.substr(0, text.find(' ', second)) + ": " + report.summary;
}
}  // namespace

TEST_CASE("a match report's summary names the team that scored", "[worlds]") {
  Random random(1);
  int draws = 0;
  for (int i = 0; i < 300; ++i) {
    const MatchReport report = match_report(random);
    const bool drawn = report.text.find("Gol olmadı.") != std::string::npos;
    draws += drawn ? 1 : 0;
    const std::string winner = report.summary.substr(0, report.summary.find(' '));
    CAPTURE(report.text, report.summary);
    if (drawn) CHECK(report.summary == "Maç berabere bitti.");
    else CHECK(report.text.find(". " + winner + " ") != std::string::npos);
  }
  CHECK(draws > 60);  // 100 are expected, and their standard deviation is 8
  CHECK(draws < 140);
}

TEST_CASE("a match that is held out is in no report of the others", "[worlds]") {
  Random random(2);
  std::set<std::string> told, kept;
  for (int i = 0; i < 3000; ++i) {
    told.insert(match(draw_match(false, random)));
    kept.insert(match(draw_match(true, random)));
  }
  CHECK(told.size() > 600);  // of 20 · 19 · 3 matches four in five
  for (const std::string& m : kept) {
    CAPTURE(m);
    CHECK(!told.contains(m));
  }
}
