#include "05_attention/reading.hpp"

#include "helpers/catch.hpp"

using namespace damla;
using namespace damla::worlds;

TEST_CASE("the mean of the heads is taken word by word", "[lessons]") {
  const Matrix weights{{1, 0}, {0.5, 0.5}, {1, 0}, {0.25, 0.75}};  // two heads, two words
  CHECK(mean_of_heads(weights).isApprox(Matrix{{1, 0}, {0.375, 0.625}}));
}

TEST_CASE("a vector counts as right when it is nearest to the mean of its own sense", "[lessons]") {
  const auto of = [](std::initializer_list<Index> senses) {
    std::vector<SenseSentence> sentences;
    for (const Index sense : senses) sentences.push_back({sense, "", "", "", false});
    return sentences;
  };
  const Matrix means = mean_of_senses(Matrix{{4, 0}, {2, 0}, {0, 5}, {-1, 0}}, of({0, 0, 1, 2}));
  CHECK(means.isApprox(Matrix{{3, 0}, {0, 5}, {-1, 0}}));
  const Matrix vectors{
      {1, 0.1}, {0.1, 9}, {-7, 1}, {1, 0}};  // the last is of sense 2, but looks as 0
  CHECK(right_senses(vectors, means, of({0, 1, 2, 2})) == Approx(75));
}

TEST_CASE("a covered word is one token, and as many sentences are covered as was meant",
          "[lessons]") {
  Random random(1);
  const Sentences sentences(random);
  const Token cover = sentences.words.token(Sentences::cover);
  const TokenBatch batch = sentences.draw(2000, random);
  const auto covered = std::ranges::count(batch.tokens, cover);
  CHECK(std::abs(static_cast<double>(covered) - 400) < 4 * std::sqrt(2000 * 0.2 * 0.8));
}
