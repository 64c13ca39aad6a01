#include "damla/align/reward_model.hpp"
#include "damla/data/token_batch.hpp"
#include "damla/nn/loss.hpp"
#include "damla/nn/sequential.hpp"
#include "damla/optim/clip.hpp"
#include "damla/train/checkpoint.hpp"
#include "helpers/catch.hpp"
#include "helpers/padded_batch.hpp"
#include "helpers/temporary_file.hpp"

using namespace damla;

namespace {
/// All that a training run is: dropout in the model, data drawn at random.
struct Run {
  Random random;
  Gpt<> model;
  Tokens text;
  TokenBatch batch{4, 12};
  CrossEntropy cross_entropy;
  AdamW optimizer;
  Index steps = 0;

  explicit Run(std::uint64_t seed)
      : random(seed),
        model({.vocab_size = 17,
               .context = 12,
               .channels = 16,
               .heads = 2,
               .layers = 2,
               .dropout = Scalar(0.2)},
              random) {
    Random source(5);  // the text does not depend on the seed
    for (int i = 0; i < 500; ++i) text.push_back(static_cast<Token>(source.below(17)));
  }
  double step() {
    batch.draw(text, random);
    const Matrix& logits = model.forward(batch.tokens, batch.T);
    const double loss = cross_entropy.forward(logits, batch.targets);
    zero_gradients(model);
    model.backward(batch.tokens, cross_entropy.backward(logits, batch.targets), batch.T);
    optimizer.step(model, clip_scale(model, 1.0));
    ++steps;
    return loss;
  }
  void save(const std::string& path) { save_checkpoint(path, model, optimizer, random, steps); }
  void load(const std::string& path) { steps = load_checkpoint(path, model, optimizer, random); }
};

std::vector<double> uninterrupted(Index steps) {
  Run run(1);
  std::vector<double> losses;
  for (Index i = 0; i < steps; ++i) losses.push_back(run.step());
  return losses;
}
}  // namespace

TEST_CASE("a run that is taken up goes on with the same losses to the last digit", "[train]") {
  const TemporaryFile file("resume.safetensors");
  const std::vector<double> expected = uninterrupted(20);
  for (const Index at : {0, 1, 7}) {
    Run first(1), second(2);  // the second begins elsewhere: all must come from the file
    for (Index i = 0; i < at; ++i) first.step();
    first.save(file.path);
    second.step();
    second.load(file.path);
    CHECK(second.steps == at);
    for (Index i = at; i < 20; ++i) REQUIRE(second.step() == expected[static_cast<std::size_t>(i)]);
  }
  // The digits depend on each part of it: without the moments, or the data's position, they are
  // others.
  Run third(1);
  for (Index i = 0; i < 7; ++i) third.step();
  third.save(file.path);
  third.load(file.path);
  third.random = Random(99);
  CHECK(third.step() != expected[7]);
  third.load(file.path);
  for (auto& m : third.optimizer.moments) m.second.setOnes();
  third.step();
  CHECK(third.step() != expected[8]);
  third.load(file.path);
  third.model.visit_generators([](Random& r) { r = Random(98); });
  CHECK(third.step() != expected[7]);
}

TEST_CASE("dropout anywhere in a model is taken up where it was", "[train]") {
  const TemporaryFile file("resume_parts.safetensors");
  const auto check = [&](auto make, auto step) {
    auto first = make(1), second = make(2);
    AdamW one, two;
    Random unused(0);
    for (int i = 0; i < 3; ++i) step(first, one);
    save_checkpoint(file.path, first, one, unused, 3);
    load_checkpoint(file.path, second, two, unused);
    for (int i = 0; i < 3; ++i) REQUIRE(step(second, two) == step(first, one));
  };
  Random data(7);
  Matrix x(6, 3), y(6, 1);
  data.fill_normal(x, 1), data.fill_normal(y, 1);
  check(
      [](std::uint64_t seed) {
        Random random(seed);
        return Sequential(Linear(3, 8, random), Dropout(Scalar(0.5), Random(seed)),
                          Linear(8, 1, random));
      },
      [&](auto& net, AdamW& optimizer) {
        SquaredError loss;
        const Matrix& prediction = net.forward(x);
        zero_gradients(net);
        loss.forward(prediction, y);
        net.backward(x, loss.backward(prediction, y));
        optimizer.step(net);
        return loss.loss;
      });
  check(
      [](std::uint64_t seed) {
        Random random(seed);
        return RewardModel<>(Gpt<>({.vocab_size = 9,
                                    .context = 4,
                                    .channels = 8,
                                    .heads = 2,
                                    .layers = 1,
                                    .dropout = Scalar(0.3)},
                                   random));
      },
      [&](auto& model, AdamW& optimizer) {
        const TokenBatch batch = padded_batch({1, 2, 3, 4, 5, 6, 7, 8}, {4, 3}, 4);
        PreferenceLoss loss;
        const Matrix& rewards = model.forward(batch);
        zero_gradients(model);
        loss.forward(rewards);
        model.backward(batch, loss.backward(rewards));
        optimizer.step(model);
        return loss.loss;
      });
}
