#include "damla/models/inside.hpp"

#include <cmath>
#include <map>

#include "damla/models/size.hpp"
#include "damla/nn/rms_norm.hpp"
#include "damla/train/evaluate.hpp"
#include "helpers/catch.hpp"
#include "helpers/error_says.hpp"
#include "helpers/random_data.hpp"

using namespace damla;

namespace {
constexpr GptOptions small{.vocab_size = 30, .context = 8, .channels = 12, .heads = 3, .layers = 2};

template <class Model = Gpt<>>
Model lively(const GptOptions& options) {
  Random random(5);
  Model model(options, random);
  enlarge(model, random);
  return model;
}
const Tokens sentence{7, 0, 29, 7, 7, 12, 3};
}  // namespace

TEST_CASE("attention inside a model: rows are probabilities, and nobody looks ahead", "[models]") {
  auto model = lively(small);
  const Index T = std::ssize(sentence);
  const Inside inside = look_into(model, sentence);
  REQUIRE(inside.attention.size() == 2);
  for (const Matrix& weights : inside.attention) {
    REQUIRE(weights.rows() == small.heads * T);
    REQUIRE(weights.cols() == T);
    for (Index row = 0; row < weights.rows(); ++row) {
      CHECK(weights.row(row).sum() == Approx(1));
      CHECK(weights.row(row).minCoeff() >= 0);
      CHECK(weights.row(row).tail(T - 1 - row % T).isZero(0));
    }
  }
  CHECK(inside.attention[0] != inside.attention[1]);

  for (auto& block : model.transformer.blocks) block.attention.keep_weights_to = 2;
  CHECK(look_into(model, sentence).attention == inside.attention);  // however long the text
  for (auto& block : model.transformer.blocks) CHECK(block.attention.keep_weights_to == 2);
}

TEST_CASE("the residual stream: each block adds to what it took", "[models]") {
  auto model = lively(small);
  const Inside inside = look_into(model, sentence);
  REQUIRE(inside.stream.size() == 3);
  for (std::size_t i = 0; i < 2; ++i)
    CHECK(model.transformer.blocks[i].forward(inside.stream[i], std::ssize(sentence)) ==
          inside.stream[i + 1]);
}

TEMPLATE_TEST_CASE("the lens behind the last block sees what the model predicts", "[models]",
                   LayerNorm, RmsNorm) {
  for (const bool tied : {true, false}) {
    GptOptions options = small;
    options.tied = tied;
    auto model = lively<Gpt<TransformerBlock<MultiHeadAttention, TestType>>>(options);
    const Inside inside = look_into(model, sentence);
    const Matrix features = model.transformer.final_norm.y;
    CHECK(logit_lens(model, inside.stream.back()).isApprox(inside.logits, Scalar(1e-5)));
    CHECK(!logit_lens(model, inside.stream.front()).isApprox(inside.logits, Scalar(0.1)));
    CHECK(model.transformer.final_norm.y == features);
    CHECK(inside.logits == model.forward(sentence, std::ssize(sentence)));
  }
}

TEST_CASE("losses inside a model are those of evaluation", "[models]") {
  auto model = lively(small);
  const Inside inside = look_into(model, sentence);
  const auto n = sentence.size() - 1;
  const std::vector<double> expected = window_losses(
      model, TokenSpan(sentence).first(n), TokenSpan(sentence).last(n), std::ssize(sentence) - 1);
  REQUIRE(inside.losses.size() == n);
  for (std::size_t t = 0; t < n; ++t) {
    CHECK(inside.losses[t] == Approx(expected[t]).epsilon(1e-5));
    const double p = next_probabilities(
        model, TokenSpan(sentence).first(t + 1))[static_cast<std::size_t>(sentence[t + 1])];
    CHECK(inside.losses[t] == Approx(-std::log(p)).epsilon(1e-4));
  }
}

TEST_CASE("looking inside uses no dropout, and leaves it on", "[models]") {
  GptOptions options = small;
  options.dropout = Scalar(0.5);
  auto model = lively(options);
  const Inside inside = look_into(model, sentence);
  CHECK(look_into(model, sentence).logits == inside.logits);
  CHECK(model.training());
}

TEST_CASE("a text of one token has no loss; of none, or too long, is refused", "[models]") {
  auto model = lively(small);
  CHECK(look_into(model, Tokens{4}).losses.empty());
  CHECK(error_says([&] { look_into(model, Tokens{}); }, {"there are no tokens"}));
  CHECK(error_says([&] { look_into(model, Tokens(9, 1)); }, {"9", "8"}));
  CHECK(error_says([&] { logit_lens(model, Matrix::Zero(3, 11)); }, {"3×11", "12"}));
}

TEST_CASE("parameters by part are those that a model has", "[models]") {
  for (const bool tied : {true, false}) {
    GptOptions options = small;
    options.tied = tied;
    auto model = lively(options);
    std::map<std::string, Index> found;
    model.visit_parameters([&](std::string_view name, const Parameter& p) {
      const auto has = [&](std::string_view part) {
        return name.find(part) != std::string_view::npos;
      };
      const char* part = has("wte")       ? "words"
                         : has("wpe")     ? "positions"
                         : has(".attn.")  ? "attention"
                         : has(".mlp.")   ? "feed-forward"
                         : has("lm_head") ? "head"
                         : has("ln_")     ? "norms"
                                          : "none";
      found[part] += p.value.size();
    });
    const ParameterCounts counts = parameters_by_part(options);
    CHECK(counts.token_embedding == found["words"]);
    CHECK(counts.positions == found["positions"]);
    CHECK(counts.attention == found["attention"]);
    CHECK(counts.feed_forward == found["feed-forward"]);
    CHECK(counts.norms == found["norms"]);
    CHECK(counts.head == found["head"]);
    CHECK(found.count("none") == 0);
    CHECK(parameter_count(options) == parameter_count(model));
  }
}
