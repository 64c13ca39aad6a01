#include "worlds/zipf_source.hpp"

#include <algorithm>
#include <cmath>

#include "damla/core/error.hpp"
#include "helpers/catch.hpp"

using namespace damla;
using namespace damla::worlds;

TEST_CASE("a Zipf source: nouns by their rank, and behind each its own four words", "[worlds]") {
  Random random(1);
  const MarkovSource source = zipf_source(100, random);
  // By Zipf's law the second noun comes half as often as the first, and the third a third as often.
  const MarkovSource::Belief noun_comes{{0, 1.0}};
  const std::vector<double> nouns = source.next(noun_comes);
  double harmonic = 0, entropy = 0;
  for (int rank = 1; rank <= 100; ++rank) harmonic += 1.0 / rank;
  for (const double p : nouns) entropy -= p > 0 ? p * std::log(p) : 0;
  CHECK(nouns[0] == Approx(1 / harmonic));  // the first word that was added
  std::vector<double> sorted = nouns;
  std::sort(sorted.rbegin(), sorted.rend());
  CHECK(sorted[1] == Approx(sorted[0] / 2));
  CHECK(sorted[2] == Approx(sorted[0] / 3));
  CHECK(sorted[100] == 0);  // no word that stands behind nouns
  std::vector<double> behind = source.next(source.after(noun_comes, 0));
  std::sort(behind.rbegin(), behind.rend());
  CHECK(behind[0] == Approx(0.5));
  CHECK(behind[1] == Approx(0.25));
  CHECK(behind[2] == Approx(0.15));
  CHECK(behind[3] == Approx(0.1));
  CHECK(behind[4] == 0);

  // The loss of the source on what it wrote: half nouns, half words behind them.
  const double four =
      -(0.5 * std::log(0.5) + 0.25 * std::log(0.25) + 0.15 * std::log(0.15) + 0.1 * std::log(0.1));
  const Tokens text = source.draw(20001, random);
  const std::vector<double> losses =
      source_losses(source, TokenSpan(text).first(20000), TokenSpan(text).subspan(1), 20000);
  double mean = 0;
  for (const double loss : losses) mean += loss / 20000;
  CHECK(mean == Approx((entropy + four) / 2).margin(0.03));
  CHECK_THROWS_AS(zipf_source(0, random), Error);
}
