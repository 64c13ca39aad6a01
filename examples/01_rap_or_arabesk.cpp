// Lesson 1. Rap or arabesk? A model hears only tempo and energy, and finds the line (claims 2, 3 and 4 of the lecture).
// docs/en/01_rap_or_arabesk.md walks through it.
#include <fmt/format.h>

#include <array>
#include <cmath>
#include <map>

#include "damla/core/threads.hpp"
#include "damla/models/linear_model.hpp"
#include "damla/nn/loss.hpp"
#include "damla/optim/sgd.hpp"
#include "damla/report/lesson.hpp"
#include "damla/report/picture.hpp"
#include "damla/synthetic/songs.hpp"
#include "damla/train/csv.hpp"
#include "damla/train/metrics.hpp"
#include "damla/train/standardizer.hpp"

using namespace damla;
using synthetic::Songs;

Songs read_songs(const std::string& path) {
  const CsvTable table = read_csv(path);
  Songs songs{table.numbers({"tempo", "energy"}), table.classes("genre", {"rap", "arabesk"}), {}};
  if (table.has("danceability")) songs.danceability = table.numbers({"danceability"});
  return songs;
}

/// Gradient descent on all songs at once: forward, loss, backward, step. `targets` are genres, or numbers.
template <class Loss>
double train(LinearModel& model, Loss& loss, const Matrix& x, const auto& targets, Sgd sgd, Index steps) {
  for (Index step = 0; step < steps; ++step) {
    const Matrix& y = model.forward(x);          // y = x·W + b: how far on which side of the line
    loss.forward(y, targets);                    // how wrong that is
    zero_gradients(model);
    model.backward(x, loss.backward(y, targets));  // which way each weight makes it worse
    sgd.step(model);                             // one step the other way
    if (step % 50 == 0) fmt::print("step {:3}   loss {:.4f}\n", step, loss.loss);
  }
  return loss.loss;
}

/// P(arabesk) against the signed distance from the line (in standard deviations of the features): mean of what the model said,
/// of the truth, and the share that were arabesk, over the songs of each distance.
void draw_distances(report::Lesson& lesson, const LinearModel& model, const BinaryCrossEntropy& loss, const Songs& songs,
                    const synthetic::SongWorld* world) {
  std::map<Index, std::array<double, 4>> bins;  // by distance in quarters: songs, and three sums
  for (Index i = 0; i < model.y.rows(); ++i) {
    const double distance = model.y(i, 0) / model.weight.value.norm();
    auto& [count, said, came, truth] = bins[static_cast<Index>(std::floor(4 * distance))];
    ++count, said += loss.probabilities(i, 0), came += songs.genres[static_cast<std::size_t>(i)];
    if (world) truth += world->arabesk_probability(songs.features(i, 0), songs.features(i, 1));
  }
  std::vector<report::Series> lines{{"model", {}, {}}, {"were arabesk", {}, {}}, {"truth", {}, {}}};
  for (const auto& [quarter, sums] : bins)
    for (std::size_t k = 0; k < (world ? 3u : 2u) && sums[0] >= 30; ++k) {
      lines[k].x.push_back((static_cast<double>(quarter) + 0.5) / 4);
      lines[k].y.push_back(sums[k + 1] / sums[0]);
    }
  if (!world) lines.pop_back();
  draw_lines(lesson.picture("distance", "The farther from the line, the surer", "Çizgiden ne kadar uzak, o kadar emin"),
             {.title = "The farther from the line, the surer", .x = "signed distance from the line", .y = "P(arabesk)"}, lines);
}

void run(report::Lesson& lesson) {
  // 1. Songs whose genre is known. The generator knows the truth about them; a file does not.
  const synthetic::SongWorld world;
  Random random(lesson.seed);
  const bool own = lesson.flag("--data");
  const Songs songs = own ? read_songs(lesson.option("--data")) : world.draw(1000, random);
  const Songs fresh = own ? songs : world.draw(lesson.fast ? 5000 : 50000, random);  // for measuring: never trained on
  const bool asserted = !own && !lesson.fast;
  if (lesson.flag("--write-data"))
    write_songs(lesson.option("--write-data"), songs, fmt::format(
        "Songs that do not exist, drawn by: 01_rap_or_arabesk --seed {} --write-data FILE. Tempo in BPM, energy from 0 to 1, "
        "danceability in points.", lesson.seed));
  if (own) fmt::print("The truth behind {} is not known: figures are of its own songs, and not asserted.\n", lesson.option("--data"));

  // 2. Find the line.
  const Standardizer scale(songs.features);
  const Matrix x = scale.apply(songs.features);
  LinearModel model(2, 1);
  BinaryCrossEntropy loss;
  train(model, loss, x, songs.genres, Sgd{.rate = 1, .momentum = Scalar(0.9)}, lesson.fast ? 150 : 300);

  // 3. The line in BPM and energy: the standardised weights, divided by each feature's deviation.
  const double per_bpm = model.weight.value(0, 0) / scale.deviation[0], per_energy = model.weight.value(1, 0) / scale.deviation[1];
  const double offset = model.bias.value(0, 0) - per_bpm * scale.mean[0] - per_energy * scale.mean[1];
  const auto p_arabesk = [&](double bpm, double energy) { return 1 / (1 + std::exp(-(per_bpm * bpm + per_energy * energy + offset))); };
  fmt::print("\nThe line: {:.4f}·tempo {:+.3f}·energy {:+.3f} = 0; arabesk where it is above 0\n\n", per_bpm, per_energy, offset);

  const Matrix fresh_x = scale.apply(fresh.features);
  loss.forward(model.forward(fresh_x), fresh.genres);
  const double percent = 100 * accuracy(predicted_classes(model.y), fresh.genres), best = 100 * world.bayes_accuracy();
  lesson.claim({.number = 2, .says = "a line tells rap from arabesk: accuracy", .says_tr = "bir çizgi rap ile arabeski ayırır: doğruluk",
                .measured = percent, .low = own ? 0 : best - 1, .high = own ? 100 : best + 1, .unit = "%",
                .truth = own ? std::nullopt : std::optional(best), .asserted = asserted});

  // 4. The farther from the line, the surer.
  const double bpm = 80, energy = 0.30, p = p_arabesk(bpm, energy), truth = world.arabesk_probability(bpm, energy);
  lesson.claim({.number = 3, .says = fmt::format("a song of {} BPM, energy {:.2f} is arabesk: probability", bpm, energy),
                .says_tr = fmt::format("temposu {} BPM, enerjisi {:.2f} olan şarkı arabesktir: olasılık", bpm, energy), .measured = p, 
                .low = own ? 0 : std::max(0.96, truth - 0.02), .high = own ? 1 : std::min(0.995, truth + 0.02),
                .unit = "", .truth = own ? std::nullopt : std::optional(truth), .asserted = asserted});
  std::vector<std::vector<std::string>> rows{{"it said P(arabesk)", "songs", "mean", "were arabesk"}};
  for (const ReliabilityBin& bin : reliability_table(loss.probabilities, fresh.genres))
    if (bin.count > 0)
      rows.push_back({fmt::format("{:.1f} – {:.1f}", bin.low, bin.high), std::to_string(bin.count),
                      fmt::format("{:.3f}", bin.mean_probability), fmt::format("{:.3f}", bin.share)});
  lesson.table("Reliability: what it said, and what came", "Güvenilirlik: ne dedi, ne çıktı", rows);

  // 5. A number in place of a class is regression: the same line, another loss.
  LinearModel dance(2, 1);
  if (songs.danceability.size() > 0) {
    SquaredError squared;
    train(dance, squared, x, songs.danceability, Sgd{.rate = Scalar(0.1), .momentum = Scalar(0.9)}, lesson.fast ? 150 : 300);
    const double r2 = r_squared(dance.forward(fresh_x), fresh.danceability), best_r2 = world.dance_r_squared();
    lesson.claim({.number = 4, .says = "regression says a number (danceability): R²", .says_tr = "regresyon bir sayı söyler (dans edilebilirlik): R²",
                  .measured = r2, .low = own ? -1e9 : best_r2 - 0.02, .high = own ? 1 : best_r2 + 0.02,
                  .unit = "", .truth = own ? std::nullopt : std::optional(best_r2), .asserted = asserted});
  }

  // 6. Pictures.
  std::vector<report::Series> genres{{"rap", {}, {}}, {"arabesk", {}, {}}}, dances{{"songs", {}, {}}, {"perfect", {}, {}}};
  for (Index i = 0; i < std::min<Index>(500, songs.features.rows()); ++i) {
    report::Series& genre = genres[static_cast<std::size_t>(songs.genres[static_cast<std::size_t>(i)])];
    genre.x.push_back(songs.features(i, 0)), genre.y.push_back(songs.features(i, 1));
  }
  draw_scatter(lesson.picture("border", "Songs, the line, and P(arabesk) as shade", "Şarkılar, çizgi ve gölge olarak P(arabesk)"),
               {.title = "Rap or arabesk? (shade: P(arabesk))", .x = "tempo (BPM)", .y = "energy (enerji)"}, genres, p_arabesk);
  draw_distances(lesson, model, loss, fresh, own ? nullptr : &world);
  if (songs.danceability.size() == 0) return;
  for (Index i = 0; i < std::min<Index>(500, fresh.features.rows()); ++i) {
    dances[0].x.push_back(dance.y(i, 0)), dances[0].y.push_back(fresh.danceability(i, 0));
    dances[1].x.push_back(dance.y(i, 0)), dances[1].y.push_back(dance.y(i, 0));
  }
  draw_scatter(lesson.picture("regression", "What regression said, and what came", "Regresyon ne dedi, ne çıktı"),
               {.title = "Danceability, in points", .x = "said", .y = "came"}, dances);
}

int main(int argc, char** argv) {
  return report::run_lesson({"01_rap_or_arabesk", "Rap or arabesk? Finds the line between two genres in tempo and energy.",
                             {{"--data", "FILE", "Your own songs: CSV with the columns tempo, energy, genre (rap or arabesk) and, "
                                                 "if you like, danceability"},
                              {"--write-data", "FILE", "Writes the songs that it draws as CSV"}}},
                            argc, argv, run);
}
