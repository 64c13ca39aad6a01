#pragma once

#include <array>
#include <string>

#include "damla/core/matrix.hpp"
#include "damla/core/random.hpp"

namespace damla::worlds {

/// The two genres: the targets of BinaryCrossEntropy, whose probability is then P(arabesk).
inline constexpr Token rap = 0, arabesk = 1;

/// The truth behind the songs. Change it, and every figure follows.
struct SongOptions {
  std::array<double, 2> arabesk_mean{
      85, 0.35};  ///< tempo in beats per minute (BPM), energy from 0 to 1
  std::array<double, 2> rap_mean{115, 0.65};
  std::array<double, 2> deviation{
      16, 0.15};  ///< of both genres: with one common covariance the best border is a line
  double correlation = 0.25;   ///< between tempo and energy within a genre
  double arabesk_share = 0.5;  ///< of the songs
  std::array<double, 2> lowest{40, 0},
      highest{200, 1};  ///< the plausible range: a song outside is drawn again

  /// danceability = base + per_tempo·tempo + per_energy·energy + noise, in points
  double dance_base = 10, dance_per_tempo = 0.25, dance_per_energy = 40, dance_noise = 8;
};

/// N songs: what a model sees, and what it is to say.
struct Songs {
  Matrix features;      // (N, 2): tempo in BPM, energy
  Tokens genres;        // N: rap or arabesk
  Matrix danceability;  // (N, 1): points
};

/// Draws songs of two genres and knows the exact probabilities behind them. Each genre is a normal
/// distribution in tempo and energy, cut off at the plausible range (and not clipped to it, which
/// would pile songs up at its edges).
class SongWorld {
 public:
  /// Throws Error for a truth that is none: a deviation below 1 % of the range (integrals need some
  /// cells of their grid in it), a correlation outside (−1, 1), an empty range, a genre of which
  /// less than one song in a thousand is plausible.
  explicit SongWorld(const SongOptions& options = {});

  /// The next n songs, independent of each other.
  Songs draw(Index n, Random& random) const;

  /// The true P(arabesk | tempo, energy): Bayes' rule with the densities of the cut-off
  /// distributions.
  double arabesk_probability(double tempo, double energy) const;
  /// The accuracy of the best possible classifier: ∫ max(P(rap, x), P(arabesk, x)) dx, on a grid.
  double bayes_accuracy() const { return bayes_accuracy_; }
  /// R² of the true danceability without its noise: the best that regression can reach.
  double dance_r_squared() const { return dance_r_squared_; }

  const SongOptions& options() const { return options_; }

 private:
  /// share · density of a genre inside the plausible range.
  double joint(Token genre, double tempo, double energy) const;

  SongOptions options_;
  std::array<double, 2> scale_{
      1, 1};  ///< by genre: share / (the normal density's constant · its mass in the range)
  double bayes_accuracy_ = 0, dance_r_squared_ = 0;
};

/// Writes songs as CSV, with columns tempo, energy, genre and danceability, below a comment line.
/// Throws Error when it cannot.
void write_songs(const std::string& path, const Songs& songs, const std::string& comment);

}  // namespace damla::worlds
