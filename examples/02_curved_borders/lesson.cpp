// Lesson 02. The best border need not be a line: XOR and rings, where every line fails and eight
// neurons do not. Then many inputs and many classes, which ask for a bigger model and more data
// (claims 5 and 6 of the lecture).
#include <fmt/core.h>

#include "claims.hpp"
#include "damla/data/batches.hpp"
#include "damla/models/linear_model.hpp"
#include "damla/models/mlp.hpp"
#include "damla/nn/loss.hpp"
#include "damla/optim/adamw.hpp"
#include "damla/optim/schedule.hpp"
#include "damla/train/metrics.hpp"
#include "report/lesson.hpp"
#include "report/picture.hpp"
#include "worlds/shapes.hpp"

using namespace damla;
using namespace damla::worlds;
using report::Lesson;

/// One loop for every model.
void train(auto& model, const Examples& data, Index batch_size, Index steps, Random& random) {
  Batches batches(data.features.rows(), batch_size);
  const WarmupCosine rate{.peak = 0.02, .warmup = 10, .steps = steps};
  AdamW optimizer;
  CrossEntropy loss;
  Matrix x;
  Tokens classes;
  for (Index step = 0; step < steps; ++step) {
    const Index b = step % batches.count();
    if (b == 0) batches.shuffle(random);
    take_rows(x, data.features, batches[b]);
    take_rows(classes, data.classes, batches[b]);
    const Matrix& logits = model.forward(x);  // what the model says
    loss.forward(logits, classes);            // how wrong that is
    zero_gradients(model);
    model.backward(x, loss.backward(logits, classes));  // which way each weight makes it worse
    optimizer.learning_rate = rate(step);
    optimizer.step(model);  // a small step the other way
  }
}

double percent_right(auto& model, const Examples& fresh) {
  return 100 * accuracy(predicted_classes(model.forward(fresh.features)), fresh.classes);
}

/// The examples, and behind them P(class 1) as the model sees it.
void draw_border(Lesson& lesson, const std::string& name, const std::string& says,
                 const std::string& says_tr, auto& model, const Examples& data) {
  std::vector<report::Series> classes{{"sınıf / class 0", {}, {}}, {"sınıf / class 1", {}, {}}};
  for (std::size_t i = 0; i < data.classes.size(); ++i) {
    report::Series& s = classes[static_cast<std::size_t>(data.classes[i])];
    s.x.push_back(data.features(static_cast<Index>(i), 0)),
        s.y.push_back(data.features(static_cast<Index>(i), 1));
  }
  CrossEntropy softmax;
  const std::string path = lesson.picture(name, says, says_tr);
  draw_scatter(path, {.title = says_tr, .x = "x", .y = "y"}, classes, [&](double x, double y) {
    softmax.forward(model.forward((Matrix(1, 2) << Scalar(x), Scalar(y)).finished()), Tokens{1});
    return static_cast<double>(softmax.probabilities(0, 1));
  });
}

/// Three models on one shape: a line, eight neurons, and eight neurons without their activation.
void learn_shape(Lesson& lesson, std::string name, std::string name_tr, std::string file,
                 const auto& world) {
  Random random(lesson.seed);
  const Counts counts = lesson.flag("--random-counts") ? Counts::random : Counts::equal;
  const Examples data = world.draw(400, random, counts), fresh = world.draw(20000, random);
  const auto learn = [&](auto model, report::Claim claim, const std::string& ending) {
    train(model, data, 400, lesson.fast ? 400 : 800, random);
    claim.says = name + ": " + claim.says;
    claim.says_tr = name_tr + ": " + claim.says_tr;
    if (claim.low > 0) claim.truth = 100 * world.bayes_accuracy();
    lesson.claim(claim, percent_right(model, fresh), counts == Counts::equal);
    draw_border(lesson, file + ending, claim.says, claim.says_tr, model, data);
  };
  learn(LinearModel(2, 2), claims::one_line, "_line");
  learn(Mlp<Tanh>(2, 8, 2, random), claims::eight_neurons, "_mlp");
  learn(Mlp<Identity>(2, 8, 2, random), claims::no_activation, "_identity");
}

/// Six genres, twelve features: accuracy for each hidden width and number of examples, the mean of
/// three worlds' models.
template <class Activation>
void many_inputs(Lesson& lesson) {
  const std::vector<Index> widths{2, 4, 8, 16, 32, 64}, counts{60, 120, 240, 480, 960, 1920};
  Matrix means = Matrix::Zero(std::ssize(widths), std::ssize(counts));
  double best = 0;
  constexpr int repeats = 3;
  for (int k = 0; k < repeats; ++k) {
    Random random(lesson.seed, static_cast<std::uint64_t>(k));
    const GenreWorld world({}, random);
    const Examples fresh = world.draw(6000, random);
    best += 100 * accuracy(predicted_classes(world.probabilities(fresh.features)), fresh.classes) /
            repeats;
    for (Index j = 0; j < means.cols(); ++j) {
      const Examples songs = world.draw(counts[static_cast<std::size_t>(j)], random);
      for (Index i = 0; i < means.rows(); ++i) {
        Mlp<Activation> model(12, widths[static_cast<std::size_t>(i)], 6, random);
        train(model, songs, 64, lesson.fast ? 300 : 600, random);
        means(i, j) += static_cast<Scalar>(percent_right(model, fresh) / repeats);
      }
    }
  }
  fmt::print("the largest model, most data: {:.1f} % right; the best possible: {:.1f} %\n",
             means(5, 5), best);
  const bool asserted = !lesson.flag("--without-activation");
  lesson.claim(claims::bigger_model, (means.bottomRows(1) - means.topRows(1)).minCoeff(), asserted);
  lesson.claim(claims::more_data, (means.rightCols(1) - means.leftCols(1)).minCoeff(), asserted);
  std::vector<std::string> rows, columns;
  for (const Index width : widths) rows.push_back(fmt::format("{} nöron", width));
  for (const Index count : counts) columns.push_back(fmt::format("{} örnek", count));
  report::draw_heat_map(
      lesson.picture("grid", "Accuracy in %: neurons × examples", "Doğruluk, %: nöron × örnek"),
      {.title = "Doğruluk / accuracy, %"}, rows, columns, means);
}

void curved_borders(Lesson& lesson) {
  if (lesson.flag("--without-activation")) return many_inputs<Identity>(lesson);
  learn_shape(lesson, "XOR", "XOR", "xor", XorShape{});
  learn_shape(lesson, "Rings", "Halkalar", "rings", RingShape{});
  many_inputs<Tanh>(lesson);
}

int main(int argc, char** argv) {
  return report::run_lesson(
      {"02_curved_borders",
       "Borders that are no lines: XOR, rings, and six genres of music.",
       {{"--random-counts", "", "A failed design: the clusters' sizes are left to chance"},
        {"--without-activation", "", "A failed design: a network that is a line, however wide"}}},
      argc, argv, curved_borders);
}
