#include "damla/train/train.hpp"

#include <vector>

#include "damla/models/gpt.hpp"
#include "helpers/catch.hpp"
#include "helpers/random_data.hpp"

using namespace damla;

namespace {
struct Trained {
  std::vector<double> losses;
  std::vector<Matrix> values;
  double mean_at_end = 0;
};

/// A small GPT, trained by `loop(model, text, random)`.
Trained run(auto&& loop) {
  Random random(1);
  Gpt<> model({.vocab_size = 11, .context = 8, .channels = 16, .heads = 2, .layers = 1}, random);
  Tokens text;
  for (int i = 0; i < 300; ++i) text.push_back(static_cast<Token>(i * i % 11));
  Trained result;
  result.mean_at_end = loop(model, text, random, result.losses);
  visit_parameters(model,
                   [&](std::string_view, const Parameter& p) { result.values.push_back(p.value); });
  return result;
}

/// A model that is one point.
struct Point {
  Parameter at{1, 2};
  void visit_parameters(auto&& visit) { visit("at", at); }
};

TrainOptions options_for(std::vector<double>& losses, std::vector<Index>& steps) {
  TrainOptions options{.steps = 40, .batch = 4, .learning_rate = 1e-2};
  options.after_step = [&](Index step, double loss) {
    steps.push_back(step), losses.push_back(loss);
  };
  return options;
}
}  // namespace

TEST_CASE("train_language_model, train and the loop written by hand give the same digits",
          "[train]") {
  std::vector<Index> steps;
  const Trained call = run([&](auto& model, TokenSpan text, Random& random, auto& losses) {
    return train_language_model(model, text, options_for(losses, steps), random);
  });
  REQUIRE(steps.size() == 40);  // called for each step, in order
  for (std::size_t i = 0; i < steps.size(); ++i) CHECK(steps[i] == static_cast<Index>(i));
  CHECK(call.losses.front() > 2);
  CHECK(call.losses.back() < 0.7 * call.losses.front());
  double sum = 0;
  for (std::size_t i = 36; i < 40; ++i) sum += call.losses[i];
  CHECK(call.mean_at_end == Approx(sum / 4).epsilon(1e-12));  // a tenth of the steps

  const Trained with_batches = run([&](auto& model, TokenSpan text, Random& random, auto& losses) {
    TokenBatch batch(4, 8);
    return train(model, options_for(losses, steps), [&]() -> const TokenBatch& {
      batch.draw(text, random);
      return batch;
    });
  });
  CHECK(with_batches.losses == call.losses);
  CHECK(with_batches.values == call.values);

  const Trained by_hand = run([&](auto& model, TokenSpan text, Random& random, auto& losses) {
    TokenBatch batch(4, 8);
    CrossEntropy cross_entropy;
    AdamW optimizer;
    const WarmupCosine schedule{.peak = 1e-2, .warmup = 5, .steps = 40};
    for (Index step = 0; step < 40; ++step) {
      batch.draw(text, random);
      const Matrix& logits = model.forward(batch.tokens, batch.T);
      losses.push_back(cross_entropy.forward(logits, batch.targets));
      zero_gradients(model);
      model.backward(batch.tokens, cross_entropy.backward(logits, batch.targets), batch.T);
      optimizer.learning_rate = schedule(step);
      optimizer.step(model, clip_scale(model, 1.0));
    }
    return 0.0;
  });
  CHECK(by_hand.losses == call.losses);
  CHECK(by_hand.values == call.values);
}

TEST_CASE("minimize finds the least of anything that has a loss and a gradient", "[train]") {
  Point point;
  point.at.value << 3, -2;
  Matrix goal(1, 2);
  goal << 1, 1;
  const double last = minimize(point, {.steps = 300, .learning_rate = 0.1}, [&] {
    point.at.grad() += point.at.value - goal;
    return static_cast<double>((point.at.value - goal).squaredNorm()) / 2;
  });
  CHECK(last < 1e-3);
  CHECK((point.at.value - goal).norm() < Scalar(0.05));
}
