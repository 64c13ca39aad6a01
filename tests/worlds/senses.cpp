#include "worlds/senses.hpp"

#include <map>
#include <set>

#include "helpers/catch.hpp"

using namespace damla;
using namespace damla::worlds;

namespace {
std::string place_of(const SenseSentence& s) { return s.begin.substr(0, s.begin.find(' ')); }
std::string time_of(const SenseSentence& s) { return s.begin.substr(s.begin.find(' ') + 1); }
}  // namespace

TEST_CASE("yüz: the place tells the sense, and the word just before it does not", "[worlds]") {
  std::map<std::string, std::set<Index>> senses_of_place, senses_of_time;
  for (const SenseSentence& s : sense_sentences()) {
    senses_of_place[place_of(s)].insert(s.sense);
    if (s.word == "yüz") senses_of_time[time_of(s)].insert(s.sense);
  }
  for (const auto& [place, senses] : senses_of_place) {
    CAPTURE(place);
    CHECK(senses.size() == 1);
  }
  for (const auto& [time, senses] : senses_of_time) {
    CAPTURE(time);
    CHECK(senses.size() == 3);
  }
}

TEST_CASE("yüz: held out in places where other words are learned, of each sense as often",
          "[worlds]") {
  std::map<Index, Index> all, held_out;
  std::set<std::string> learned, fresh, with_others;
  for (const SenseSentence& s : sense_sentences()) {
    ++all[s.sense];
    held_out[s.sense] += s.held_out;
    if (s.held_out) CHECK(s.word == "yüz");
    if (s.word != "yüz") with_others.insert(place_of(s));
    else (s.held_out ? fresh : learned).insert(place_of(s));
  }
  CHECK((all[0] == all[1] && all[1] == all[2]));
  CHECK((held_out[0] > 0 && held_out[0] == held_out[1] && held_out[1] == held_out[2]));
  for (const std::string& place : fresh) {
    CAPTURE(place);
    CHECK(!learned.contains(place));
    CHECK(with_others.contains(place));
  }
}
