#include "worlds/next_word.hpp"

#include <cmath>
#include <numeric>
#include <set>

#include "damla/core/error.hpp"
#include "damla/text/unicode.hpp"
#include "helpers/catch.hpp"

using namespace damla;
using namespace damla::worlds;

TEST_CASE("next words: the truth is what was asked for, and what is drawn follows it", "[worlds]") {
  const double box = GENERATE(0.70, 0.40);
  const MarkovSource source =
      next_word_source({.vocab_size = 500, .box = box, .balcony = 0.04, .zebra = 0.001});
  CHECK(source.vocab_size() == 500);
  const Tokens begun = source.encode("Kedilerin uyumayı sevdiği yerlerden biri");
  const auto belief = source.read(begun);
  CHECK(source.probability(belief, source.encode("kutu")[0]) == Approx(box));
  CHECK(source.probability(belief, source.encode("balkon")[0]) == Approx(0.04));
  CHECK(source.probability(belief, source.encode("zebra")[0]) == Approx(0.001));
  const std::vector<double> all = source.next(belief);
  CHECK(std::accumulate(all.begin(), all.end(), 0.0) == Approx(1));

  Random random(1);
  const Tokens text = source.draw(150000, random);
  double came = 0, boxes = 0;
  for (auto at = text.begin();
       (at = std::search(at, text.end(), begun.begin(), begun.end())) + 5 < text.end(); at += 5)
    ++came, boxes += at[5] == source.encode("kutu")[0];
  CHECK(came > 2000);
  CHECK(std::abs(boxes / came - box) < 4 * std::sqrt(box * (1 - box) / came));

  // What may be said of an animal that is only "onlar" follows from what was read before.
  const Token box_word = source.encode("kutu")[0];
  const Tokens cats =
      source.encode("En sevdikleri yemek ciğer . Onların sevdiği yerlerden biri de");
  const Tokens bears = source.encode("En sevdikleri yemek bal . Onların sevdiği yerlerden biri de");
  const double of_cats = source.probability(source.read(cats), box_word);
  const double of_bears = source.probability(source.read(bears), box_word);
  CHECK(of_cats > 0.75 * box);
  CHECK(of_bears < 0.25 * box);
}

TEST_CASE("next words: sizes and probabilities that cannot be are refused", "[worlds]") {
  CHECK(next_word_source({.vocab_size = 50000}).vocab_size() == 50000);
  CHECK_THROWS_AS(next_word_source({.vocab_size = 100}), Error);
  CHECK_THROWS_AS(next_word_source({.vocab_size = 50001}), Error);
  CHECK_THROWS_AS(next_word_source({.box = 0.99}), Error);
  CHECK_THROWS_AS(next_word_source({.box = -0.1}), Error);
}

TEST_CASE("forms of Turkish nouns: all different, and right", "[worlds]") {
  const std::vector<std::string> forms = turkish_noun_forms(50000);
  const std::set<std::string> set(forms.begin(), forms.end());
  CHECK(set.size() == 50000);
  CHECK_THROWS_AS(turkish_noun_forms(1000000), Error);
  const std::vector<std::string> most = turkish_noun_forms(55000);
  const std::set<std::string> known(most.begin(), most.end());
  int found = 0;
  for (const char* form : {"denizlerimizden", "çiçeğinin", "köyünde", "kaşıkla", "çocuklarınızsa",
                           "masamda", "kapılarımızda"})
    found += known.contains(form) ? 1 : 0;
  CHECK(found >= 5);
  for (const char* wrong : {"denizlerımızdan", "çiçekinin", "köyüde", "masaımda", "kaşıkı"})
    CHECK_FALSE(known.contains(wrong));
}

TEST_CASE("five kinds of text: each comes, each is about one thing, and knowing more helps",
          "[worlds]") {
  const auto [source, kind] = five_kinds_source();
  REQUIRE(kind.size() == source.states.size());
  Random random(1);
  std::vector<Index> states;
  const Tokens text = source.draw(100001, random, &states);
  std::vector<double> share(kind_names.size());
  for (const Index s : states) share[kind[static_cast<std::size_t>(s)]] += 1e-5;
  for (const double s : share) CHECK(s > 0.08);
  const TokenSpan inputs = TokenSpan(text).first(99968),
                  targets = TokenSpan(text).subspan(1, 99968);
  const std::vector<double> losses = source_losses(source, inputs, targets, 32);
  double early = 0, late = 0;
  for (std::size_t i = 0; i < losses.size(); ++i)
    (i % 32 == 0 ? early : i % 32 >= 24 ? late : share[0]) += losses[i];
  CHECK(late / 8 < early / 2);
  // The number in a formula is its document's own: (x + 3)² has 6 x and 9, never 25.
  const auto belief = source.read(source.encode("( x + 3 ) ^ 2 = x ^ 2 +"));
  CHECK(source.probability(belief, source.encode("6")[0]) == Approx(1));
}
