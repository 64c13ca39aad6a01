#pragma once

#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "damla/core/files.hpp"
#include "damla/data/csv.hpp"
#include "damla/data/standardizer.hpp"
#include "damla/models/linear_model.hpp"
#include "damla/nn/loss.hpp"
#include "damla/optim/sgd.hpp"
#include "points.hpp"
#include "worlds/songs.hpp"

namespace damla::playground {

/// Songs on a plane (tempo, energy), the line between two genres, and the steps of lesson 01:
/// gradient descent on all songs at once. Class 1 is arabesk.
class Line {
 public:
  /// The seed is that of the fresh songs.
  explicit Line(std::int32_t seed) : seed_(seed) {}

  /// Other songs; the line stays where it is.
  void set_songs(const std::vector<float>& xy, const std::vector<std::int32_t>& label) {
    Points songs("Line", {xy, label});
    const std::vector<float> line = weights();
    scale_.emplace(songs.features);
    songs_.emplace(std::move(songs));
    x_ = scale_->apply(songs_->features);
    for (Index k = 0; k < 2; ++k)
      model_.weight.value(k, 0) = line[static_cast<std::size_t>(k)] * scale_->std[k];
    model_.bias.value(0, 0) = line[0] * scale_->mean[0] + line[1] * scale_->mean[1] + line[2];
    sgd_.velocities.clear();
  }

  void set_learning_rate(double rate) { sgd_.learning_rate = static_cast<Scalar>(rate); }

  /// n steps. Returns the loss before the last of them, in nats a song.
  double step(std::int32_t n) {
    expect_songs();
    for (std::int32_t i = 0; i < n; ++i) {
      learn();
      sgd_.step(model_);
    }
    return loss_.loss;
  }

  /// w₁, w₂ and b in the units of the songs: w₁·tempo + w₂·energy + b = 0 on the line. The model
  /// knows (feature − mean) / std.
  std::vector<float> weights() const {
    if (!scale_) return {0, 0, 0};
    const Scalar w1 = model_.weight.value(0, 0) / scale_->std[0],
                 w2 = model_.weight.value(1, 0) / scale_->std[1];
    return {w1, w2, model_.bias.value(0, 0) - w1 * scale_->mean[0] - w2 * scale_->mean[1]};
  }

  /// How the loss changes with w₁, w₂ and b in the units of the songs.
  std::vector<float> gradient() {
    expect_songs();
    learn();
    const Scalar of_b = model_.bias.grad()(0, 0);
    return {model_.weight.grad()(0, 0) * scale_->std[0] + of_b * scale_->mean[0],
            model_.weight.grad()(1, 0) * scale_->std[1] + of_b * scale_->mean[1], of_b};
  }

  /// P(arabesk) of a song.
  double probability(double tempo, double energy) const {
    const std::vector<float> w = weights();
    return 1 / (1 + std::exp(-(w[0] * tempo + w[1] * energy + w[2])));
  }
  /// P(arabesk) at n × n places of the world's range: a row has one energy, the first the lowest.
  std::vector<float> grid(std::int32_t n) const {
    const auto& o = world().options();
    std::vector<float> p;
    for (std::int32_t row = 0; row < n; ++row)
      for (std::int32_t column = 0; column < n; ++column)
        p.push_back(static_cast<float>(probability(place(o.lowest[0], o.highest[0], column, n),
                                                   place(o.lowest[1], o.highest[1], row, n))));
    return p;
  }

  /// The share of the songs on their own side of the line.
  double accuracy() const {
    expect_songs();
    return accuracy_of(songs_->features, songs_->classes);
  }
  /// The same of 5,000 songs of the lesson's world that it has not seen.
  double fresh_accuracy() const {
    Random random(static_cast<std::uint64_t>(seed_), 1);
    const worlds::Songs fresh = world().draw(5000, random);
    return accuracy_of(fresh.features, fresh.genres);
  }

  /// The first n songs of the lesson with this seed, which learns from 2,000.
  static LabelledPoints lesson_songs(std::int32_t seed, std::int32_t n) {
    Random random(static_cast<std::uint64_t>(seed));
    const worlds::Songs songs = world().draw(n, random);
    return labelled(songs.features, songs.genres);
  }
  /// Songs from a CSV text with the columns tempo, energy and genre (rap or arabesk).
  static LabelledPoints read_songs(const std::string& csv) {
    const std::string path = "songs.csv";
    write_file_whole(path, csv);
    const CsvTable table = read_csv(path);
    return labelled(table.numbers({"tempo", "energy"}), table.classes("genre", {"rap", "arabesk"}));
  }
  /// Of the best possible classifier.
  static double best_accuracy() { return world().bayes_accuracy(); }

 private:
  static const worlds::SongWorld& world() {
    static const worlds::SongWorld only;
    return only;
  }
  void expect_songs() const { require(songs_.has_value(), "Line: there are no songs yet"); }
  /// Forward and backward, as in the lesson.
  void learn() {
    const Matrix& y = model_.forward(x_);
    loss_.forward(y, songs_->classes);
    zero_gradients(model_);
    model_.backward(x_, loss_.backward(y, songs_->classes));
  }
  double accuracy_of(const Matrix& songs, TokenSpan genres) const {
    double right = 0;
    for (Index i = 0; i < songs.rows(); ++i) {
      const double p =
          probability(static_cast<double>(songs(i, 0)), static_cast<double>(songs(i, 1)));
      right += (p > 0.5) == (genres[static_cast<std::size_t>(i)] == worlds::arabesk);
    }
    return right / static_cast<double>(songs.rows());
  }

  std::int32_t seed_;
  std::optional<Points> songs_;
  std::optional<Standardizer> scale_;
  Matrix x_;  // (N, 2): the songs on one scale
  LinearModel model_{2, 1};
  BinaryCrossEntropy loss_;
  Sgd sgd_{.learning_rate = 1, .momentum = Scalar(0.9)};
};

}  // namespace damla::playground
