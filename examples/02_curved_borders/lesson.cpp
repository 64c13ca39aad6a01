// Lesson 02: the best border need not be a line. XOR and rings, where every line fails and eight
// neurons do not. Then many inputs and many classes, which ask for a bigger model and more data.
#include <limits>

#include "claims.hpp"
#include "damla/data/batches.hpp"
#include "damla/models/mlp.hpp"
#include "damla/models/softmax_classifier.hpp"
#include "damla/train/metrics.hpp"
#include "damla/train/train.hpp"
#include "pictures.hpp"
#include "worlds/shapes.hpp"

using namespace damla;
using namespace damla::worlds;
using report::Lesson;

/// The loop, for every model: mini-batches of examples, in another order each epoch. Lesson 01 in
/// one call; `minimize` sets the gradients to zero and takes the steps.
void learn(auto& model, const Examples& data, Index batch_size, Index steps, Random& random) {
  const TrainOptions options{.steps = steps,
                             .learning_rate = 0.02,
                             .warmup = 10,
                             .clip_norm = std::numeric_limits<double>::infinity()};
  Batches batches(data.features.rows(), batch_size);
  CrossEntropy cross_entropy;
  Matrix x;
  Tokens classes;
  Index step = 0;
  minimize(model, options, [&] {
    const Index b = step++ % batches.count();
    if (b == 0) batches.shuffle(random);
    take_rows(x, data.features, batches[b]);
    take_rows(classes, data.classes, batches[b]);
    // What the model says, how wrong that is, and which way each weight makes it worse.
    const Matrix& logits = model.forward(x);
    const double loss = cross_entropy.forward(logits, classes);
    model.backward(x, cross_entropy.backward(logits, classes));
    return loss;
  });
}

double percent_right(auto& model, const Examples& fresh) {
  return 100 * accuracy(predicted_classes(model.forward(fresh.features)), fresh.classes);
}

/// Claim 5: where no line parts two classes, eight neurons do.
void learn_shape(Lesson& lesson, const claims::ShapeName& name, const auto& world) {
  // Data: equally many examples in each cluster, else the line finds a corner by luck.
  Random random(lesson.seed);
  const Counts counts = lesson.flag("--random-counts") ? Counts::random : Counts::equal;
  const Examples data = world.draw(400, random, counts), fresh = world.draw(20000, random);

  // Loop and figures, the same for each model.
  const auto compare = [&](auto model, const report::Claim& claim, const std::string& ending) {
    learn(model, data, 400, lesson.fast ? 400 : 800, random);
    const report::Claim named = claims::of_shape(claim, name, 100 * world.bayes_accuracy());
    lesson.claim(named, percent_right(model, fresh), counts == Counts::equal);
    draw_border(lesson, name.file + ending, named, model, data);
  };

  // Models: a line, a network, and the network without its bend.
  compare(SoftmaxClassifier(2, 2), claims::one_line, "_line");
  compare(Mlp<Tanh>(2, 8, 2, random), claims::eight_neurons, "_mlp");
  compare(Mlp<Identity>(2, 8, 2, random), claims::no_activation, "_identity");
}

/// Six genres, twelve features: networks of each width learn from each number of songs. Accuracies
/// are the mean of three worlds.
template <class Activation>
Grid learn_genres(const Lesson& lesson) {
  Grid grid;
  constexpr int repeats = 3;
  for (int k = 0; k < repeats; ++k) {
    Random random(lesson.seed, static_cast<std::uint64_t>(k));
    const GenreWorld world({}, random);
    const Examples fresh = world.draw(6000, random);
    grid.best += 100 *
                 accuracy(predicted_classes(world.probabilities(fresh.features)), fresh.classes) /
                 repeats;
    for (Index j = 0; j < grid.percent.cols(); ++j) {
      const Examples songs = world.draw(grid.counts[static_cast<std::size_t>(j)], random);
      for (Index i = 0; i < grid.percent.rows(); ++i) {
        Mlp<Activation> model(12, grid.widths[static_cast<std::size_t>(i)], 6, random);
        learn(model, songs, 64, lesson.fast ? 300 : 600, random);
        grid.percent(i, j) += static_cast<Scalar>(percent_right(model, fresh) / repeats);
      }
    }
  }
  return grid;
}

/// Claim 6: a bigger model and more data help, each at every size of the other.
void many_inputs(Lesson& lesson) {
  const bool bent = !lesson.flag("--without-activation");
  const Grid grid = bent ? learn_genres<Tanh>(lesson) : learn_genres<Identity>(lesson);
  const Matrix& percent = grid.percent;
  lesson.claim(claims::bigger_model, (percent.bottomRows(1) - percent.topRows(1)).minCoeff(), bent);
  lesson.claim(claims::more_data, (percent.rightCols(1) - percent.leftCols(1)).minCoeff(), bent);
  draw_grid(lesson, grid);
}

void curved_borders(Lesson& lesson) {
  if (!lesson.flag("--without-activation")) {
    learn_shape(lesson, {"XOR", "XOR", "xor"}, XorShape{});
    learn_shape(lesson, {"Rings", "Halkalar", "rings"}, RingShape{});
  }
  many_inputs(lesson);
}

int main(int argc, char** argv) {
  return report::run_lesson(
      {"02_curved_borders",
       "Borders that are no lines: XOR, rings, and six genres of music.",
       {{"--random-counts", "", "A failed design: the clusters' sizes are left to chance"},
        {"--without-activation", "", "A failed design: a network that is a line, however wide"}}},
      argc, argv, curved_borders);
}
