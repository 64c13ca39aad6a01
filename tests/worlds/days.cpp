#include "worlds/days.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <sstream>

#include "helpers/catch.hpp"
#include "helpers/error_says.hpp"

using namespace damla;
using namespace damla::worlds;

namespace {
std::vector<std::string> split(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}
}  // namespace

TEST_CASE("a story about days repeats its list and reckons right", "[worlds]") {
  const std::vector<std::string> week{"pazartesi", "salı",      "çarşamba", "perşembe",
                                      "cuma",      "cumartesi", "pazar"};
  const std::map<std::string, int> numbers{{"bir", 1}, {"iki", 2}, {"üç", 3}};
  const auto day = [&](const std::string& word) {
    return std::find(week.begin(), week.end(), word) - week.begin();
  };
  Random random(1);
  for (int i = 0; i < 200; ++i) {
    const std::vector<std::string> w = split(DaysStory{}.draw(random));
    REQUIRE(w.size() == 22);
    CHECK((w[0] == "günler" && w[5] == "." && w[6] == "yine" && w[11] == "."));
    for (std::size_t k = 1; k <= 4; ++k) CHECK((day(w[k]) < 7 && w[k] == w[k + 6]));
    std::ptrdiff_t now = day(w[10]);
    for (std::size_t at = 12; at < 22; at += 5) {
      CAPTURE(w[at], w[at + 2], w[at + 3]);
      REQUIRE((w[at + 2] == "sonra" || w[at + 2] == "önce"));
      now = (now + numbers.at(w[at]) * (w[at + 2] == "sonra" ? 1 : -1) + 7) % 7;
      CHECK((w[at + 1] == "gün" && day(w[at + 3]) == now && w[at + 4] == "."));
    }
  }
}

TEST_CASE("the best loss on days counts what is chosen", "[worlds]") {
  // "günler salı . yine salı .": one day among seven, and five words to guess.
  CHECK(DaysStory{.days = 1, .moves = 0}.best_loss() == Approx(std::log(7.0) / 5));
  // One sentence of five words more, which can go on in 2 · 4 ways.
  CHECK(DaysStory{.days = 1, .moves = 1, .farthest = 4}.best_loss() ==
        Approx((std::log(7.0) + std::log(8.0)) / 10));
  Random random(2);
  CHECK(error_says([&] { DaysStory{.farthest = 7}.draw(random); },
                   {"DaysStory::draw", "farthest", "7"}));
  CHECK(error_says([&] { DaysStory{.days = 0}.draw(random); }, {"DaysStory::draw", "days", "0"}));
}
