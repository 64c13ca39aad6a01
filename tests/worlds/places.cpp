#include "worlds/places.hpp"

#include <algorithm>
#include <set>

#include "damla/text/word_tokenizer.hpp"
#include "helpers/catch.hpp"

using namespace damla;
using namespace damla::worlds;

namespace {
/// How often the verb of a sentence is one of its noun's form; and that the company fits always.
double share_of_fitting_verbs(const PlaceSource& source) {
  Random random(1);
  int fit = 0;
  for (int i = 0; i < 600; ++i) {
    const std::vector<std::string> words = split_words(source.draw(random), {});
    REQUIRE(words.size() == 6);
    const auto has = [&](const std::string& word) { return std::ranges::count(words, word) == 1; };
    int nouns = 0;
    for (const Place& place : source.places)
      for (const Inflection& inflection : source.inflections)
        if (has(source.form(place, inflection))) {
          ++nouns;
          CHECK(std::ranges::count_if(place.company, has) == 1);
          fit += static_cast<int>(std::ranges::count_if(inflection.verbs, has));
        }
    CHECK(nouns == 1);
  }
  return fit / 600.0;
}
}  // namespace

TEST_CASE("places: the verb asks for the form, unless verbs need not fit; the company fits",
          "[worlds]") {
  PlaceSource source;
  CHECK(share_of_fitting_verbs(source) == 1);
  source.verbs_fit = false;  // one of six forms, with a standard error of 0.015
  CHECK(share_of_fitting_verbs(source) == Approx(1 / 6.0).margin(0.06));
}

TEST_CASE("places: forms are Turkish, and no word stands for two things", "[worlds]") {
  const PlaceSource source;
  const auto form = [&](const std::string& noun, std::size_t inflection) {
    const auto place = std::ranges::find(source.places, noun, &Place::noun);
    return source.form(*place, source.inflections[inflection]);
  };
  CHECK(form("ev", 0) == "ev");
  CHECK(form("okul", 1) == "okullar");
  CHECK(form("çiftlik", 2) == "çiftliği");
  CHECK(form("cami", 3) == "camiye");
  CHECK(form("park", 4) == "parkta");
  CHECK(form("market", 5) == "marketten");
  std::set<std::string> words;
  std::size_t count = 0;
  const auto add = [&](const std::string& word) { words.insert(word), ++count; };
  for (const Place& place : source.places) {
    for (const Inflection& inflection : source.inflections) add(source.form(place, inflection));
    for (const std::string& thing : place.company) add(thing);
  }
  for (const Inflection& inflection : source.inflections)
    for (const std::string& verb : inflection.verbs) add(verb);
  CHECK(words.size() == count);
}
