#pragma once

#include "damla/core/matrix.hpp"
#include "damla/core/random.hpp"

namespace damla::worlds {

/// N examples of known class.
struct Examples {
  Matrix features;  // (N, C)
  Tokens classes;   // N
};

/// How many examples each cluster (or ring) gets.
enum class Counts {
  equal,  ///< exactly as many: then logistic regression is no better than guessing
  random  ///< each example draws its own: the larger clusters pull the line, and it cuts off a
          ///< corner by luck
};

/// Exclusive or: four clusters at (±1, ±1); class 1 where exactly one of the two features is high.
/// No line parts the classes.
struct XorShape {
  double deviation = 0.35;  ///< of each cluster, along both axes

  /// n examples around the four corners. Throws Error unless n ≥ 4, and a multiple of 4 where
  /// counts are equal.
  Examples draw(Index n, Random& random, Counts counts = Counts::equal) const;
  /// The true P(class 1 | x, y).
  double probability(double x, double y) const;
  /// The accuracy of the best possible classifier, whose border are the two axes: Φ(1/σ)² + (1 −
  /// Φ(1/σ))².
  double bayes_accuracy() const;
};

/// Two rings around the same centre: class 0 is the inner, class 1 the outer one. No line parts
/// them either.
struct RingShape {
  double inner = 1, outer = 2;  ///< mean radius
  double deviation = 0.15;      ///< of the radius, which is normal; directions are uniform

  /// n examples on the two rings. Throws Error unless n ≥ 2, and even where counts are equal.
  Examples draw(Index n, Random& random, Counts counts = Counts::equal) const;
  /// The true P(class 1 | x, y), which depends on the radius alone.
  double probability(double x, double y) const;
  /// The accuracy of the best possible classifier, whose border is the circle half-way: Φ((outer −
  /// inner) / 2σ).
  double bayes_accuracy() const;
};

/// A target: rings inside one another, whose classes alternate. They lie apart, so that the best
/// possible classifier is always right.
struct TargetShape {
  Index rings = 4;

  /// n examples, as many in each ring; the radius of ring k is uniform in (k + 0.15, k + 0.85) / 2.
  /// Throws Error unless there is a ring, and n is a positive multiple of their number.
  Examples draw(Index n, Random& random) const;
};

struct GenreOptions {
  Index genres = 6;
  Index features = 12;  ///< tempo, energy, loudness, …: standardised, so that each is about as
                        ///< large as the others
  Index styles = 4;  ///< in each genre: clusters that need not lie near each other, which is what
                     ///< bends the borders
  double deviation =
      0.8;  ///< of a style's songs, along each feature; the styles' centres have the deviation 1
};

/// Music with many genres and many features. Each genre is a handful of styles, each style a round
/// cluster of songs in C dimensions; where the styles lie is drawn when the world is made. So the
/// exact probabilities are known.
class GenreWorld {
 public:
  /// Throws Error unless there are at least 2 genres, 1 feature and 1 style, and the deviation is
  /// above 0.
  GenreWorld(const GenreOptions& options, Random& random);

  /// n songs, equally many of each genre. Throws Error unless n is a positive multiple of the
  /// number of genres.
  Examples draw(Index n, Random& random) const;
  /// The true P(genre | features): (N, features) → (N, genres).
  Matrix probabilities(const ConstMatrixRef& features) const;

  const GenreOptions& options() const { return options_; }

 private:
  GenreOptions options_;
  Matrix centres_;  // (genres·styles, features); row g·styles + s
};

}  // namespace damla::worlds
