#include "worlds/markov_source.hpp"

#include <cmath>
#include <numeric>

#include "damla/core/error.hpp"
#include "helpers/catch.hpp"

using namespace damla;
using namespace damla::worlds;

namespace {
/// Two moods that are only seen through their words: "a" says a with 0.9, "b" says b with 0.8; each
/// lasts with 0.95.
MarkovSource two_moods() {
  MarkovSource source;
  const Index a = source.state(), b = source.state();
  const Index words_a =
      source.distribution({{{source.word("a"), 0.9}, {source.word("b"), 0.1}}, 0});
  const Index words_b =
      source.distribution({{{source.word("a"), 0.2}, {source.word("b"), 0.7}}, 0.1});
  for (const auto& [from, words, to] : {std::tuple{a, words_a, b}, {b, words_b, a}}) {
    source.edge(from, 0.95, words, from);
    source.edge(from, 0.05, words, to);
  }
  source.finish({"c", "d"});
  return source;
}
}  // namespace

TEST_CASE("a Markov source: its probabilities sum to 1 and are those of Bayes' rule by hand",
          "[worlds]") {
  const MarkovSource source = two_moods();
  CHECK(source.stationary[0] == Approx(0.5));
  const std::vector<double> first = source.next(source.start());
  CHECK(std::accumulate(first.begin(), first.end(), 0.0) == Approx(1));
  CHECK(first[0] == Approx(0.5 * 0.9 + 0.5 * 0.2));
  CHECK(first[2] == Approx(0.5 * 0.1 / 2));  // c and d share the rest

  // After "a" the mood was a with 0.45 / 0.55, and has changed since with 0.05.
  const auto belief = source.read(source.encode("a"));
  const double p = 0.45 / 0.55 * 0.95 + 0.10 / 0.55 * 0.05;
  CHECK(belief[0].second == Approx(p));
  CHECK(source.probability(belief, 0) == Approx(p * 0.9 + (1 - p) * 0.2));
  for (Token w = 0; w < 4; ++w)
    CHECK(source.next(belief)[static_cast<std::size_t>(w)] ==
          Approx(source.probability(belief, w)).margin(1e-15));
}

TEST_CASE("a Markov source: what it draws comes as often as it says", "[worlds]") {
  const MarkovSource source = two_moods();
  Random random(1);
  std::vector<Index> states;
  const Index n = 200000;
  const Tokens text = source.draw(n, random, &states);
  REQUIRE(states.size() == text.size());
  double after_a = 0, a_after_a = 0;
  for (std::size_t i = 1; i < text.size(); ++i)
    if (text[i - 1] == 0) after_a += 1, a_after_a += text[i] == 0;
  const double truth = source.probability(source.read(source.encode("a")), 0);
  CHECK(a_after_a / after_a == Approx(truth).margin(0.01));
  CHECK(static_cast<double>(std::count(states.begin(), states.end(), 1)) / static_cast<double>(n) ==
        Approx(0.5).margin(0.02));
}

TEST_CASE("a Markov source: no reader with other beliefs has a lower loss", "[worlds]") {
  const MarkovSource source = two_moods();
  Random random(2);
  const Tokens text = source.draw(60001, random);
  const TokenSpan inputs = TokenSpan(text).first(60000), targets = TokenSpan(text).last(60000);
  const auto mean = [](const std::vector<double>& losses) {
    return std::accumulate(losses.begin(), losses.end(), 0.0) / static_cast<double>(losses.size());
  };
  const double one = mean(source_losses(source, inputs, targets, 1)),
               twenty = mean(source_losses(source, inputs, targets, 20));
  CHECK(twenty < one - 0.01);  // who sees more of the text knows more
  double unread = 0;
  const std::vector<double> p = source.next(source.start());
  for (const Token t : targets) unread -= std::log(p[static_cast<std::size_t>(t)]) / 60000;
  CHECK(one < unread - 0.05);
  CHECK_THROWS_AS(source_losses(source, inputs, targets, 7), Error);
}

TEST_CASE("KL divergence: by hand, 0 for equals, never negative", "[worlds]") {
  CHECK(kl_divergence({0.5, 0.5}, {0.25, 0.75}) ==
        Approx(0.5 * std::log(2.0) + 0.5 * std::log(0.5 / 0.75)));
  CHECK(kl_divergence({0.3, 0.7, 0}, {0.3, 0.7, 0}) == Approx(0).margin(1e-15));
  CHECK(kl_divergence({1, 0}, {0, 1}) == HUGE_VAL);
  CHECK_THROWS_AS(kl_divergence({1}, {0.5, 0.5}), Error);
}

TEST_CASE("a Markov source refuses what is no source", "[worlds]") {
  MarkovSource source;
  const Index s = source.state();
  source.edge(s, 0.9, "a", s);
  CHECK_THROWS_WITH(source.finish({}), Catch::Matchers::ContainsSubstring("sum to 0.9"));
  CHECK_THROWS_AS(two_moods().encode("a e"), Error);
  MarkovSource fixed;
  const Index x = fixed.state(), y = fixed.state();
  fixed.edge(x, 1, "x", y), fixed.edge(y, 1, "y", x);
  fixed.finish({});
  CHECK_THROWS_AS(fixed.read(fixed.encode("x x")), Error);
}
