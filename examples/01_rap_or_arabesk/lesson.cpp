// Lesson 01: rap or arabesk? A model knows a song's tempo and energy, and nothing else. From songs
// whose genre is known it finds the line between the two genres: gradient descent, the loop of all
// lessons to come. The model is called logistic regression. The farther a song lies from the line,
// the surer the model is. With another loss, the same model says a number.
#include <fmt/format.h>

#include "claims.hpp"
#include "damla/data/standardizer.hpp"
#include "damla/models/linear_model.hpp"
#include "damla/nn/loss.hpp"
#include "damla/optim/sgd.hpp"
#include "damla/train/metrics.hpp"
#include "data.hpp"
#include "pictures.hpp"

using namespace damla;
using namespace damla::worlds;
using report::Lesson;

/// Data: songs that do not exist, so the truth about them is known.
Data draw_songs(const Lesson& lesson) {
  const SongWorld world;
  Random random(lesson.seed);
  const Songs songs = world.draw(2000, random);
  // To measure with, not to learn from.
  const Songs fresh = world.draw(lesson.fast ? 5000 : 50000, random);
  return {songs, fresh, world};
}

/// The training loop: gradient descent on all songs at once. The targets are genres, or numbers.
void learn(LinearModel& model, auto& loss, const Matrix& x, const auto& targets, Sgd sgd,
           Index steps) {
  for (Index step = 0; step < steps; ++step) {
    // Forward: y = x·W + b says how far each song lies from the line, and on which side.
    const Matrix& y = model.forward(x);
    // The loss: how wrong that is.
    loss.forward(y, targets);
    // Gradients add up, so each step begins at zero.
    zero_gradients(model);
    // Backward: how the loss changes with y, and from there with each weight.
    model.backward(x, loss.backward(y, targets));
    // The update: one step downhill.
    sgd.step(model);
    if (step % 50 == 0)
      report::say("step {:3}   loss {:.4f}\n", "adım {:3}   kayıp {:.4f}\n", step, loss.loss);
  }
}

/// The line in the units of the songs: per_bpm·tempo + per_energy·energy + offset = 0.
struct Line {
  double per_bpm, per_energy, offset;

  /// The model knows (feature − mean) / std: so each weight is divided by its feature's std.
  Line(const LinearModel& model, const Standardizer& scale)
      : per_bpm(model.weight.value(0, 0) / scale.std[0]),
        per_energy(model.weight.value(1, 0) / scale.std[1]),
        offset(model.bias.value(0, 0) - per_bpm * scale.mean[0] - per_energy * scale.mean[1]) {}

  /// The sigmoid of the distance: ½ on the line, towards 1 or 0 far from it.
  double p_arabesk(double bpm, double energy) const {
    return 1 / (1 + std::exp(-(per_bpm * bpm + per_energy * energy + offset)));
  }
};

/// Claim 3, by hand: one song through the formula, step by step, beside what the model says of it.
double by_hand(Lesson& lesson, const Line& line, LinearModel model, const Standardizer& scale,
               double bpm, double energy) {
  const double of_tempo = line.per_bpm * bpm;
  const double of_energy = line.per_energy * energy;
  const double score = of_tempo + of_energy + line.offset;
  const double p = 1 / (1 + std::exp(-score));

  BinaryCrossEntropy loss;  // whose forward pass has the sigmoid, too
  const Matrix song{{static_cast<Scalar>(bpm), static_cast<Scalar>(energy)}};
  loss.forward(model.forward(scale.apply(song)), Tokens{1});
  const auto says = static_cast<double>(loss.probabilities(0, 0));
  const auto row = [](const char* name, const std::string& how, double result) {
    return std::vector{std::string(name), how, fmt::format("{:.4f}", result)};
  };
  lesson.table(
      "One song by hand", "Bir şarkı, elle",
      {{"step / adım", "how / nasıl", "="},
       row("w₁·tempo", fmt::format("{:.4f} · {}", line.per_bpm, bpm), of_tempo),
       row("w₂·energy / w₂·enerji", fmt::format("{:.4f} · {}", line.per_energy, energy), of_energy),
       row("b", "", line.offset),
       row("score / puan", "w₁·tempo + w₂·energy + b / w₁·tempo + w₂·enerji + b", score),
       row("e^(−score) / e^(−puan)", "", std::exp(-score)),
       row("P(arabesk)", "1/(1 + e^(−score)) / 1/(1 + e^(−puan))", p),
       row("the model / model", "", says)});
  lesson.claim(claims::model_is_the_formula, std::abs(p - says));
  return p;
}

/// Claims 2 and 3: a line tells the genres apart. The farther from it, the surer.
void classify(Lesson& lesson, const Data& data, const Standardizer& scale) {
  // Model: two weights and an offset, which start at zero.
  LinearModel model(2, 1);

  // Loop.
  BinaryCrossEntropy loss;
  learn(model, loss, scale.apply(data.songs.features), data.songs.genres,
        Sgd{.learning_rate = 1, .momentum = Scalar(0.9)}, lesson.fast ? 150 : 300);
  const Line line(model, scale);
  report::say("\nThe line: {:.4f}·tempo {:+.3f}·energy {:+.3f} = 0; above 0: arabesk\n",
              "\nÇizgi: {:.4f}·tempo {:+.3f}·enerji {:+.3f} = 0; 0'ın üstü: arabesk\n",
              line.per_bpm, line.per_energy, line.offset);

  // Figures: how often it is right about fresh songs, and how sure it is.
  const bool asserted = data.world && !lesson.fast;
  loss.forward(model.forward(scale.apply(data.fresh.features)), data.fresh.genres);
  lesson.claim(claims::line_tells_rap_from_arabesk(data.world),
               100 * accuracy(predicted_classes(model.y), data.fresh.genres), asserted);
  const double bpm = 80, energy = 0.3;
  const double p = by_hand(lesson, line, model, scale, bpm, energy);
  report::say("\nA song of {} BPM and energy {}: {:.1f} % arabesk, {:.1f} % rap\n",
              "\nTemposu {} BPM, enerjisi {} olan şarkı: %{:.1f} arabesk, %{:.1f} rap\n", bpm,
              energy, 100 * p, 100 - 100 * p);
  lesson.claim(claims::song_is_arabesk(data.world, bpm, energy), p, asserted);
  show_reliability(lesson, loss.probabilities, data.fresh);
  draw_border(lesson, data.songs, [&](double x, double y) { return line.p_arabesk(x, y); });
  draw_distances(lesson, model, loss.probabilities, data);
}

/// Claim 4: a number in place of a class is regression. The same model and loop, another loss.
void regress(Lesson& lesson, const Data& data, const Standardizer& scale) {
  LinearModel model(2, 1);
  SquaredError loss;
  learn(model, loss, scale.apply(data.songs.features), data.songs.danceability,
        Sgd{.learning_rate = Scalar(0.1), .momentum = Scalar(0.9)}, lesson.fast ? 150 : 300);
  const Matrix& predicted = model.forward(scale.apply(data.fresh.features));
  lesson.claim(claims::regression_says_a_number(data.world),
               r_squared(predicted, data.fresh.danceability), data.world && !lesson.fast);
  draw_regression(lesson, predicted, data.fresh.danceability);
}

void rap_or_arabesk(Lesson& lesson) {
  const Data data = lesson.flag("--data") ? own_songs(lesson.option("--data")) : draw_songs(lesson);
  if (lesson.flag("--write-data")) write_data(lesson, data);
  // Tempo and energy on one scale: else the larger numbers of the tempo would shake every step.
  const Standardizer scale(data.songs.features);
  classify(lesson, data, scale);
  if (data.songs.danceability.size() > 0) regress(lesson, data, scale);
}

int main(int argc, char** argv) {
  return report::run_lesson(
      {"01_rap_or_arabesk",
       "Rap or arabesk? Finds the line between two genres in tempo and energy.",
       "Rap mi, arabesk mi? Tempo ve enerjiden iki türün arasındaki çizgiyi bulur.",
       {{"--data", "FILE",
         "Your own songs: CSV with the columns tempo, energy, genre (rap or "
         "arabesk) and, if you like, danceability",
         "Kendi şarkılarınız: tempo, energy, genre (rap ya da arabesk) ve isterseniz danceability "
         "sütunları olan CSV"},
        {"--write-data", "FILE", "Writes the songs that it learned from as CSV",
         "Öğrendiği şarkıları CSV olarak yazar"}}},
      argc, argv, rap_or_arabesk);
}
