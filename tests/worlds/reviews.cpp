#include "worlds/reviews.hpp"

#include <cmath>
#include <map>

#include "damla/core/error.hpp"
#include "damla/text/word_tokenizer.hpp"
#include "helpers/catch.hpp"

using namespace damla;
using namespace damla::worlds;

namespace {
bool begins_with_one_of(const std::string& word, std::initializer_list<const char*> beginnings) {
  for (const char* beginning : beginnings)
    if (word.starts_with(beginning)) return true;
  return false;
}

/// Whether behind the stem comes -ma, -me, or what is left of it before -yor; and not -mış.
bool is_negated(const std::string& word, const std::string& stem) {
  if (!word.starts_with(stem)) return false;
  const std::string rest = word.substr(stem.size());
  return begins_with_one_of(rest, {"ma", "me", "mıyor", "miyor", "muyor", "müyor"});
}

/// What a review without slips says, by its last word.
bool says_praise(const std::string& word) {
  for (const char* liking : {"beğen", "sev", "sevin", "bayıl", "eğlen", "öner", "hoşlan", "güven"})
    if (word.starts_with(liking)) return !is_negated(word, liking) && !is_negated(word, "sevin");
  for (const char* disliking : {"sıkıl", "bık", "üzül", "yorul", "kız", "bunal", "utan", "aldan"})
    if (word.starts_with(disliking)) return is_negated(word, disliking);
  return begins_with_one_of(word, {"güzel", "lezzetli", "temiz", "hızlı", "keyifli", "başarılı",
                                   "sağlam", "taze", "nazik", "kaliteli", "ferah"}) ||
         (word.starts_with("rahat") && !word.starts_with("rahatsız"));
}
}  // namespace

TEST_CASE("reviews: the last word tells, and as many labels are wrong as was asked for",
          "[worlds]") {
  const double flipped = GENERATE(0.0, 0.1);
  Random random(1);
  constexpr Index n = 5000;
  double wrong = 0, praise = 0;
  for (const LabelledText& t :
       ReviewSource{.flipped = flipped, .plain = 0, .slips = 0}.draw(n, random)) {
    const bool says = says_praise(split_words(t.text, {}).back());
    wrong += says != (t.label == 1);
    praise += t.label;
  }
  CHECK(std::abs(wrong / n - flipped) <= 4 * std::sqrt(flipped * (1 - flipped) / n));
  CHECK(std::abs(praise / n - 0.5) <= 4 * 0.5 / std::sqrt(double(n)));
}

TEST_CASE("reviews: suffixes make most words rare", "[worlds]") {
  Random random(2);
  std::map<std::string, Index> counts;
  for (const LabelledText& t : ReviewSource{}.draw(3000, random))
    for (const std::string& word : split_words(t.text, {})) ++counts[word];
  Index rare = 0;  // twice or less in 3,000 reviews
  for (const auto& [word, count] : counts) rare += count <= 2;
  CHECK(2 * rare > std::ssize(counts));
}

TEST_CASE("reviews: some people write without Turkish letters, and shares are checked",
          "[worlds]") {
  Random random(3);
  constexpr Index n = 2000;
  const auto has_turkish = [](const std::string& text) {
    for (const char* letter : {"ç", "ğ", "ı", "ö", "ş", "ü"})
      if (text.find(letter) != std::string::npos) return true;
    return false;
  };
  Index turkish = 0;
  for (const LabelledText& t : ReviewSource{.plain = 0}.draw(n, random))
    turkish += has_turkish(t.text);
  CHECK(turkish > n * 9 / 10);
  for (const LabelledText& t : ReviewSource{.plain = 0.999999}.draw(n, random))
    CHECK(!has_turkish(t.text));
  CHECK_THROWS_AS(ReviewSource{.slips = 1}.draw(random), Error);
  CHECK_THROWS_AS(ReviewSource{.flipped = -0.1}.draw(random), Error);
}
