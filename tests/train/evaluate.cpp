#include "damla/train/evaluate.hpp"

#include <cmath>

#include "damla/generate/generate.hpp"
#include "damla/models/text_classifier.hpp"
#include "damla/train/metrics.hpp"
#include "helpers/catch.hpp"
#include "helpers/error_says.hpp"
#include "helpers/random_data.hpp"

using namespace damla;

namespace {
const GptOptions tiny{
    .vocab_size = 11, .context = 8, .channels = 8, .heads = 2, .layers = 1, .dropout = Scalar(0.5)};

/// A text classifier that notes whether dropout was on while it was asked.
struct Watched {
  bool on = true, asked_while_on = false, fails = false;
  Matrix logits = Matrix::Zero(1, 2);
  const Matrix& forward(const TokenBatch&) {
    asked_while_on = asked_while_on || on;
    if (fails) throw Error("no");
    return logits;
  }
  bool training() const { return on; }
  void set_training(bool to) { on = to; }
};
}  // namespace

TEST_CASE("measuring and generating switch dropout off, and back to what it was", "[train]") {
  Random random(1);
  Gpt<> model(tiny, random);
  enlarge(model, random);
  const Tokens text = random_tokens(41, 11, random);
  const TextWindows windows(text, 8);
  model.set_training(false);
  const std::vector<double> losses = window_losses(model, windows),
                            next = next_probabilities(model, TokenSpan(text).first(8));
  const Tokens greedy = generate_greedy(model, text, 5);
  CHECK_FALSE(model.training());
  model.set_training(true);
  CHECK(window_losses(model, windows) == losses);
  CHECK(next_probabilities(model, TokenSpan(text).first(8)) == next);
  CHECK(generate_greedy(model, text, 5) == greedy);
  CHECK(model.training());
  CHECK(token_losses(model.forward(windows.tokens, 8), windows.targets) != losses);  // it is on

  CHECK_THROWS_AS(next_probabilities(model, Tokens{99}), Error);
  CHECK(model.training());  // an error, too, leaves it as it was
  Watched watched;
  predicted_classes(watched, {{1}, {2}});
  CHECK((watched.on && !watched.asked_while_on));
  watched.fails = true;
  CHECK_THROWS_AS(predicted_classes(watched, {{1}}), Error);
  CHECK(watched.on);
}

TEST_CASE("measuring takes any number of windows at a time over 0", "[train]") {
  Random random(2);
  Gpt<> model(tiny, random);
  const Tokens text = random_tokens(41, 11, random);
  const TextWindows windows(text, 8);
  const std::vector<double> losses = window_losses(model, windows);
  REQUIRE(losses.size() == 40);
  for (const Index batch : {Index{1}, Index{3}, std::numeric_limits<Index>::max()}) {
    const std::vector<double> same = window_losses(model, windows, batch);
    REQUIRE(same.size() == 40);
    for (std::size_t i = 0; i < 40; ++i) CHECK(same[i] == Approx(losses[i]).epsilon(1e-5));
  }
  for (const Index batch : {0, -1})
    CHECK(error_says([&] { window_losses(model, windows, batch); }, {"window_losses", "batch is"}));
  CHECK(error_says([&] { next_probabilities(model, {}); }, {"next_probabilities", "token"}));
}

TEST_CASE("means over windows, and losses that are none of T", "[train]") {
  const std::vector<double> losses{1, 3, 5, 7};  // windows of means 2 and 6
  CHECK(mean_of_windows(losses, 2).mean == Approx(4));
  CHECK(mean_of_windows(losses, 2).error == Approx(2));  // √(2·2²/1/2)
  CHECK(loss_by_position(losses, 2) == std::vector<double>{3, 5});
  CHECK(mean_difference(losses, {0, 2, 4, 6}, 2).mean == Approx(1));
  for (const Index T : {3, 8}) {
    CHECK(error_says([&] { mean_of_windows(losses, T); }, {"4 losses", "T = "}));
    CHECK(error_says([&] { loss_by_position(losses, T); }, {"4 losses", "T = "}));
  }
  CHECK(error_says([&] { mean_of_windows(losses, 0); }, {"T is 0"}));
  CHECK(error_says([&] { mean_of_windows(losses, 4); }, {"at least two windows"}));
  CHECK(error_says([&] { loss_by_position({}, 2); }, {"0 losses"}));
  CHECK(error_says([&] { mean_difference(losses, {1}, 2); }, {"4 losses a", "1 losses b"}));
}

TEST_CASE("metrics refuse what they would miscount", "[train]") {
  CHECK(error_says([] { predicted_classes(Matrix(2, 0)); }, {"columns of logits is 0"}));
  CHECK(error_says([] { reliability_table(Matrix::Ones(1, 1), Tokens{7}); }, {"target is 7"}));
  CHECK(error_says([] { r_squared(Matrix(0, 1), Matrix(0, 1)); }, {"no rows"}));
  Matrix t(2, 1);
  t << 1, static_cast<Scalar>(std::nan(""));
  CHECK(error_says([&] { r_squared(Matrix::Ones(2, 1), t); }, {"not finite"}));
  CHECK(error_says([&] { r_squared(t, Matrix(Matrix::Random(2, 1))); }, {"not finite"}));
}
