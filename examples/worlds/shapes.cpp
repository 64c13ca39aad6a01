#include "worlds/shapes.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numbers>

#include "damla/core/error.hpp"

namespace damla::worlds {

namespace {
double normal_distribution(double x) { return 0.5 * std::erfc(-x / std::numbers::sqrt2); }

/// Which of k clusters example i belongs to.
Index cluster_of(Index i, Index k, Counts counts, Random& random) {
  return counts == Counts::equal ? i % k : random.below(k);
}

void expect_examples(const char* call, Index n, Index k, Counts counts) {
  if (n < k || (counts == Counts::equal && n % k != 0))
    throw Error(
        fmt::format("{}: n is {}, but {} clusters need at least {} examples, and a multiple of {} "
                    "for equal counts",
                    call, n, k, k, k));
}

Examples empty(Index n, Index features) {
  return {Matrix(n, features), Tokens(static_cast<std::size_t>(n))};
}
}  // namespace

Examples XorShape::draw(Index n, Random& random, Counts counts) const {
  expect_examples("XorShape::draw", n, 4, counts);
  Examples examples = empty(n, 2);
  for (Index i = 0; i < n; ++i) {
    const Index corner = cluster_of(i, 4, counts, random);
    const bool right = corner % 2 == 1, up = corner / 2 == 1;
    examples.features(i, 0) = static_cast<Scalar>((right ? 1 : -1) + deviation * random.normal());
    examples.features(i, 1) = static_cast<Scalar>((up ? 1 : -1) + deviation * random.normal());
    examples.classes[static_cast<std::size_t>(i)] = right != up;
  }
  return examples;
}

double XorShape::probability(double x, double y) const {
  // Of two clusters at ±1 of equal deviation, the right one has the odds exp(2x/σ²).
  const double right = 1 / (1 + std::exp(-2 * x / (deviation * deviation)));
  const double up = 1 / (1 + std::exp(-2 * y / (deviation * deviation)));
  return right * (1 - up) + (1 - right) * up;
}

double XorShape::bayes_accuracy() const {
  const double one = normal_distribution(1 / deviation);  // one feature is on its own side …
  return one * one + (1 - one) * (1 - one);  // … both, or neither, give the right class
}

Examples RingShape::draw(Index n, Random& random, Counts counts) const {
  expect_examples("RingShape::draw", n, 2, counts);
  Examples examples = empty(n, 2);
  for (Index i = 0; i < n; ++i) {
    const Index ring = cluster_of(i, 2, counts, random);
    const double radius = (ring == 1 ? outer : inner) + deviation * random.normal();
    const double angle = random.uniform(0, 2 * std::numbers::pi);
    examples.features(i, 0) = static_cast<Scalar>(radius * std::cos(angle));
    examples.features(i, 1) = static_cast<Scalar>(radius * std::sin(angle));
    examples.classes[static_cast<std::size_t>(i)] = static_cast<Token>(ring);
  }
  return examples;
}

double RingShape::probability(double x, double y) const {
  const double radius = std::hypot(x, y), middle = (inner + outer) / 2;
  return 1 / (1 + std::exp(-(outer - inner) * (radius - middle) / (deviation * deviation)));
}

double RingShape::bayes_accuracy() const {
  return normal_distribution((outer - inner) / (2 * deviation));
}

Examples TargetShape::draw(Index n, Random& random) const {
  expect_size("TargetShape::draw", "rings", rings);
  expect_examples("TargetShape::draw", n, rings, Counts::equal);
  Examples examples = empty(n, 2);
  for (Index i = 0; i < n; ++i) {
    const Index ring = i % rings;
    const double radius = (static_cast<double>(ring) + random.uniform(0.15, 0.85)) / 2;
    const double angle = random.uniform(0, 2 * std::numbers::pi);
    examples.features(i, 0) = static_cast<Scalar>(radius * std::cos(angle));
    examples.features(i, 1) = static_cast<Scalar>(radius * std::sin(angle));
    examples.classes[static_cast<std::size_t>(i)] = static_cast<Token>(ring % 2);
  }
  return examples;
}

GenreWorld::GenreWorld(const GenreOptions& options, Random& random) : options_(options) {
  const GenreOptions& o = options_;
  if (!(o.genres >= 2 && o.features >= 1 && o.styles >= 1 && o.deviation > 0))
    throw Error(
        fmt::format("GenreWorld: {} genres, {} features, {} styles, deviation {}; at least 2, 1 "
                    "and 1 are needed, and a "
                    "deviation above 0",
                    o.genres, o.features, o.styles, o.deviation));
  centres_.resize(o.genres * o.styles, o.features);
  random.fill_normal(centres_, 1);
}

Examples GenreWorld::draw(Index n, Random& random) const {
  expect_examples("GenreWorld::draw", n, options_.genres, Counts::equal);
  Examples songs = empty(n, options_.features);
  random.fill_normal(songs.features, options_.deviation);
  for (Index i = 0; i < n; ++i) {
    const Index genre = i % options_.genres;
    songs.features.row(i) += centres_.row(genre * options_.styles + random.below(options_.styles));
    songs.classes[static_cast<std::size_t>(i)] = static_cast<Token>(genre);
  }
  return songs;
}

Matrix GenreWorld::probabilities(const ConstMatrixRef& features) const {
  expect_shape("GenreWorld::probabilities", "features", features, any, options_.features);
  Matrix p = Matrix::Zero(features.rows(), options_.genres);
  for (Index i = 0; i < p.rows(); ++i) {
    Eigen::ArrayXd energy(centres_.rows());  // −|x − centre|² / 2σ²
    for (Index k = 0; k < energy.size(); ++k)
      energy[k] = -static_cast<double>((features.row(i) - centres_.row(k)).squaredNorm()) / 2;
    energy /= options_.deviation * options_.deviation;
    energy = (energy - energy.maxCoeff()).exp();
    for (Index k = 0; k < energy.size(); ++k)
      p(i, k / options_.styles) += static_cast<Scalar>(energy[k] / energy.sum());
  }
  return p;
}

}  // namespace damla::worlds
