// Lesson 1. Rap or arabesk? A model hears only tempo and energy, and finds the line (claims 2, 3
// and 4 of the lecture). docs/en/01_rap_or_arabesk.md walks through it.
#include <fmt/format.h>

#include <cmath>

#include "claims.hpp"
#include "damla/data/csv.hpp"
#include "damla/data/standardizer.hpp"
#include "damla/nn/loss.hpp"
#include "damla/optim/sgd.hpp"
#include "damla/train/metrics.hpp"
#include "pictures.hpp"

using namespace damla;
using worlds::Songs, worlds::SongWorld;

Songs read_songs(const std::string& path) {
  const CsvTable table = read_csv(path);
  Songs songs{table.numbers({"tempo", "energy"}), table.classes("genre", {"rap", "arabesk"}), {}};
  if (table.has("danceability")) songs.danceability = table.numbers({"danceability"});
  return songs;
}

/// Gradient descent on all songs at once. The targets are genres, or numbers.
void train(LinearModel& model, auto& loss, const Matrix& x, const auto& targets, Sgd sgd,
           Index steps) {
  for (Index step = 0; step < steps; ++step) {
    const Matrix& y = model.forward(x);  // y = x·W + b: how far on which side of the line
    loss.forward(y, targets);            // how wrong that is
    zero_gradients(model);
    model.backward(x, loss.backward(y, targets));  // which way each weight makes it worse
    sgd.step(model);                               // one step the other way
    if (step % 50 == 0) fmt::print("step {:3}   loss {:.4f}\n", step, loss.loss);
  }
}

void run(report::Lesson& lesson) {
  // 1. Songs whose genre is known. The generator knows the truth about its songs; a file does not.
  const SongWorld world;
  Random random(lesson.seed);
  const bool own = lesson.flag("--data");
  const Songs songs = own ? read_songs(lesson.option("--data")) : world.draw(2000, random);
  const Songs fresh =
      own ? songs
          : world.draw(lesson.fast ? 5000 : 50000, random);  // to measure with, not to learn
  if (own)
    fmt::print(
        "The truth behind your songs is not known: figures are of these songs, and not "
        "asserted.\n\n");
  if (lesson.flag("--write-data"))
    write_songs(lesson.option("--write-data"), songs,
                fmt::format("Songs that do not exist, drawn by 01_rap_or_arabesk --seed {} "
                            "--write-data FILE. Tempo in "
                            "beats per minute, energy from 0 to 1, danceability in points.",
                            lesson.seed));
  const auto claim = [&](report::Claim c, double measured, double low, double high, double truth) {
    if (!own) c.low = low, c.high = high, c.truth = truth;
    lesson.claim(c, measured, !own && !lesson.fast);
  };

  // 2. Find the line.
  const Standardizer scale(songs.features);
  const Matrix x = scale.apply(songs.features);
  LinearModel model(2, 1);
  BinaryCrossEntropy loss;
  train(model, loss, x, songs.genres, Sgd{.learning_rate = 1, .momentum = Scalar(0.9)},
        lesson.fast ? 150 : 300);

  // 3. The line in the units of the songs: each weight divided by its feature's deviation.
  const double per_bpm = model.weight.value(0, 0) / scale.std[0];
  const double per_energy = model.weight.value(1, 0) / scale.std[1];
  const double offset =
      model.bias.value(0, 0) - per_bpm * scale.mean[0] - per_energy * scale.mean[1];
  const auto p_arabesk = [&](double bpm, double energy) {
    return 1 / (1 + std::exp(-(per_bpm * bpm + per_energy * energy + offset)));
  };
  fmt::print("\nThe line: {:.4f}·tempo {:+.3f}·energy {:+.3f} = 0; above 0: arabesk\n", per_bpm,
             per_energy, offset);
  const Matrix fresh_x = scale.apply(fresh.features);
  loss.forward(model.forward(fresh_x), fresh.genres);
  const double percent = 100 * accuracy(predicted_classes(model.y), fresh.genres),
               best = 100 * world.bayes_accuracy();
  claim(claims::line_tells_rap_from_arabesk, percent, best - 1, best + 1, best);

  // 4. The farther from the line, the surer.
  const double bpm = 80, energy = 0.3, p = p_arabesk(bpm, energy),
               truth = world.arabesk_probability(bpm, energy);
  fmt::print("\nA song of {} BPM and energy {}: {:.1f} % arabesk, {:.1f} % rap\n", bpm, energy,
             100 * p, 100 - 100 * p);
  claim(claims::song_is_arabesk, p, std::max(0.96, truth - 0.02), std::min(0.995, truth + 0.02),
        truth);
  std::vector<std::vector<std::string>> rows{
      {"it said P(arabesk)", "songs", "mean", "were arabesk"}};
  for (const ReliabilityBin& bin : reliability_table(loss.probabilities, fresh.genres))
    rows.push_back({fmt::format("{:.1f} – {:.1f}", bin.low, bin.high), std::to_string(bin.count),
                    fmt::format("{:.3f}", bin.mean_probability), fmt::format("{:.3f}", bin.share)});
  lesson.table("Reliability: what it said, and what came", "Güvenilirlik: ne dedi, ne çıktı", rows);
  draw_border(lesson, songs, p_arabesk);
  draw_distances(lesson, model, loss.probabilities, fresh, own ? nullptr : &world);

  // 5. A number in place of a class is regression: the same line, another loss.
  if (songs.danceability.size() == 0) return;
  LinearModel dance(2, 1);
  SquaredError squared;
  train(dance, squared, x, songs.danceability,
        Sgd{.learning_rate = Scalar(0.1), .momentum = Scalar(0.9)}, lesson.fast ? 150 : 300);
  const double r2 = r_squared(dance.forward(fresh_x), fresh.danceability),
               best_r2 = world.dance_r_squared();
  claim(claims::regression_says_a_number, r2, best_r2 - 0.02, best_r2 + 0.02, best_r2);
  draw_regression(lesson, dance.y, fresh.danceability);
}

int main(int argc, char** argv) {
  return report::run_lesson(
      {"01_rap_or_arabesk",
       "Rap or arabesk? Finds the line between two genres in tempo and energy.",
       {{"--data", "FILE",
         "Your own songs: CSV with the columns tempo, energy, genre (rap or "
         "arabesk) and, if you like, danceability"},
        {"--write-data", "FILE", "Writes the songs that it learned from as CSV"}}},
      argc, argv, run);
}
