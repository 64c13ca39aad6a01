#include "worlds/songs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "damla/core/files.hpp"

namespace damla::worlds {

namespace {
constexpr int cells = 600;  // of the grid along each axis: integrals to about 1e-6

/// Calls visit(tempo, energy) for the middle of each cell of a grid over the plausible range.
template <class Visit>
void visit_grid(const SongOptions& o, Visit visit) {
  for (int i = 0; i < cells; ++i)
    for (int j = 0; j < cells; ++j)
      visit(o.lowest[0] + (o.highest[0] - o.lowest[0]) * (i + 0.5) / cells,
            o.lowest[1] + (o.highest[1] - o.lowest[1]) * (j + 0.5) / cells);
}

bool plausible(const SongOptions& o, double tempo, double energy) {
  return tempo >= o.lowest[0] && tempo <= o.highest[0] && energy >= o.lowest[1] &&
         energy <= o.highest[1];
}

double dance_mean(const SongOptions& o, double tempo, double energy) {
  return o.dance_base + o.dance_per_tempo * tempo + o.dance_per_energy * energy;
}
}  // namespace

SongWorld::SongWorld(const SongOptions& options) : options_(options) {
  const SongOptions& o = options_;
  for (const std::size_t k : {std::size_t(0), std::size_t(1)}) {
    const double range = o.highest[k] - o.lowest[k];
    if (!(range > 0 && o.deviation[k] >= range / 100))
      throw Error(
          fmt::format("SongWorld: the {} goes from {} to {} with a deviation of {}; the range "
                      "needs to be above 0 and the "
                      "deviation at least 1 % of it",
                      k == 0 ? "tempo" : "energy", o.lowest[k], o.highest[k], o.deviation[k]));
  }
  if (!(std::abs(o.correlation) < 1 && o.arabesk_share >= 0 && o.arabesk_share <= 1 &&
        o.dance_noise > 0))
    throw Error(
        fmt::format("SongWorld: correlation is {}, arabesk_share {}, dance_noise {}; they need to "
                    "be in (-1, 1), in [0, 1] "
                    "and above 0",
                    o.correlation, o.arabesk_share, o.dance_noise));

  const double area =
      (o.highest[0] - o.lowest[0]) * (o.highest[1] - o.lowest[1]) / (double(cells) * cells);
  std::array<double, 2> mass{0, 0};
  visit_grid(o, [&](double tempo, double energy) {
    for (const Token genre : {rap, arabesk})
      mass[static_cast<std::size_t>(genre)] += area * joint(genre, tempo, energy);
  });
  const double whole =  // ∫ of the density without its constant, over the plane
      2 * std::numbers::pi * o.deviation[0] * o.deviation[1] *
      std::sqrt(1 - o.correlation * o.correlation);
  for (const std::size_t genre : {std::size_t(0), std::size_t(1)}) {
    if (mass[genre] < 1e-3 * whole)
      throw Error(
          fmt::format("SongWorld: less than one {} song in a thousand lies in the plausible range "
                      "(move its mean or "
                      "widen the range)",
                      genre == std::size_t(arabesk) ? "arabesk" : "rap"));
    scale_[genre] =
        (genre == std::size_t(arabesk) ? o.arabesk_share : 1 - o.arabesk_share) / mass[genre];
  }

  double mean = 0, square = 0;
  visit_grid(o, [&](double tempo, double energy) {
    const double r = area * joint(rap, tempo, energy), a = area * joint(arabesk, tempo, energy);
    const double dance = dance_mean(o, tempo, energy);
    bayes_accuracy_ += std::max(r, a);
    mean += (r + a) * dance;
    square += (r + a) * dance * dance;
  });
  const double variance = square - mean * mean;
  dance_r_squared_ = variance / (variance + o.dance_noise * o.dance_noise);
}

double SongWorld::joint(Token genre, double tempo, double energy) const {
  const auto& mean = genre == arabesk ? options_.arabesk_mean : options_.rap_mean;
  const double u = (tempo - mean[0]) / options_.deviation[0],
               v = (energy - mean[1]) / options_.deviation[1];
  const double c = options_.correlation;
  return scale_[static_cast<std::size_t>(genre)] *
         std::exp(-(u * u - 2 * c * u * v + v * v) / (2 * (1 - c * c)));
}

double SongWorld::arabesk_probability(double tempo, double energy) const {
  // 1 / (1 + rap / arabesk), the ratio from the difference of the exponents: far from both means
  // each alone would round to 0
  const SongOptions& o = options_;
  const double c = o.correlation;
  const auto exponent = [&](const std::array<double, 2>& mean) {
    const double u = (tempo - mean[0]) / o.deviation[0], v = (energy - mean[1]) / o.deviation[1];
    return -(u * u - 2 * c * u * v + v * v) / (2 * (1 - c * c));
  };
  return 1 /
         (1 + scale_[0] / scale_[1] * std::exp(exponent(o.rap_mean) - exponent(o.arabesk_mean)));
}

Songs SongWorld::draw(Index n, Random& random) const {
  if (n < 1) throw Error(fmt::format("SongWorld::draw: n is {}, but needs to be at least 1", n));
  const SongOptions& o = options_;
  Songs songs{Matrix(n, 2), Tokens(static_cast<std::size_t>(n)), Matrix(n, 1)};
  for (Index i = 0; i < n; ++i) {
    const Token genre = random.chance(o.arabesk_share) ? arabesk : rap;
    const auto& mean = genre == arabesk ? o.arabesk_mean : o.rap_mean;
    double tempo = 0, energy = 0;
    do {
      const double u = random.normal(), w = random.normal();
      tempo = mean[0] + o.deviation[0] * u;
      energy = mean[1] + o.deviation[1] *
                             (o.correlation * u + std::sqrt(1 - o.correlation * o.correlation) * w);
    } while (!plausible(o, tempo, energy));
    songs.features(i, 0) = static_cast<Scalar>(tempo);
    songs.features(i, 1) = static_cast<Scalar>(energy);
    songs.genres[static_cast<std::size_t>(i)] = genre;
    songs.danceability(i, 0) =
        static_cast<Scalar>(dance_mean(o, tempo, energy) + o.dance_noise * random.normal());
  }
  return songs;
}

void write_songs(const std::string& path, const Songs& songs, const std::string& comment) {
  std::string text = fmt::format("# {}\ntempo,energy,genre,danceability\n", comment);
  for (Index i = 0; i < songs.features.rows(); ++i)
    text += fmt::format("{:.3f},{:.5f},{},{:.2f}\n", songs.features(i, 0), songs.features(i, 1),
                        songs.genres[static_cast<std::size_t>(i)] == arabesk ? "arabesk" : "rap",
                        songs.danceability(i, 0));
  write_file_whole(path, text);
}

}  // namespace damla::worlds
