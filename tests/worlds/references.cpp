#include "worlds/references.hpp"

#include <algorithm>

#include "helpers/catch.hpp"

using namespace damla;
using namespace damla::worlds;

TEST_CASE("references: each known topic has one book, and the text tells of no other", "[worlds]") {
  Random random(1);
  const ReferenceWorld world(random);
  CHECK(world.known.size() == 40);
  CHECK(world.unknown.size() == 20);
  const std::vector<std::string> sentences = world.sentences(2);
  const auto told = [&](const std::string& part) {
    return std::ranges::count_if(sentences, [&](const std::string& sentence) {
      return sentence.find(part) != std::string::npos;
    });
  };
  for (const Reference& r : world.known) {
    CHECK(std::ranges::count(world.unknown, r.topic) == 0);
    CHECK(ReferenceWorld::is_well_formed(r.text()));
    CHECK(told(r.topic + " için bakınız: " + r.text() + ".") == 2);
  }
  for (const std::string& topic : world.unknown) {
    CHECK(told(topic) == 4);
    CHECK(std::ranges::count_if(world.mentions, [&](const std::string& mention) {
            return mention.starts_with(topic + " konusu ");
          }) == 1);
  }
}

TEST_CASE("references: author, title and year, and nothing else", "[worlds]") {
  CHECK(ReferenceWorld::is_well_formed("Akman, Yollar, 1974"));
  CHECK_FALSE(ReferenceWorld::is_well_formed("Akman, Yollar, 1974."));
  CHECK_FALSE(ReferenceWorld::is_well_formed("Akman, Yollar"));
  CHECK_FALSE(ReferenceWorld::is_well_formed("Yollar, Akman, 1974"));
  CHECK_FALSE(ReferenceWorld::is_well_formed("Malatya"));
  CHECK_FALSE(ReferenceWorld::is_well_formed(""));
}
