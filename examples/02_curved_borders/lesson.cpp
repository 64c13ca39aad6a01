// Lesson 02: the best border need not be a line. XOR and rings, where every line fails and eight
// neurons do not. How a network finds its weights: backpropagation, by hand, and on a tape. Then a
// shape that two hidden layers draw with fewer neurons than one, and many inputs and many classes,
// which ask for a bigger model and more data.
#include <limits>

#include "claims.hpp"
#include "damla/data/batches.hpp"
#include "damla/models/mlp.hpp"
#include "damla/models/softmax_classifier.hpp"
#include "damla/train/metrics.hpp"
#include "damla/train/train.hpp"
#include "mlp_on_tape.hpp"
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

/// Backpropagation in one neuron. A derivative says how much faster the loss grows than a number
/// that is turned up a little.
void one_neuron(Lesson& lesson) {
  const double x = 2, w = 0.5, b = -0.3;
  // Forward: what the neuron says, and how wrong it is where 1 would be right.
  const double s = w * x + b;
  const double y = std::tanh(s);
  const double loss = (y - 1) * (y - 1);
  // Backward: the same lines from the last to the first, each times the derivative of one line.
  const double dy = 2 * (y - 1);
  const double ds = dy * (1 - y * y);  // tanh' = 1 − tanh²
  const double dw = ds * x, db = ds;

  DerivativeTable table{[=](double more_w, double more_b) {
    return std::pow(std::tanh((w + more_w) * x + (b + more_b)) - 1, 2);
  }};
  table.add("loss = (y − 1)² / kayıp = (y − 1)²", loss, 1);
  table.add("y = tanh(s)", y, dy);
  table.add("s = w·x + b", s, ds);
  table.add("w", w, dw, {nudge, 0});
  table.add("b", b, db, {0, nudge});
  table.show(lesson, "Backpropagation in one neuron (x = 2)", "Tek nöronda geri yayılım (x = 2)");
}

/// Backpropagation through two layers: the second hands dh to the first, which needs no more.
void two_layers(Lesson& lesson) {
  const double x = 2, w1 = 0.5, b1 = -0.3, w2 = 1.5, b2 = 0.2;
  // Forward, now on the tape, which writes down every number and its derivatives.
  Tape tape;
  const Value X = tape.write(x), W1 = tape.write(w1), B1 = tape.write(b1), W2 = tape.write(w2),
              B2 = tape.write(b2);
  const Value h = tanh(W1 * X + B1);
  const Value error = W2 * h + B2 - tape.write(1);
  const Value loss = error * error;
  // Backward by hand …
  const double dy = 2 * error.value();
  const double dw2 = dy * h.value(), db2 = dy, dh = dy * w2;
  const double ds = dh * (1 - h.value() * h.value());
  const double dw1 = ds * x, db1 = ds;
  // … and by the tape.
  tape.backward(loss);

  const auto row = [](const char* name, Value on_tape, double by_hand) {
    return std::vector{std::string(name), fmt::format("{:.4f}", on_tape.value()),
                       fmt::format("{:.4f}", by_hand), fmt::format("{:.4f}", on_tape.gradient())};
  };
  lesson.table("Backpropagation through two layers", "İki katmandan geri yayılım",
               {{"", "value / değer", "derivative by hand / elle türev", "by the tape / bantla"},
                row("loss = (w₂·h + b₂ − 1)² / kayıp = (w₂·h + b₂ − 1)²", loss, 1),
                row("w₂", W2, dw2),
                row("b₂", B2, db2),
                row("h = tanh(w₁·x + b₁)", h, dh),
                row("w₁", W1, dw1),
                row("b₁", B1, db1)});
}

/// Claim 5, how it learns: backpropagation. A tape finds the gradients that the library finds.
void backpropagation(Lesson& lesson) {
  one_neuron(lesson);
  two_layers(lesson);
  Random random(lesson.seed);
  const Examples data = XorShape{}.draw(40, random);
  Mlp<Tanh> model(2, 8, 2, random);
  lesson.claim(claims::tape_is_library, tape_against_library(model, data.features, data.classes));
}

/// Three networks of one size learn the target from other random weights. Returns the best of what
/// they reach.
double best_of_three(Lesson& lesson, SizesTable& table, const std::string& name, Index neurons,
                     const auto& start) {
  Random random(lesson.seed);
  const TargetShape world;
  const Examples data = world.draw(3000, random), fresh = world.draw(20000, random);
  std::vector<double> reached;
  for (int i = 0; i < 3; ++i) {
    auto model = start(random);
    learn(model, data, 100, lesson.fast ? 300 : 3000, random);
    reached.push_back(percent_right(model, fresh));
    if (i == 0 && name == "48")
      draw_border(lesson, "target_one", claims::one_hidden_layer, model, data);
    if (i == 0 && name == "12 + 12")
      draw_border(lesson, "target_two", claims::two_hidden_layers, model, data);
  }
  return table.add(name, neurons, parameter_count(start(random)), reached);
}

/// Claim 5, why deep: on the rings of a target two hidden layers need fewer neurons than one.
template <class Activation>
void depth(Lesson& lesson) {
  SizesTable table;
  double one_of_48 = 0, two_of_12 = 0;
  for (const Index n : {8, 16, 24, 48, 96, 192}) {
    const auto one = [n](Random& random) {
      return Sequential(Linear(2, n, random), Activation(), Linear(n, 2, random));
    };
    const double best = best_of_three(lesson, table, fmt::format("{}", n), n, one);
    if (n == 48) one_of_48 = best;
  }
  for (const Index n : {4, 8, 12}) {
    const auto two = [n](Random& random) {
      return Sequential(Linear(2, n, random), Activation(), Linear(n, n, random), Activation(),
                        Linear(n, 2, random));
    };
    two_of_12 = best_of_three(lesson, table, fmt::format("{0} + {0}", n), 2 * n, two);
  }
  table.show(lesson);
  const bool asserted = !lesson.fast && !lesson.flag("--without-activation");
  lesson.claim(claims::two_hidden_layers, two_of_12, asserted);
  lesson.claim(claims::one_hidden_layer, one_of_48, asserted);
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
    backpropagation(lesson);
    depth<Tanh>(lesson);
  } else {
    depth<Identity>(lesson);
  }
  many_inputs(lesson);
}

int main(int argc, char** argv) {
  return report::run_lesson(
      {"02_curved_borders",
       "Borders that are no lines: XOR, rings, a target, and six genres of music; "
       "backpropagation.",
       "Çizgi olmayan sınırlar: XOR, halkalar, hedef tahtası ve altı müzik türü; geri yayılım.",
       {{"--random-counts", "", "A failed design: the clusters' sizes are left to chance",
         "Başarısız tasarım: kümelerin boyu rastlantıya bırakılır"},
        {"--without-activation", "", "A failed design: a network that is a line, however wide",
         "Başarısız tasarım: ne kadar geniş olsa da çizgi olan bir ağ"}}},
      argc, argv, curved_borders);
}
