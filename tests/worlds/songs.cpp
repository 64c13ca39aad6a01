#include "worlds/songs.hpp"

#include <cmath>

#include "damla/data/csv.hpp"
#include "helpers/catch.hpp"
#include "helpers/error_says.hpp"
#include "helpers/temporary_file.hpp"

using namespace damla;
using namespace damla::worlds;

namespace {
/// With a range so wide that nothing is cut off.
SongOptions uncut() {
  SongOptions o;
  o.lowest = {-60, -0.8}, o.highest = {260, 1.8};
  return o;
}
double normal_distribution(double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); }
}  // namespace

TEST_CASE("without a cut, the songs' Bayes accuracy is that of linear discriminant analysis",
          "[worlds]") {
  // Equal shares: Φ(d/2), where d² is Mahalanobis' distance of the means: u² − 2cuv + v² over 1 −
  // c²
  for (const double correlation : {0.25, -0.5, 0.0}) {
    SongOptions o = uncut();
    o.correlation = correlation;
    const double u = 30.0 / 16, v = 2.0;
    const double d =
        std::sqrt((u * u - 2 * correlation * u * v + v * v) / (1 - correlation * correlation));
    CHECK(SongWorld(o).bayes_accuracy() == Approx(normal_distribution(d / 2)).epsilon(1e-4));
  }
}

TEST_CASE("without a cut, the songs' posterior is the logistic function of a line", "[worlds]") {
  SongOptions o = uncut();
  o.correlation = 0;
  o.arabesk_share = 0.3;
  // ln(P/(1−P)) = Σ (mean_a − mean_r)/σ² · (x − middle) + ln(0.3/0.7)
  const double z = -30.0 / 256 * (90 - 100) - 0.3 / 0.0225 * (0.45 - 0.5) + std::log(0.3 / 0.7);
  CHECK(SongWorld(o).arabesk_probability(90, 0.45) == Approx(1 / (1 + std::exp(-z))).epsilon(1e-5));
}

TEST_CASE(
    "songs are drawn inside the plausible range, and as often of each genre as the posterior "
    "says",
    "[worlds]") {
  SongOptions o;  // a cut that takes half of rap and little of arabesk: a posterior that ignores it
                  // would be wrong
  o.rap_mean = {115, 1.0};
  const SongWorld world(o);
  Random random(5);
  const Songs songs = world.draw(60000, random);
  double said = 0, came = 0;
  Index near = 0, right = 0;
  for (Index i = 0; i < songs.features.rows(); ++i) {
    const double tempo = static_cast<double>(songs.features(i, 0)),
                 energy = static_cast<double>(songs.features(i, 1));
    const bool is_arabesk = songs.genres[static_cast<std::size_t>(i)] == arabesk;
    const double p = world.arabesk_probability(tempo, energy);
    REQUIRE((tempo >= 40 && tempo <= 200 && energy >= 0 && energy <= 1));
    right += (p > 0.5) == is_arabesk;
    if (p < 0.2 || p > 0.8) continue;
    ++near, said += p, came += is_arabesk;
  }
  const double standard_error = std::sqrt(0.25 / static_cast<double>(near));
  CHECK(near > 1000);
  CHECK(std::abs(said - came) / static_cast<double>(near) < 4 * standard_error);
  CHECK(std::abs(static_cast<double>(right) / 60000 - world.bayes_accuracy()) <
        4 * std::sqrt(0.25 / 60000));
}

TEST_CASE("the songs' R² is the share of the danceability's variance that the truth explains",
          "[worlds]") {
  const SongWorld world;
  Random random(6);
  const Songs songs = world.draw(60000, random);
  const Eigen::ArrayXd y = songs.danceability.col(0).cast<double>();
  const Eigen::ArrayXd mean = 10 + 0.25 * songs.features.col(0).cast<double>().array() +
                              40 * songs.features.col(1).cast<double>().array();
  CHECK((y - mean).square().mean() == Approx(64).epsilon(0.03));
  CHECK(1 - 64 / (y - y.mean()).square().mean() == Approx(world.dance_r_squared()).margin(0.01));
}

TEST_CASE("another truth of the songs gives other figures", "[worlds]") {
  const SongWorld world;
  SongOptions closer, louder, opposite;
  closer.rap_mean = {95, 0.45};
  louder.dance_noise = 16;
  opposite.correlation = -0.6;
  CHECK(SongWorld(closer).bayes_accuracy() < world.bayes_accuracy() - 0.1);
  CHECK(SongWorld(louder).dance_r_squared() < world.dance_r_squared() - 0.2);
  CHECK(SongWorld(opposite).bayes_accuracy() > world.bayes_accuracy() + 0.03);
}

TEST_CASE("a truth of songs that is none is refused", "[worlds]") {
  const auto refused = [](auto change, std::string_view why) {
    SongOptions o;
    change(o);
    return error_says([&] { SongWorld world(o); }, {"SongWorld", why});
  };
  CHECK(refused([](SongOptions& o) { o.deviation[0] = 0; }, "tempo"));
  CHECK(refused([](SongOptions& o) { o.deviation[1] = std::nan(""); }, "energy"));
  CHECK(refused([](SongOptions& o) { o.highest[1] = o.lowest[1]; }, "energy"));
  CHECK(refused([](SongOptions& o) { o.correlation = 1; }, "correlation"));
  CHECK(refused([](SongOptions& o) { o.rap_mean = {500, 3}; }, "rap"));
  Random random(1);
  CHECK(error_says([&] { SongWorld().draw(0, random); }, {"SongWorld::draw", "0"}));
}

TEST_CASE("songs that were written are read again", "[worlds]") {
  Random random(3);
  const Songs songs = SongWorld().draw(50, random);
  const TemporaryFile file("songs.csv");
  write_songs(file.path, songs, "a comment, with a comma");
  const CsvTable table = read_csv(file.path);
  CHECK(table.numbers({"tempo", "energy"}).isApprox(songs.features, Scalar(1e-4)));
  CHECK(table.numbers({"danceability"}).isApprox(songs.danceability, Scalar(1e-3)));
  CHECK(table.classes("genre", {"rap", "arabesk"}) == songs.genres);
}
