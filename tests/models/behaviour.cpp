#include <cmath>
#include <limits>
#include <numeric>

#include "damla/align/reward_model.hpp"
#include "damla/generate/generate.hpp"
#include "damla/models/count_model.hpp"
#include "damla/models/gpt.hpp"
#include "damla/models/text_classifier.hpp"
#include "damla/nn/loss.hpp"
#include "damla/optim/adamw.hpp"
#include "damla/optim/clip.hpp"
#include "helpers/catch.hpp"
#include "helpers/error_says.hpp"
#include "helpers/padded_batch.hpp"
#include "helpers/random_data.hpp"

using namespace damla;

namespace {
/// The mean loss over every target there is: what random targets give on average, without their
/// luck.
double loss_of_any_target(const Matrix& logits) {
  double sum = 0;
  for (Index n = 0; n < logits.rows(); ++n) {
    const Scalar top = logits.row(n).maxCoeff();
    double total = 0, mean = 0;
    for (Index v = 0; v < logits.cols(); ++v) {
      total += std::exp(static_cast<double>(logits(n, v) - top));
      mean += static_cast<double>(logits(n, v) - top) / static_cast<double>(logits.cols());
    }
    sum += std::log(total) - mean;
  }
  return sum / static_cast<double>(logits.rows());
}

/// A GPT of larger weights than at the start of training, so that every part of it counts.
Gpt<> lively(const GptOptions& options, std::uint64_t seed) {
  Random random(seed);
  Gpt<> model(options, random);
  enlarge(model, random);
  return model;
}

/// The same model, for which generate knows no cache.
struct Uncached {
  Gpt<>& model;
  GptOptions options = model.options;
  TransformerCache make_cache() const { return {}; }
  const Matrix& forward(TokenSpan tokens, Index T) { return model.forward(tokens, T); }
};

/// The losses of some steps with dropout, and the parameters behind them.
struct Run {
  std::vector<double> losses;
  std::vector<Matrix> values;
  bool operator==(const Run&) const = default;
};
Run train(int thread_count, std::uint64_t seed) {
  const int before = threads();
  set_threads(thread_count);
  Random random(seed);
  const Index B = 5, T = 31;  // shapes that no number of threads divides
  Gpt<> model({.vocab_size = 131,
               .context = 32,
               .channels = 48,
               .heads = 3,
               .layers = 2,
               .dropout = Scalar(0.1)},
              random);
  const Tokens tokens = random_tokens(B * T, 131, random),
               targets = random_tokens(B * T, 131, random);
  CrossEntropy cross_entropy;
  AdamW optimizer;
  Run run;
  for (int i = 0; i < 6; ++i) {
    const Matrix& logits = model.forward(tokens, T);
    run.losses.push_back(cross_entropy.forward(logits, targets));
    zero_gradients(model);
    model.backward(tokens, cross_entropy.backward(logits, targets), T);
    optimizer.step(model, clip_scale(model, 1.0));
  }
  model.visit_parameters([&](std::string_view, Parameter& p) { run.values.push_back(p.value); });
  set_threads(before);
  return run;
}
}  // namespace

TEST_CASE("a new GPT guesses: its loss is within 0.1 of ln V", "[models]") {
  const auto check = [](GptOptions options, Index T) {
    for (const bool tied : {true, false}) {
      if (!tied && options.vocab_size > 10000) continue;  // to be quick
      options.tied = tied;
      CAPTURE(options.vocab_size, options.channels, options.layers, tied);
      Random random(1);
      Gpt<> model(options, random);
      const Tokens tokens = random_tokens(T, options.vocab_size, random);
      CHECK(std::abs(loss_of_any_target(model.forward(tokens, T)) -
                     std::log(static_cast<double>(options.vocab_size))) < 0.1);
    }
  };
  check({}, 64);
  check({.vocab_size = 2, .context = 8, .channels = 4, .heads = 1, .layers = 1}, 8);
  check({.vocab_size = 256, .context = 64, .channels = 48, .heads = 3, .layers = 3}, 64);
  check({.vocab_size = 1024, .context = 128, .channels = 128, .heads = 4, .layers = 4}, 128);
  check({.vocab_size = 4096, .context = 64, .channels = 384, .heads = 6, .layers = 6}, 64);
  check({.vocab_size = 50257, .context = 16, .channels = 768, .heads = 12, .layers = 1}, 16);
}

TEST_CASE("a word that comes later changes nothing before it, to the last bit", "[models]") {
  const GptOptions options{
      .vocab_size = 19, .context = 12, .channels = 16, .heads = 4, .layers = 3};
  Gpt<> model = lively(options, 2);
  Random random(3);
  const Index B = 2, T = 12;
  Tokens tokens = random_tokens(B * T, 19, random);
  const Matrix before = model.forward(tokens, T);
  for (Index t = 0; t + 1 < T; ++t) {
    CAPTURE(t);
    const auto at = static_cast<std::size_t>(t + 1);
    const Token kept = tokens[at];
    tokens[at] = (kept + 1) % 19;
    const Matrix& after = model.forward(tokens, T);
    CHECK(after.topRows(t + 1) == before.topRows(t + 1));
    CHECK((after.row(t + 1) - before.row(t + 1)).cwiseAbs().maxCoeff() >
          Scalar(0.01));  // from there on it does
    if (t + 2 < T)
      CHECK((after.row(T - 1) - before.row(T - 1)).cwiseAbs().maxCoeff() > Scalar(1e-5));
    CHECK(after.bottomRows(T) == before.bottomRows(T));  // the other sequence
    tokens[at] = kept;
  }
}

TEST_CASE("one batch is learnt by heart", "[models]") {
  for (const bool tied : {true, false}) {
    Random random(4);
    const Index B = 4, T = 16, V = 32;
    Gpt<> model(
        {.vocab_size = V, .context = T, .channels = 32, .heads = 4, .layers = 2, .tied = tied},
        random);
    Tokens tokens = random_tokens(B * T, V, random);
    for (Index b = 0; b < B; ++b)
      tokens[static_cast<std::size_t>(b * T)] = static_cast<Token>(b);  // no two begin alike
    const Tokens targets = random_tokens(B * T, V, random);
    CrossEntropy cross_entropy;
    AdamW optimizer;
    double loss = 0;
    for (int i = 0; i < 300; ++i) {
      const Matrix& logits = model.forward(tokens, T);
      loss = cross_entropy.forward(logits, targets);
      zero_gradients(model);
      model.backward(tokens, cross_entropy.backward(logits, targets), T);
      optimizer.step(model, clip_scale(model, 1.0));
    }
    CHECK(loss < 0.01);
  }
}

TEST_CASE("with a cache the logits are the same, however the tokens are handed over", "[models]") {
  // The last case is longer than what a model reads of a prompt at a time.
  for (const std::vector<Index>& parts :
       {std::vector<Index>(20, 1), {20}, {7, 1, 1, 11}, {1, 19}, {2, 298}}) {
    const Index T = std::accumulate(parts.begin(), parts.end(), Index(0));
    Gpt<> model =
        lively({.vocab_size = 29, .context = T, .channels = 24, .heads = 3, .layers = 3}, 5);
    Random random(6);
    const Tokens tokens = random_tokens(T, 29, random);
    const Matrix expected = model.forward(tokens, T);
    TransformerCache cache = model.make_cache();
    std::size_t first = 0;
    for (const Index n : parts) {
      const Matrix& logits =
          model.forward_next(TokenSpan(tokens).subspan(first, static_cast<std::size_t>(n)), cache);
      first += static_cast<std::size_t>(n);
      CHECK(cache.length() == static_cast<Index>(first));
      CHECK((logits - expected.row(static_cast<Index>(first) - 1)).cwiseAbs().maxCoeff() <
            Scalar(1e-4));
    }
    CHECK_THROWS_AS(model.forward_next(TokenSpan(tokens).first(1), cache), Error);  // it is full
  }
}

TEST_CASE(
    "with a cache the same words are generated, also when the context is full, and sampled too",
    "[models]") {
  for (const Index context : {1, 2, 7, 16}) {
    const GptOptions options{
        .vocab_size = 29, .context = context, .channels = 24, .heads = 3, .layers = 2};
    Gpt<> model = lively(options, 7);
    Uncached uncached{model};
    Random random(8);
    for (const Index prompt_size : {Index{1}, context, 3 * context}) {
      CAPTURE(context, prompt_size);
      const Tokens prompt = random_tokens(prompt_size, 29, random);
      const Tokens greedy = generate_greedy(model, prompt, 3 * context + 5);
      CHECK(std::ssize(greedy) == 3 * context + 5);
      CHECK(greedy == generate_greedy(uncached, prompt, 3 * context + 5));
      GenerateOptions sampled;
      sampled.max_new_tokens = 3 * context + 5;
      Random one(9), two(9), three(10);
      const Tokens drawn = generate(model, prompt, sampled, one);
      CHECK(drawn == generate(uncached, prompt, sampled, two));
      if (context == 16) CHECK(drawn != generate(model, prompt, sampled, three));  // another seed
    }
  }
}

TEST_CASE(
    "the same seed gives the same losses and weights to the last bit, with any number of threads",
    "[models]") {
  const Run run = train(1, 11);
  CHECK(run == train(1, 11));
  CHECK(run == train(2, 11));
  CHECK(run == train(5, 11));
  CHECK(run.losses != train(1, 12).losses);
}

TEST_CASE("a gradient that is not finite is an error that names the parameter", "[models]") {
  Gpt<> model =
      lively({.vocab_size = 11, .context = 4, .channels = 8, .heads = 2, .layers = 2}, 13);
  const Tokens tokens{1, 2, 3, 4}, targets{2, 3, 4, 5};
  for (const Scalar bad :
       {std::numeric_limits<Scalar>::quiet_NaN(), std::numeric_limits<Scalar>::infinity()}) {
    zero_gradients(model);
    model.transformer.blocks[1].feed_forward.up.bias.grad()(0, 5) = bad;
    model.transformer.final_norm.weight.grad()(0, 1) = bad;
    CHECK(error_says([&] { gradient_norm(model); },
                     {"h.1.mlp.c_fc.bias", "not finite"}));  // the first of the two
    CHECK(error_says([&] { clip_scale(model, 1.0); }, {"h.1.mlp.c_fc.bias"}));
  }
  // As it happens: a weight became NaN, and with it the loss and what lies below.
  zero_gradients(model);
  CHECK(std::isfinite(gradient_norm(model)));
  model.transformer.blocks[1].attention.projection.weight.value(2, 2) =
      std::numeric_limits<Scalar>::quiet_NaN();
  CrossEntropy cross_entropy;
  const Matrix& logits = model.forward(tokens, 4);
  CHECK_FALSE(std::isfinite(cross_entropy.forward(logits, targets)));
  model.backward(tokens, cross_entropy.backward(logits, targets), 4);
  CHECK(error_says([&] { clip_scale(model, 1.0); }, {"wte.weight"}));
}

TEST_CASE("a cache that was not made by the model is an error, and so are no tokens", "[models]") {
  const GptOptions options{.vocab_size = 11, .context = 6, .channels = 8, .heads = 2, .layers = 2};
  Gpt<> model = lively(options, 1);
  const Tokens tokens{1, 2, 3};
  const auto refuses = [&](TransformerCache cache, std::initializer_list<std::string_view> parts) {
    return error_says([&] { model.forward_next(tokens, cache); }, parts);
  };
  const auto cache_of = [](GptOptions other) { return lively(other, 2).make_cache(); };
  GptOptions fewer = options, narrow = options, deep = options, small = options;
  fewer.layers = 1, narrow.channels = 4, deep.layers = 3, small.context = 2;
  CHECK(refuses({}, {"cache has 0 layers", "model has 2", "make_cache"}));
  CHECK(refuses(cache_of(fewer), {"cache has 1 layers"}));
  CHECK(refuses(cache_of(deep), {"cache has 3 layers"}));
  CHECK(refuses(cache_of(narrow), {"cache.keys is 6×4", "8 columns"}));
  CHECK(refuses(cache_of(small), {"full", "room for 2"}));
  TransformerCache uneven = model.make_cache();
  uneven.layers[1].length = 1;
  CHECK(refuses(uneven, {"length", "is 1"}));
  TransformerCache own = model.make_cache();
  CHECK(error_says([&] { model.forward_next({}, own); }, {"no tokens"}));
  CHECK_NOTHROW(model.forward_next(tokens, own));
  CHECK(error_says([&] { model.forward({}, 1); }, {"no tokens"}));
  CHECK(error_says([&] { model.forward(tokens, 2); }, {"3 tokens", "multiple of T = 2"}));
  for (const Index T : {Index{0}, Index{-3}, std::numeric_limits<Index>::max()})
    CHECK_THROWS_AS(model.forward(tokens, T), Error);
}

TEST_CASE("a model's backward is that of its latest forward, and changes nothing otherwise",
          "[models]") {
  Gpt<> model = lively({.vocab_size = 11, .context = 8, .channels = 8, .heads = 2, .layers = 1}, 1);
  const Tokens four{1, 2, 3, 4}, two{1, 2};
  const Matrix dlogits = Matrix::Ones(4, 11);
  CHECK(error_says([&] { model.backward(four, dlogits, 4); }, {"no forward before it"}));
  model.forward(four, 4);
  CHECK(error_says([&] { model.backward(four, dlogits, 2); }, {"T = 2", "T = 4"}));
  CHECK(error_says([&] { model.backward(two, dlogits.topRows(2), 2); }, {"2 tokens", "4 with"}));
  CHECK(error_says([&] { model.backward(four, dlogits.topRows(2), 4); }, {"dlogits is 2×11"}));
  TransformerCache cache = model.make_cache();
  model.forward_next(four, cache);
  CHECK(error_says([&] { model.backward(four, dlogits, 4); }, {"no forward before it"}));
  CHECK(gradient_norm(model) == 0);
}

TEST_CASE("a batch made by hand whose parts do not fit is an error in every model", "[models]") {
  Random random(1);
  Gpt<> gpt({.vocab_size = 5, .context = 4, .channels = 4, .heads = 2, .layers = 1}, random);
  RewardModel<> reward(gpt);
  BagClassifier bag(5, 4, 2, random);
  TransformerClassifier<> encoder({.vocab_size = 5, .context = 4, .channels = 4}, random);
  CountModel<SoftmaxClassifier> counts{SoftmaxClassifier(5, 2), 5};
  const auto check = [&](auto& model) {
    const auto refuses = [&](const TokenBatch& batch, std::initializer_list<std::string_view> p) {
      return error_says([&] { model.forward(batch); }, p);
    };
    const Tokens tokens{1, 2, 3, 4};
    CHECK_NOTHROW(model.forward(padded_batch(tokens, {2, 1}, 2)));
    CHECK(refuses(padded_batch(tokens, {3, 1}, 2), {"a length is 3"}));
    CHECK(refuses(padded_batch(tokens, {0, 1}, 2), {"a length is 0"}));
    CHECK(refuses(padded_batch(tokens, {1, -1}, 2), {"a length is -1"}));
    CHECK(refuses(padded_batch({1, 2, 3}, {1, 2}, 2), {"3 tokens", "2 sequences of 2 are 4"}));
    CHECK(refuses(padded_batch(tokens, {2}, 2), {"4 tokens", "1 sequences"}));
    CHECK(refuses(padded_batch(tokens, {1, 1}, 0), {"T is 0"}));
    CHECK(refuses(TokenBatch(), {"B is 0"}));
    TokenBatch batch = padded_batch(tokens, {2, 2}, 2);
    const Matrix with_lengths = model.forward(batch);
    batch.lengths.clear();  // all have T
    CHECK(model.forward(batch) == with_lengths);
    batch.lengths = {2};
    CHECK(refuses(batch, {"1 lengths for 2"}));
  };
  check(gpt), check(reward), check(bag), check(encoder), check(counts);
  TokenBatch empty;
  CHECK(error_says([&] { empty.draw(Tokens(9, 1), random); }, {"TokenBatch::draw", "B is 0"}));
}

TEST_CASE("a batch that is not its layer's is an error", "[models]") {
  MeanPool pool;
  const TokenBatch batch = padded_batch({1, 2, 3, 4}, {2, 1}, 2);
  CHECK_NOTHROW(pool.backward(Matrix::Zero(4, 3), Matrix::Zero(2, 3), batch));
  CHECK_THROWS_AS(pool.backward(Matrix::Zero(3, 3), Matrix::Zero(2, 3), batch), Error);
  CHECK_THROWS_AS(pool.backward(Matrix::Zero(4, 3), Matrix::Zero(5, 3), batch), Error);
}

TEST_CASE("a grown vocabulary leaves the old words as they were, and learns the new ones",
          "[models]") {
  for (const bool tied : {true, false}) {
    CAPTURE(tied);
    Gpt<> model = lively(
        {.vocab_size = 11, .context = 6, .channels = 8, .heads = 2, .layers = 1, .tied = tied}, 4);
    const Tokens tokens{1, 5, 10, 3};
    const Matrix before = model.forward(tokens, 4);
    model.grow_vocabulary(14);
    const Matrix after = model.forward(tokens, 4);
    REQUIRE(after.cols() == 14);
    CHECK(after.leftCols(11).isApprox(before, Scalar(1e-6)));
    // A new word's logit is the mean of the others': it is a guess among them.
    const Matrix mean = before.rowwise().mean();
    CHECK((after.rightCols(3).colwise() - mean.col(0)).cwiseAbs().maxCoeff() < Scalar(1e-5));

    AdamW optimizer;
    CrossEntropy loss;
    const Tokens inputs{12, 13, 12, 13, 12, 13}, targets{13, 12, 13, 12, 13, 12};
    double last = 0;
    for (int i = 0; i < 100; ++i) {
      zero_gradients(model);
      last = loss.forward(model.forward(inputs, 6), targets);
      model.backward(inputs, loss.backward(model.logits, targets), 6);
      optimizer.learning_rate = Scalar(0.03);
      optimizer.step(model);
    }
    CHECK(last < 0.1);
    CHECK(error_says([&] { model.grow_vocabulary(13); }, {"grow_vocabulary", "vocab_size", "13"}));
  }
}
