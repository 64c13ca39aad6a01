#include "damla/train/language_model_run.hpp"

#include "damla/models/gpt.hpp"
#include "helpers/catch.hpp"
#include "helpers/error_says.hpp"
#include "helpers/temporary_file.hpp"

using namespace damla;

namespace {

/// A text with a rule: after a number comes its double, modulo 7, or now and then any.
Tokens a_text(Index length) {
  Random random(3);
  Tokens text{1};
  while (std::ssize(text) < length)
    text.push_back(static_cast<Token>(random.chance(0.1) ? random.below(7) : text.back() * 2 % 7));
  return text;
}

constexpr GptOptions size{
    .vocab_size = 7, .context = 8, .channels = 16, .heads = 2, .layers = 1, .dropout = Scalar(0.1)};

Gpt<> a_model() {
  Random random(5);
  return Gpt<>(size, random);
}

RunOptions options() {
  RunOptions o;
  o.train.steps = 40, o.train.batch = 4;
  o.evaluate_every = 10, o.windows = 5;
  return o;
}

}  // namespace

TEST_CASE("a run looks at the held-out text when it said, and learns", "[train]") {
  const Tokens text = a_text(600), held_out = a_text(100);
  Gpt<> model = a_model();
  LanguageModelRun run(model, text, held_out, options(), 1);
  CHECK(run.held_out().tokens.size() == 5 * 8);
  const double before = run.evaluate().held_out_loss;
  std::vector<Evaluation> looks;
  while (!run.finished()) {
    run.step();
    if (run.evaluation_due()) looks.push_back(run.evaluate());
  }
  REQUIRE(looks.size() == 4);
  CHECK(looks[1].step == 20);
  CHECK(looks[1].tokens == 20 * 4 * 8);
  CHECK(looks.back().held_out_loss < before - 0.1);
  CHECK(looks.back().learning_rate < looks.front().learning_rate / 10);
  CHECK(model.training());  // measuring switched dropout off, and on again
}

TEST_CASE("a run that is saved and resumed at any step has the same losses to the last digit",
          "[train]") {
  const Tokens text = a_text(600), held_out = a_text(100);
  const TemporaryFile file("run.safetensors");
  std::vector<double> expected;
  {
    Gpt<> model = a_model();
    LanguageModelRun run(model, text, held_out, options(), 1);
    while (!run.finished()) {
      expected.push_back(run.step());
      if (run.evaluation_due()) expected.push_back(run.evaluate().held_out_loss);
      if (run.state().step == 13) run.save(file.path);
    }
  }
  Random other(99);
  Gpt<> model(size, other);
  LanguageModelRun run(model, text, held_out, options(), 77);
  run.resume(file.path);
  CHECK(run.state().step == 13);
  CHECK(run.state().loss_count == 3);
  std::vector<double> losses;
  while (!run.finished()) {
    losses.push_back(run.step());
    if (run.evaluation_due()) losses.push_back(run.evaluate().held_out_loss);
  }
  REQUIRE(losses.size() == expected.size() - 14);
  for (std::size_t i = 0; i < losses.size(); ++i) CHECK(losses[i] == expected[14 + i]);
}

TEST_CASE("a run ends early when looks stop getting better", "[train]") {
  const Tokens text = a_text(600), held_out = a_text(100);
  Gpt<> model = a_model();
  RunOptions o = options();
  o.train.steps = 1000, o.evaluate_every = 1, o.patience = 3;
  o.train.learning_rate = 1e-12;  // nothing gets better: rounding at most
  LanguageModelRun run(model, text, held_out, o, 1);
  while (!run.finished()) {
    run.step();
    run.evaluate();
  }
  CHECK(run.state().step < 100);
  CHECK(run.state().waited == 3);
}

TEST_CASE("windows are spread over the whole text, and none is measured twice", "[train]") {
  Tokens text;
  for (Token t = 0; t < 100; ++t) text.push_back(t);
  const SpreadWindows some(text, 4, 3), all(text, 4, 1000);
  CHECK(some.tokens == Tokens{0, 1, 2, 3, 32, 33, 34, 35, 64, 65, 66, 67});
  CHECK(some.targets == Tokens{1, 2, 3, 4, 33, 34, 35, 36, 65, 66, 67, 68});
  CHECK(all.tokens.size() == 96);
  CHECK_THROWS_AS(SpreadWindows(text, 100, 1), Error);
  CHECK_THROWS_AS(SpreadWindows(text, 4, 0), Error);
}

TEST_CASE("a run's state from a file is not believed", "[train]") {
  RunState state;
  state.steps = 10, state.step = 3, state.evaluate_every = 2, state.best = 1.5;
  Settings good = state.settings();
  good["run.steps"] = "3";
  CHECK(RunState::from("f", good).best == 1.5);
  for (const auto& [key, value] :
       std::vector<std::pair<std::string, std::string>>{{"run.planned", "0"},
                                                        {"run.planned", "x"},
                                                        {"run.waited", "-1"},
                                                        {"run.seconds", "nan"},
                                                        {"run.loss_count", "1e9999"},
                                                        {"run.evaluate_every", "0"}}) {
    Settings bad = good;
    bad[key] = value;
    CAPTURE(key, value);
    CHECK(error_says([&] { RunState::from("f", bad); }, {"f", key}));
  }
  Settings missing = good;
  missing.erase("run.warmup");
  CHECK(error_says([&] { RunState::from("f", missing); }, {"run.warmup"}));
}
