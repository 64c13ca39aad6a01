#include "worlds/shapes.hpp"

#include <array>
#include <cmath>

#include "damla/train/metrics.hpp"
#include "helpers/catch.hpp"
#include "helpers/error_says.hpp"

using namespace damla;
using namespace damla::worlds;

namespace {
/// How often the true posterior's likelier class came, in a shape of two features.
double right(const auto& shape, const Examples& examples) {
  double count = 0;
  for (Index i = 0; i < examples.features.rows(); ++i) {
    const double p = shape.probability(static_cast<double>(examples.features(i, 0)),
                                       static_cast<double>(examples.features(i, 1)));
    count += (p > 0.5) == (examples.classes[static_cast<std::size_t>(i)] == 1);
  }
  return count / static_cast<double>(examples.features.rows());
}
}  // namespace

TEST_CASE(
    "XOR with equal counts: as many examples around each corner, and classes that differ where one "
    "sign does",
    "[worlds]") {
  Random random(1);
  const Examples examples =
      XorShape{.deviation = 0.1}.draw(400, random);  // so narrow that signs tell the corner
  std::array<int, 4> corners{};
  for (Index i = 0; i < 400; ++i) {
    const bool x = examples.features(i, 0) > 0, y = examples.features(i, 1) > 0;
    ++corners[static_cast<std::size_t>(2 * y + x)];
    CHECK(examples.classes[static_cast<std::size_t>(i)] == (x != y));
  }
  CHECK(corners == std::array{100, 100, 100, 100});
  const Examples other = XorShape{.deviation = 0.1}.draw(400, random, Counts::random);
  corners = {};
  for (Index i = 0; i < 400; ++i)
    ++corners[static_cast<std::size_t>(2 * (other.features(i, 1) > 0) +
                                       (other.features(i, 0) > 0))];
  CHECK(corners != std::array{100, 100, 100, 100});
}

TEST_CASE(
    "shapes: the posterior is as often right as the exact accuracy says, and less so where "
    "clusters are wider",
    "[worlds]") {
  Random random(2);
  const Index n = 40000;
  const double error = 4 * std::sqrt(0.25 / static_cast<double>(n));
  for (const double deviation : {0.35, 0.6, 1.0}) {
    const XorShape shape{deviation};
    CHECK(std::abs(right(shape, shape.draw(n, random)) - shape.bayes_accuracy()) < error);
  }
  for (const double deviation : {0.15, 0.3, 0.5}) {
    const RingShape shape{.deviation = deviation};
    CHECK(std::abs(right(shape, shape.draw(n, random)) - shape.bayes_accuracy()) < error);
  }
  CHECK(XorShape{1.0}.bayes_accuracy() < XorShape{}.bayes_accuracy() - 0.2);
  CHECK(RingShape{.outer = 1.2}.bayes_accuracy() < RingShape{}.bayes_accuracy() - 0.2);
}

TEST_CASE("shapes: the posterior is calibrated", "[worlds]") {
  Random random(3);
  const XorShape shape{0.8};
  const Examples examples = shape.draw(40000, random);
  double said = 0, came = 0, near = 0;
  for (Index i = 0; i < 40000; ++i) {
    const double p = shape.probability(static_cast<double>(examples.features(i, 0)),
                                       static_cast<double>(examples.features(i, 1)));
    if (p < 0.6 || p > 0.8) continue;
    ++near, said += p, came += examples.classes[static_cast<std::size_t>(i)];
  }
  CHECK(near > 1000);
  CHECK(std::abs(said - came) / near < 4 * std::sqrt(0.25 / near));
}

TEST_CASE(
    "genres: equally many of each, probabilities that sum to 1, and as right as they say they "
    "are",
    "[worlds]") {
  Random random(4);
  const GenreWorld world({}, random);
  const Examples songs = world.draw(6000, random);
  for (Token genre = 0; genre < 6; ++genre) CHECK(std::ranges::count(songs.classes, genre) == 1000);
  const Matrix p = world.probabilities(songs.features);
  CHECK((p.rowwise().sum().array() - 1).abs().maxCoeff() < Scalar(1e-5));
  const double said = static_cast<double>(p.rowwise().maxCoeff().mean());
  CHECK(std::abs(accuracy(predicted_classes(p), songs.classes) - said) <
        4 * std::sqrt(0.25 / 6000));
  Random same(4);
  const GenreWorld wider({.deviation = 1.6},
                         same);  // the same centres, wider styles: genres are harder to tell
  const Examples blurred = wider.draw(6000, same);
  CHECK(accuracy(predicted_classes(wider.probabilities(blurred.features)), blurred.classes) <
        said - 0.15);
}

TEST_CASE("a target: as many examples in each ring, and the ring tells the class", "[worlds]") {
  Random random(6);
  for (const Index rings : {1, 4, 5}) {
    const Examples examples = TargetShape{rings}.draw(20 * rings, random);
    std::array<int, 5> counts{};
    for (Index i = 0; i < 20 * rings; ++i) {
      const double radius = 2 * static_cast<double>(examples.features.row(i).norm());
      const auto ring = static_cast<std::size_t>(radius);
      REQUIRE(ring < static_cast<std::size_t>(rings));
      CHECK(std::abs(radius - std::floor(radius) - 0.5) < 0.351);
      CHECK(examples.classes[static_cast<std::size_t>(i)] == static_cast<Token>(ring % 2));
      ++counts[ring];
    }
    for (std::size_t ring = 0; ring < static_cast<std::size_t>(rings); ++ring)
      CHECK(counts[ring] == 20);
  }
}

TEST_CASE("shapes refuse what cannot be drawn", "[worlds]") {
  Random random(5);
  CHECK(error_says([&] { XorShape{}.draw(402, random); }, {"XorShape::draw", "402", "4"}));
  CHECK(error_says([&] { RingShape{}.draw(1, random, Counts::random); },
                   {"RingShape::draw", "1", "2"}));
  CHECK(error_says([&] { TargetShape{}.draw(10, random); }, {"TargetShape::draw", "10", "4"}));
  CHECK(error_says([&] { TargetShape{0}.draw(10, random); }, {"TargetShape::draw", "rings", "0"}));
  CHECK(error_says([&] { GenreWorld({.genres = 1}, random); }, {"GenreWorld", "1 genres"}));
  CHECK(error_says([&] { GenreWorld({.deviation = 0}, random); }, {"GenreWorld", "deviation 0"}));
  CHECK(error_says([&] { GenreWorld({}, random).draw(100, random); },
                   {"GenreWorld::draw", "100", "6"}));
}
