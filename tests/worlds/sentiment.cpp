#include "worlds/sentiment.hpp"

#include <cmath>
#include <set>

#include "damla/core/error.hpp"
#include "helpers/catch.hpp"

using namespace damla;
using namespace damla::worlds;

namespace {
bool says_positive(const std::string& text) {
  for (const char* word :
       {"başarılı", "sevimli", "sürükleyici", "etkileyici", "samimi", "temiz", "huzurlu", "sakin"})
    if (text.find(word) != std::string::npos) return true;
  for (const std::string& word : positive_adjectives())
    if (text.find(word) != std::string::npos) return true;
  return false;
}
}  // namespace

TEST_CASE("opinions: the share of flipped labels is what was asked for", "[worlds]") {
  const double flipped = GENERATE(0.0, 0.15, 0.30);
  Random random(3);
  const Index n = 20000;
  double positive = 0, wrong = 0;
  for (const LabelledText& t : SentimentSource{flipped}.draw(n, random)) {
    positive += says_positive(t.text);
    wrong += says_positive(t.text) != (t.label == 1);
  }
  const double deviation = std::sqrt(flipped * (1 - flipped) / static_cast<double>(n));
  CHECK(std::abs(wrong / static_cast<double>(n) - flipped) <= 4 * deviation);
  CHECK(std::abs(positive / static_cast<double>(n) - 0.5) <
        4 * 0.5 / std::sqrt(static_cast<double>(n)));
  CHECK(SentimentSource{flipped}.truth(true) == Approx(1 - flipped));
}

TEST_CASE("opinions: varied, repeatable, and as the lecture writes them", "[worlds]") {
  Random a(1), b(1);
  std::set<std::string> texts;
  bool lecture = false;
  for (Index i = 0; i < 20000; ++i) {
    const LabelledText t = SentimentSource{}.draw(a);
    CHECK(t.text == SentimentSource{}.draw(b).text);
    texts.insert(t.text);
    lecture = lecture || t.text == "Gençlerbirliği müthiş bir spor kulübüdür.";
  }
  CHECK(texts.size() > 3000);
  CHECK(lecture);
  CHECK_THROWS_AS(SentimentSource{1.5}.draw(a), Error);
}
