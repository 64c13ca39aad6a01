#include "damla/generate/sampling.hpp"

#include <cmath>
#include <limits>

#include "damla/core/error.hpp"
#include "helpers/catch.hpp"
#include "helpers/error_says.hpp"

using namespace damla;

namespace {
/// Logits whose probabilities are 1/8, 1/2, 1/4, 1/8.
Matrix eighths() {
  Matrix logits(1, 4);
  for (Index i = 0; i < 4; ++i)
    logits(0, i) = static_cast<Scalar>(std::log(i == 1 ? 4.0 : i == 2 ? 2.0 : 1.0));
  return logits;
}

void check(const std::vector<Candidate>& found, const std::vector<Candidate>& expected) {
  REQUIRE(found.size() == expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    CAPTURE(i);
    CHECK(found[i].token == expected[i].token);
    CHECK(found[i].probability == Approx(expected[i].probability).epsilon(1e-5));
  }
}
}  // namespace

TEST_CASE("without rules the candidates are softmax, likeliest first", "[generate]") {
  check(candidates(eighths()), {{1, 0.5}, {2, 0.25}, {0, 0.125}, {3, 0.125}});
}

TEST_CASE("temperature: below 1 bolder, above 1 more random, at 0 the likeliest", "[generate]") {
  // Halving the temperature squares the probabilities, doubling it takes their roots.
  check(candidates(eighths(), {.temperature = 0.5}),
        {{1, 16. / 22}, {2, 4. / 22}, {0, 1. / 22}, {3, 1. / 22}});
  const double root = std::sqrt(2.0), sum = 2 + root + 1 + 1;
  check(candidates(eighths(), {.temperature = 2}),
        {{1, 2 / sum}, {2, root / sum}, {0, 1 / sum}, {3, 1 / sum}});
  check(candidates(eighths(), {.temperature = 0}), {{1, 1}});
  check(candidates(Matrix::Zero(1, 5), {.temperature = 0}), {{0, 1}});  // of equals the first
}

TEST_CASE("top-k keeps the k likeliest", "[generate]") {
  check(candidates(eighths(), {.top_k = 1}), {{1, 1}});
  check(candidates(eighths(), {.top_k = 2}), {{1, 2. / 3}, {2, 1. / 3}});
  check(candidates(eighths(), {.top_k = 3}), {{1, 4. / 7}, {2, 2. / 7}, {0, 1. / 7}});
  CHECK(candidates(eighths(), {.top_k = 9}).size() == 4);
}

TEST_CASE("top-p keeps the fewest that together have probability p", "[generate]") {
  check(candidates(eighths(), {.top_p = 0.01}), {{1, 1}});
  check(candidates(eighths(), {.top_p = 0.49}), {{1, 1}});
  check(candidates(eighths(), {.top_p = 0.6}), {{1, 2. / 3}, {2, 1. / 3}});
  check(candidates(eighths(), {.top_p = 0.8}), {{1, 4. / 7}, {2, 2. / 7}, {0, 1. / 7}});
  CHECK(candidates(eighths(), {.top_p = 0.9}).size() == 4);
}

TEST_CASE("the rules apply one after the other: temperature, top-k, top-p", "[generate]") {
  // Of two, the first has 2/3: enough for 0.6, which it was not among all.
  check(candidates(eighths(), {.top_k = 2, .top_p = 0.6}), {{1, 1}});
  // Squared, the first has 16/22, the two have 20/22.
  check(candidates(eighths(), {.temperature = 0.5, .top_p = 0.7}), {{1, 1}});
  check(candidates(eighths(), {.temperature = 0.5, .top_p = 0.8}), {{1, 0.8}, {2, 0.2}});
}

TEST_CASE("the repetition penalty divides positive logits and multiplies negative ones, once each",
          "[generate]") {
  Matrix logits(1, 4);
  logits << 2, 1, -1, 0;
  const double e = std::exp(1.0), sum = e + e + std::exp(-2.0) + 1;
  check(candidates(logits, {.repetition_penalty = 2}, Tokens{0, 2, 2, 2}),
        {{0, e / sum}, {1, e / sum}, {3, 1 / sum}, {2, std::exp(-2.0) / sum}});
  check(candidates(logits, {.repetition_penalty = 4, .temperature = 0}, Tokens{0}), {{1, 1}});
  // Before the temperature: 2/4 and 1, halved, are e^0.25 and e^0.5.
  check(candidates(logits, {.repetition_penalty = 4, .temperature = 2, .top_k = 2}, Tokens{0}),
        {{1, 1 / (1 + std::exp(-0.25))}, {0, 1 / (1 + std::exp(0.25))}});
  check(candidates(logits, {.top_k = 1}, Tokens{0}), {{0, 1}});  // 1 changes nothing
}

TEST_CASE("candidates of which some were taken out are drawn in their proportion", "[generate]") {
  std::vector<Candidate> from{{0, 0.5}, {1, 0.4}, {2, 0.1}};
  std::erase_if(from, [](const Candidate& c) { return c.token == 0; });
  from.push_back({3, 0});
  Random random(1);
  std::vector<int> count(4, 0);
  const int n = 20000;  // a standard deviation is 0.0028
  for (int i = 0; i < n; ++i) ++count[static_cast<std::size_t>(sample(from, random))];
  CHECK(count[1] == Approx(0.8 * n).margin(0.015 * n));
  CHECK(count[2] == Approx(0.2 * n).margin(0.015 * n));
  CHECK(count[0] + count[3] == 0);

  const double nan = std::nan(""), infinite = std::numeric_limits<double>::infinity();
  for (const double bad : {-0.1, nan, infinite}) {
    CAPTURE(bad);
    CHECK(error_says([&] { sample({{0, 0.5}, {1, bad}}, random); }, {"sample", "probability"}));
  }
  CHECK(error_says([&] { sample({{0, 0}, {1, 0}}, random); }, {"sample", "the sum", "is 0"}));
  CHECK(error_says([&] { sample({}, random); }, {"no candidates"}));
  CHECK(error_says([] { candidates(Matrix(1, 0)); }, {"candidates", "number of logits is 0"}));
}

TEST_CASE("tokens are drawn as often as their probabilities say", "[generate]") {
  const std::vector<Candidate> from{{7, 0.7}, {2, 0.2}, {5, 0.1}};
  Random random(1);
  std::vector<int> count(8, 0);
  const int n = 20000;  // a standard deviation is 0.0032 at most
  for (int i = 0; i < n; ++i) ++count[static_cast<std::size_t>(sample(from, random))];
  CHECK(count[7] == Approx(0.7 * n).margin(0.015 * n));
  CHECK(count[2] == Approx(0.2 * n).margin(0.015 * n));
  CHECK(count[7] + count[2] + count[5] == n);
  CHECK_THROWS_AS(sample({}, random), Error);
}

TEST_CASE("options out of range and logits that are not numbers are errors", "[generate]") {
  const Matrix logits = eighths();
  const double infinite = std::numeric_limits<double>::infinity();
  CHECK_THROWS_AS(candidates(logits, {.temperature = -1}), Error);
  CHECK_THROWS_AS(candidates(logits, {.temperature = infinite}), Error);
  CHECK_THROWS_AS(candidates(logits, {.top_k = -1}), Error);
  CHECK_THROWS_AS(candidates(logits, {.top_p = 0}), Error);
  CHECK_THROWS_AS(candidates(logits, {.top_p = 1.1}), Error);
  CHECK_THROWS_AS(candidates(logits, {.repetition_penalty = 0}), Error);
  CHECK_THROWS_AS(candidates(Matrix::Zero(2, 4)), Error);
  Matrix bad = logits;
  bad(0, 2) = std::numeric_limits<Scalar>::quiet_NaN();
  CHECK_THROWS_WITH(candidates(bad), Catch::Matchers::ContainsSubstring("token 2"));
}
