#include "damla/models/ngram.hpp"

#include "damla/core/random.hpp"
#include "damla/nn/loss.hpp"
#include "damla/train/evaluate.hpp"
#include "helpers/catch.hpp"

using namespace damla;

TEST_CASE("word counts: by hand", "[models]") {
  const Tokens text{0, 1, 0, 1, 0, 2};  // 0 → 1 twice, 0 → 2 once, 1 → 0 twice
  const WordCounts counts(text, 4);
  CHECK(counts.unigram(0) == Approx(4.0 / 10));
  CHECK(counts.unigram(3) == Approx(1.0 / 10));
  CHECK(counts.bigram(0, 1) == Approx((2 + 2 * counts.unigram(1)) / (3 + 2)));
  CHECK(counts.bigram(0, 3) == Approx(2 * counts.unigram(3) / (3 + 2)));
  CHECK(counts.bigram(1, 0) == Approx((2 + 1 * counts.unigram(0)) / (2 + 1)));
  CHECK(counts.bigram(3, 0) == Approx(counts.unigram(0)));  // 3 never came
  CHECK(counts.bigram(2, 0) == Approx(counts.unigram(0)));  // nothing came behind 2
}

TEST_CASE("word counts: probabilities sum to 1 and are never 0", "[models]") {
  Random random(1);
  Tokens text;
  for (int i = 0; i < 500; ++i)
    text.push_back(static_cast<Token>(random.below(20) * random.below(20) / 10));
  const WordCounts counts(text, 50);
  for (Token a = 0; a < 50; ++a) {
    double sum = 0, one = 0;
    for (Token b = 0; b < 50; ++b) {
      CHECK(counts.bigram(a, b) > 0);
      sum += counts.bigram(a, b), one += counts.unigram(b);
    }
    CHECK(sum == Approx(1));
    CHECK(one == Approx(1));
  }
  CHECK_THROWS_AS(WordCounts(Tokens{0, 4}, 4), Error);
  CHECK_THROWS_AS(WordCounts(Tokens{}, 4), Error);
}

namespace {
/// Says of token t that t + 1 comes next, with probability 1/2 and the rest shared; remembers what
/// it was shown.
struct Successor {
  Matrix logits;
  Index calls = 0;
  const Matrix& forward(TokenSpan tokens, Index) {
    ++calls;
    logits.setZero(std::ssize(tokens), 10);
    for (Index n = 0; n < logits.rows(); ++n)
      logits(n, tokens[static_cast<std::size_t>(n)] + 1) = std::log(Scalar(9));
    return logits;
  }
};
}  // namespace

TEST_CASE("windows: targets are one later, the loss is each target's own", "[models]") {
  const Tokens text{0, 1, 2, 3, 4, 5, 6, 0, 8};
  const TextWindows windows(text, 3);
  CHECK(windows.count() == 2);
  CHECK(windows.targets.front() == 1);
  CHECK(windows.targets.back() == 6);
  Successor model;
  for (const double loss : window_losses(model, windows, 1)) CHECK(loss == Approx(std::log(2.0)));
  CHECK(model.calls == 2);
  const TextWindows longer(text, 4);
  const std::vector<double> losses = window_losses(model, longer);
  CHECK(losses[6] == Approx(std::log(18.0)));  // behind 6 came 0
  CHECK(loss_by_position(losses, 4)[2] == Approx((std::log(2.0) + std::log(18.0)) / 2));
  CHECK_THROWS_AS(TextWindows(text, 9), Error);
}

TEST_CASE("the mean of windows: whole windows are the observations", "[models]") {
  const Mean m = mean_of_windows({1, 1, 1, 3, 3, 3}, 3);
  CHECK(m.mean == Approx(2));
  CHECK(m.error == Approx(1));  // two observations, 1 and 3: deviation √2, over √2
  CHECK(mean_of_windows({1, 1, 1, 3, 3, 3}, 1).error < 0.5);
  CHECK_THROWS_AS(mean_of_windows({1, 2, 3}, 3), Error);
}
