#include "damla/models/skip_gram.hpp"

#include <array>
#include <cmath>

#include "damla/check/gradient.hpp"
#include "damla/models/word_vectors.hpp"
#include "damla/optim/adamw.hpp"
#include "damla/text/word_tokenizer.hpp"
#include "helpers/catch.hpp"
#include "helpers/error_says.hpp"
#include "worlds/contexts.hpp"

using namespace damla;
using namespace damla::worlds;

namespace {
SkipGram enlarged(Index V, Index C, Random& random) {
  SkipGram model(V, C, random);
  random.fill_normal(model.words.weight.value, 0.5),
      random.fill_normal(model.contexts.weight.value, 0.5);
  return model;
}
const SkipGramBatch small{
    {1, 4, 1},
    {2, 0, 5, 3, 3, 2, 2, 6, 0}};  // three centres, two random words each, words that come twice
}  // namespace

TEST_CASE("SkipGram's gradients are right, and add up", "[models]") {
  Random random(1);
  SkipGram model = enlarged(7, 4, random);
  const auto loss = [&] { return model.forward(small); };
  loss();
  model.backward(small);
  const GradientCheck check = check_gradients(model, loss);
  INFO(check.where);
  CHECK(check.error < 1e-6);
  const Matrix once = model.words.weight.grad();
  loss();
  model.backward(small);
  CHECK(model.words.weight.grad().isApprox(2 * once));
}

TEST_CASE("SkipGram's loss is the formula of the paper, also where scores are large", "[models]") {
  Random random(2);
  SkipGram model = enlarged(7, 4, random);
  const auto score = [&](Token centre, Token context) {
    return model.words.weight.value.row(centre).dot(model.contexts.weight.value.row(context));
  };
  double expected = 0;
  for (std::size_t b = 0; b < 3; ++b)
    for (std::size_t k = 0; k < 3; ++k)
      expected += std::log1p(std::exp((k == 0 ? -1 : 1) *
                                      score(small.centres[b], small.contexts[3 * b + k]))) /
                  3;
  CHECK(model.forward(small) == Approx(expected));
  model.words.weight.value *= 1e4;
  CHECK(std::isfinite(model.forward(small)));
}

TEST_CASE(
    "skip-gram pairs: all neighbours within the window, never across sentences; random words by "
    "count^¾, never the true one",
    "[models]") {
  const std::vector<Tokens> sentences{{0, 1, 2}, {3, 0}};
  const SkipGramPairs pairs(sentences, 4, 1);
  CHECK(pairs.pairs ==
        std::vector<std::pair<Token, Token>>{{0, 1}, {1, 0}, {1, 2}, {2, 1}, {3, 0}, {0, 3}});
  Random random(3);
  SkipGramBatch batch;
  pairs.draw(batch, 20000, 2, random);
  std::array<double, 4> drawn{};
  double n = 0;
  for (std::size_t b = 0; b < 20000; ++b)
    for (const std::size_t k : {3 * b + 1, 3 * b + 2}) {
      CHECK(batch.contexts[k] != batch.contexts[3 * b]);
      if (batch.contexts[3 * b] == 1) ++drawn[static_cast<std::size_t>(batch.contexts[k])], ++n;
    }
  const double twice = std::pow(2.0, 0.75);  // word 0 comes twice, 2 and 3 once
  CHECK(drawn[0] / n == Approx(twice / (twice + 2)).margin(0.02));
  CHECK(drawn[2] / n == Approx(1 / (twice + 2)).margin(0.02));
  CHECK(error_says([&] { SkipGramPairs(sentences, 3, 1); }, {"SkipGramPairs", "3"}));
  CHECK(error_says(
      [&] {
        SkipGramPairs(std::vector<Tokens>{{1, 1}}, 3, 1);
      },
      {"SkipGramPairs", "two different"}));
  CHECK(error_says(
      [&] {
        SkipGram(7, 4, random).forward({{1, 2}, {3}});
      },
      {"SkipGram::forward", "1 contexts for 2"}));
}

TEST_CASE(
    "words of like company become neighbours; a word that changes its company changes its "
    "neighbours",
    "[models]") {
  const auto rank = [](const ContextSource& source) {
    Random random(4);
    const std::string text = text_of(source.draw(1500, random));
    const WordTokenizer words = WordTokenizer::from_text(text);
    std::vector<Tokens> sentences;
    for (const LabelledText& t : source.draw(1500, random))
      sentences.push_back(words.encode(t.text));
    const SkipGramPairs pairs(sentences, words.vocab_size(), 5);
    SkipGram model(words.vocab_size(), 16, random);
    SkipGramBatch batch;
    AdamW optimizer{.learning_rate = 0.01};
    for (int step = 0; step < 800; ++step) {
      pairs.draw(batch, 256, 5, random);
      model.forward(batch);
      zero_gradients(model);
      model.backward(batch);
      optimizer.step(model);
    }
    return neighbour_rank(model.words.weight.value, words.token("müthiş"), words.token("harika"));
  };
  ContextSource source;
  CHECK(rank(source) <= 5);
  std::swap(source.feelings[0].words[1],
            source.feelings[1].words[1]);  // harika for kötü: said by who is not glad
  CHECK(rank(source) > 5);
}

TEST_CASE("contexts: the label is the feeling, and each thing keeps to its own verbs", "[models]") {
  const ContextSource source;
  Random random(5);
  for (const LabelledText& t : source.draw(500, random)) {
    INFO(t.text);
    for (const std::string& word : split_words(t.text, {})) {
      if (source.group_of(word) == &source.feelings[0]) CHECK(t.label == 1);
      if (source.group_of(word) == &source.feelings[1]) CHECK(t.label == 0);
      const auto stands_there = [&](const std::string& verb) {
        return t.text.find(verb) != std::string::npos;
      };
      if (source.group_of(word) == &source.things[0])
        CHECK(std::ranges::any_of(source.things[0].verbs, stands_there));
    }
  }
  CHECK(source.group_of("bir") == nullptr);
}

TEST_CASE("nearest neighbours, cosines and principal components of known vectors", "[models]") {
  const Matrix x = (Matrix(4, 2) << 1, 0, 2, 0.1, 0, 3, -1, 0).finished();
  const std::vector<Neighbour> near = nearest(x, 0, 2);
  REQUIRE(near.size() == 2);
  CHECK((near[0].word == 1 && near[1].word == 2));
  CHECK(near[0].cosine == Approx(2 / std::hypot(2, 0.1)));
  CHECK(neighbour_rank(x, 0, 3) == 3);
  const Tokens words{3, 0};
  CHECK(cosines(vectors_of(x, words))(0, 1) == Approx(-1));
  CHECK(error_says([&] { nearest(x, 4, 1); }, {"nearest", "4"}));
  CHECK(error_says([&] { neighbour_rank(x, 1, 1); }, {"neighbour_rank"}));

  // Points on a line in three dimensions, with a little beside it: the first component is the way
  // along the line.
  Random random(6);
  Matrix points(50, 3);
  for (Index i = 0; i < 50; ++i) {
    const double t = static_cast<double>(i), beside = 0.1 * random.normal();
    points.row(i) << 5 + 0.6 * t - 0.8 * beside, 1, 0.8 * t + 0.6 * beside;
  }
  const Matrix plane = principal_components(points, 2);
  for (Index i = 0; i < 50; ++i)
    CHECK(plane(i, 0) == Approx(static_cast<double>(i) - 24.5).margin(0.1));
  CHECK(plane.col(1).cwiseAbs().maxCoeff() < 0.5);
  CHECK(plane.colwise().mean().cwiseAbs().maxCoeff() < 1e-9);
  CHECK(error_says([&] { principal_components(points, 4); }, {"principal_components", "4"}));
}
