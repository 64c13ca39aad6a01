#include <type_traits>

#include "damla/models/gpt.hpp"
#include "damla/models/text_classifier.hpp"
#include "damla/nn/rms_norm.hpp"
#include "damla/train/train.hpp"
#include "helpers/catch.hpp"
#include "helpers/random_data.hpp"

// Norm, positions, feed-forward and activation are slots of the models.
using namespace damla;

namespace {
using RmsBlock = TransformerBlock<MultiHeadAttention, RmsNorm>;
using ReluBlock = TransformerBlock<MultiHeadAttention, RmsNorm, FeedForward<Relu>>;
template <class Model>
using FinalNorm = decltype(std::declval<Model>().transformer.final_norm);
static_assert(std::is_same_v<FinalNorm<Gpt<>>, LayerNorm>);
static_assert(std::is_same_v<FinalNorm<Gpt<RmsBlock>>, RmsNorm>);
static_assert(std::is_same_v<FinalNorm<TransformerClassifier<RmsBlock>>, RmsNorm>);

// What lacks a part of a layer is refused.
struct WithoutParameters {
  Matrix y, dx;
  const Matrix& forward(const Matrix&) { return y; }
  const Matrix& backward(const Matrix&, const Matrix&) { return dx; }
};
struct Whole : WithoutParameters {
  void visit_parameters(auto&&) {}
};
struct WithoutBackward {
  Matrix y;
  const Matrix& forward(const Matrix&) { return y; }
  void visit_parameters(auto&&) {}
};
struct BackwardOfNothing : WithoutBackward {
  void backward(const Matrix&, const Matrix&) {}
};
static_assert(Layer<Whole> && Layer<Linear> && Layer<FeedForward<>> && Layer<Relu>);
static_assert(!Layer<WithoutParameters> && !Layer<WithoutBackward> && !Layer<BackwardOfNothing>);
static_assert(!Layer<MultiHeadAttention>);  // asks for T
static_assert(ActivationLayer<Relu> && !ActivationLayer<WithoutParameters> &&
              !ActivationLayer<LayerNorm>);
static_assert(FeedForwardLayer<FeedForward<Relu>> && !FeedForwardLayer<Linear>);
static_assert(PositionLayer<LearnedPositions> && PositionLayer<SinusoidalPositions> &&
              !PositionLayer<Embedding>);

template <class Model>
void learns_by_heart() {
  Random random(1);
  Model model({.vocab_size = 13, .context = 8, .channels = 16, .heads = 2, .layers = 2}, random);
  TokenBatch batch(4, 8);
  batch.draw(random_tokens(200, 13, random), random);
  for (Index b = 0; b < 4; ++b)
    batch.tokens[static_cast<std::size_t>(b * 8)] = static_cast<Token>(b);  // no two begin alike
  TrainOptions options{.steps = 300, .learning_rate = 1e-2};
  double first = 0;
  options.after_step = [&](Index step, double loss) {
    if (step == 0) first = loss;
  };
  const double last = train(model, options, [&]() -> const TokenBatch& { return batch; });
  CHECK(first > 2);
  CHECK(last < 0.1);
}
}  // namespace

TEST_CASE("a GPT with other norms, positions and activations learns a batch by heart", "[models]") {
  learns_by_heart<Gpt<RmsBlock>>();
  learns_by_heart<Gpt<ReluBlock>>();
  learns_by_heart<Gpt<TransformerBlock<>, SinusoidalPositions>>();
}

TEST_CASE("fixed positions are no parameters, and tell tokens apart", "[models]") {
  Random random(2);
  Gpt<TransformerBlock<>, SinusoidalPositions> model(
      {.vocab_size = 5, .context = 8, .channels = 16, .heads = 2, .layers = 1}, random);
  enlarge(model, random);
  visit_parameters(
      model, [](std::string_view name, const Parameter&) { CHECK(name.substr(0, 3) != "wpe"); });
  const Matrix one = model.forward(Tokens{1, 2, 1, 2}, 4);
  const Matrix other = model.forward(Tokens{2, 1, 1, 2}, 4);
  CHECK((one - other).row(3).cwiseAbs().maxCoeff() > 1e-3);
}
