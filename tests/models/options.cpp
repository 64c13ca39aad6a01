// Every number that can be set from outside, one table for each struct of options: what is no sense
// is refused, by its name. A structured binding counts the fields: a new one needs a row here.
#include <limits>
#include <string>
#include <vector>

#include "damla/align/dpo.hpp"
#include "damla/align/lora.hpp"
#include "damla/align/policy_gradient.hpp"
#include "damla/align/reward_model.hpp"
#include "damla/data/batches.hpp"
#include "damla/data/standardizer.hpp"
#include "damla/generate/compact_model.hpp"
#include "damla/models/count_model.hpp"
#include "damla/models/llama.hpp"
#include "damla/models/mlp.hpp"
#include "damla/models/ngram.hpp"
#include "damla/models/skip_gram.hpp"
#include "damla/models/text_classifier.hpp"
#include "damla/models/word_vectors.hpp"
#include "damla/nn/rms_norm.hpp"
#include "damla/optim/sgd.hpp"
#include "damla/text/byte_pair_tokenizer.hpp"
#include "damla/text/word_tokenizer.hpp"
#include "damla/train/evaluate.hpp"
#include "damla/train/language_model_run.hpp"
#include "damla/train/metrics.hpp"
#include "helpers/catch.hpp"
#include "helpers/error_says.hpp"
#include "helpers/random_data.hpp"

using namespace damla;

namespace {
constexpr double infinite = std::numeric_limits<double>::infinity(),
                 nan_ = std::numeric_limits<double>::quiet_NaN();

/// What a field may have of the numbers below.
struct Allowed {
  bool zero = false, infinity = false, huge = false;
};

/// Numbers that are wrong in most fields, and whether this one may have them.
template <class Number>
std::vector<std::pair<Number, bool>> odd_numbers(const Allowed& may) {
  std::vector<std::pair<Number, bool>> numbers{
      {Number(-1), false}, {Number(0), may.zero}, {std::numeric_limits<Number>::max(), may.huge}};
  if constexpr (std::numeric_limits<Number>::has_infinity) {
    numbers.push_back({static_cast<Number>(nan_), false});
    numbers.push_back({static_cast<Number>(infinite), may.infinity});
    numbers.push_back({static_cast<Number>(-infinite), false});
  }
  return numbers;
}

/// Options that are good, and the call that uses them.
template <class Options, class Use>
struct Table {
  Options good;
  Use use;

  template <class Number>
  const Table& field(const char* name, Number Options::*member, Allowed may = {}) const {
    use(good);
    for (const auto& [value, allowed] : odd_numbers<Number>(may)) {
      CAPTURE(name, value);
      Options options = good;
      options.*member = value;
      if (allowed) CHECK_NOTHROW(use(options));
      else CHECK(error_says([&] { use(options); }, {name}));
    }
    return *this;
  }
};
template <class Options, class Use>
Table(Options, Use) -> Table<Options, Use>;

const Tokens text(40, 1);
struct Point {
  Parameter at{2, 2};
  void visit_parameters(auto&& visit) { visit("at", at); }
};
struct Began {};  // thrown by the first step of a training that would be too long for a test
}  // namespace

TEST_CASE("options of models are in their ranges", "[options]") {
  const Allowed zero{.zero = true};
  {
    const GptOptions good{.vocab_size = 7, .context = 4, .channels = 4, .heads = 2, .layers = 1};
    [[maybe_unused]] const auto& [V, T, C, H, L, tied, dropout, init_std] = good;
    Table table{good, [](const GptOptions& o) {
                  Random random(1);
                  Gpt<> model(o, random);
                }};
    CHECK_NOTHROW(CompactModel(good, WeightType::q8_0));
    CHECK(error_says([] { CompactModel(GptOptions{.channels = 0}, WeightType::q8_0); },
                     {"channels is 0"}));
    CHECK(error_says([] { CompactModel(LlamaOptions{.context = 0}, WeightType::q8_0); },
                     {"context is 0"}));
    table.field("vocab_size", &GptOptions::vocab_size)
        .field("context", &GptOptions::context)
        .field("channels", &GptOptions::channels)
        .field("heads", &GptOptions::heads)
        .field("layers", &GptOptions::layers, zero)
        .field("dropout", &GptOptions::dropout, zero)
        .field("init_std", &GptOptions::init_std);
  }
  {
    const BlockOptions good{.channels = 4, .heads = 2};
    [[maybe_unused]] const auto& [C, H, causal, dropout, init_std, projection_std, epsilon, G, d,
                                  inner, qkv_bias, qk_norm, rotary] = good;
    const auto all = [&](auto use) {
      Table{good, use}
          .field("channels", &BlockOptions::channels)
          .field("heads", &BlockOptions::heads)
          .field("dropout", &BlockOptions::dropout, zero)
          .field("init_std", &BlockOptions::init_std)
          .field("projection_std", &BlockOptions::projection_std)
          .field("epsilon", &BlockOptions::epsilon)
          .field("key_value_heads", &BlockOptions::key_value_heads, zero)
          .field("head_size", &BlockOptions::head_size, zero)
          .field("inner", &BlockOptions::inner, zero);
    };
    Random random(1);
    all([&](const BlockOptions& o) { TransformerBlock<>(o, random); });
    all([&](const BlockOptions& o) { MultiHeadAttention(o, random); });
    all([&](const BlockOptions& o) { FeedForward<>(o, random); });
    all([&](const BlockOptions& o) { GroupedQueryAttention<>(o, random); });
    all([&](const BlockOptions& o) { SwiGlu<>(o, random); });
    const auto refuses = [&](const BlockOptions& o, std::initializer_list<std::string_view> says) {
      return error_says([&] { GroupedQueryAttention<>(o, random); }, says);
    };
    CHECK(refuses({.channels = 6, .heads = 4}, {"channels is 6", "heads", "4"}));
    CHECK(refuses({.channels = 8, .heads = 4, .key_value_heads = 3}, {"heads is 4", "3"}));
    CHECK(refuses({.channels = 8, .heads = 4, .key_value_heads = 8}, {"key_value_heads is 8"}));
    CHECK(refuses({.channels = 6, .heads = 2}, {"3 numbers", "even"}));
    CHECK(refuses({.channels = 8, .heads = 2, .causal = false}, {"causal"}));
    CHECK(error_says([&] { MultiHeadAttention({.channels = 6, .heads = 4}, random); },
                     {"channels is 6", "heads", "4"}));
  }
  {
    const LlamaOptions good{.vocab_size = 7, .context = 4, .channels = 4, .heads = 2, .layers = 1};
    [[maybe_unused]] const auto& [V, T, C, H, G, d, inner, L, rotary, epsilon, qkv_bias, qk_norm,
                                  tied, init_std] = good;
    Table{good,
          [](const LlamaOptions& o) {
            Random random(1);
            Llama<> model(o, random);
          }}
        .field("vocab_size", &LlamaOptions::vocab_size)
        .field("context", &LlamaOptions::context)
        .field("channels", &LlamaOptions::channels)
        .field("heads", &LlamaOptions::heads)
        .field("key_value_heads", &LlamaOptions::key_value_heads, zero)
        .field("head_size", &LlamaOptions::head_size, zero)
        .field("inner", &LlamaOptions::inner, zero)
        .field("layers", &LlamaOptions::layers, zero)
        .field("epsilon", &LlamaOptions::epsilon)
        .field("init_std", &LlamaOptions::init_std);
  }
  {
    const RotaryOptions good{};
    [[maybe_unused]] const auto& [theta, scaling, pairs] = good;
    Table{good, [](const RotaryOptions& o) { Rotary(4, o); }}.field("theta", &RotaryOptions::theta);
    const RotaryScaling scaled{};
    [[maybe_unused]] const auto& [factor, low, high, original] = scaled;
    Table{scaled, [](const RotaryScaling& s) { Rotary(4, {.scaling = s}); }}
        .field("factor", &RotaryScaling::factor)
        .field("low_frequency", &RotaryScaling::low_frequency)
        .field("high_frequency", &RotaryScaling::high_frequency)
        .field("original_context", &RotaryScaling::original_context);
  }
  {
    const TransformerOptions good{
        .vocab_size = 7, .context = 4, .layers = 1, .block = {.channels = 4, .heads = 2}};
    [[maybe_unused]] const auto& [V, T, L, block, embedding_std, position_std] = good;
    Random random(1);
    Table{good, [&](const TransformerOptions& o) { Transformer<>(o, random); }}
        .field("vocab_size", &TransformerOptions::vocab_size)
        .field("context", &TransformerOptions::context)
        .field("layers", &TransformerOptions::layers, zero)
        .field("embedding_std", &TransformerOptions::embedding_std, zero)
        .field("position_std", &TransformerOptions::position_std, zero);
  }
  {
    const ClassifierOptions good{.vocab_size = 7, .context = 4, .channels = 4};
    [[maybe_unused]] const auto& [V, T, C, H, L, classes] = good;
    Random random(1);
    Table{good, [&](const ClassifierOptions& o) { TransformerClassifier<>(o, random); }}
        .field("vocab_size", &ClassifierOptions::vocab_size)
        .field("context", &ClassifierOptions::context)
        .field("channels", &ClassifierOptions::channels)
        .field("heads", &ClassifierOptions::heads)
        .field("layers", &ClassifierOptions::layers, zero)
        .field("classes", &ClassifierOptions::classes);
  }
}

TEST_CASE("options of training are in their ranges", "[options]") {
  const Allowed zero{.zero = true}, huge{.huge = true}, zero_and_huge{.zero = true, .huge = true};
  {
    const TrainOptions good{.steps = 3, .batch = 2};
    [[maybe_unused]] const auto& [steps, batch, rate, final_rate, warmup, clip_norm, decay, title,
                                  after, ranks, sharded] = good;
    Table{good,
          [](const TrainOptions& o) {
            Point point;
            try {
              minimize(point, o, [step = 0]() mutable { return ++step > 3 ? throw Began() : 0.0; });
            } catch (const Began&) {
            }
          }}
        .field("steps", &TrainOptions::steps, huge)
        .field("batch", &TrainOptions::batch)
        .field("learning_rate", &TrainOptions::learning_rate, zero)
        .field("final_learning_rate", &TrainOptions::final_learning_rate, zero)
        .field("warmup", &TrainOptions::warmup, zero)
        .field("weight_decay", &TrainOptions::weight_decay, zero)
        .field("clip_norm", &TrainOptions::clip_norm, {.infinity = true, .huge = true});
  }
  {
    RunOptions good;
    good.train.steps = 3, good.train.batch = 1;
    [[maybe_unused]] const auto& [train, evaluate_every, windows, patience] = good;
    const Tokens text{0, 1, 2, 0, 1, 2, 0, 1, 2};
    Table{good,
          [&](const RunOptions& o) {
            Random random(1);
            Gpt<> model({.vocab_size = 3, .context = 2, .channels = 4, .heads = 1}, random);
            LanguageModelRun run(model, text, text, o, 1);
            run.step();
          }}
        .field("evaluate_every", &RunOptions::evaluate_every, zero_and_huge)
        .field("windows", &RunOptions::windows, huge)
        .field("patience", &RunOptions::patience, zero_and_huge);
  }
  {
    const WarmupCosine good{};
    [[maybe_unused]] const auto& [peak, warmup, steps, floor] = good;
    Table{good, [](const WarmupCosine& s) { s(0), s(s.warmup), s(s.steps - 1); }}
        .field("peak", &WarmupCosine::peak, zero)
        .field("warmup", &WarmupCosine::warmup, zero)
        .field("steps", &WarmupCosine::steps, huge)
        .field("floor", &WarmupCosine::floor, zero);
    CHECK_THROWS_AS(good(-1), Error);
  }
  {
    const AdamW good{};
    [[maybe_unused]] const auto& [rate, beta1, beta2, epsilon, decay, share, steps, moments] = good;
    Table{good,
          [](AdamW optimizer) {
            Point point;
            optimizer.step(point);
          }}
        .field("learning_rate", &AdamW::learning_rate, zero_and_huge)
        .field("beta1", &AdamW::beta1, zero)
        .field("beta2", &AdamW::beta2, zero)
        .field("epsilon", &AdamW::epsilon, huge)
        .field("weight_decay", &AdamW::weight_decay, zero_and_huge)
        .field("steps", &AdamW::steps, zero);
    Point point;
    AdamW optimizer;
    for (const double scale : {0.0, -1.0, nan_, infinite})
      CHECK(error_says([&] { optimizer.step(point, static_cast<Scalar>(scale)); }, {"grad_scale"}));
    for (const Share part : {Share{0, 0}, Share{0, -1}, Share{-1, 2}, Share{2, 2}}) {
      optimizer.share = part;
      CHECK(error_says([&] { optimizer.step(point); }, {"AdamW::step: share.part"}));
    }
    CHECK(optimizer.steps == 0);
  }
  {
    const Sgd good{};
    [[maybe_unused]] const auto& [rate, momentum, velocities] = good;
    Table{good,
          [](Sgd optimizer) {
            Point point;
            optimizer.step(point);
          }}
        .field("learning_rate", &Sgd::learning_rate, zero_and_huge)
        .field("momentum", &Sgd::momentum, zero);
  }
  Point point;
  point.at.grad().setOnes();  // of norm 2
  for (const double bad : {0.0, -1.0, nan_})
    CHECK(error_says([&] { clip_scale(point, bad); }, {"clip_scale", "max_norm"}));
  CHECK(clip_scale(point, infinite) == 1);
  CHECK(clip_scale(point, 1) == Scalar(0.5));
}

TEST_CASE("options of alignment are in their ranges", "[options]") {
  Random random(1);
  const Matrix logits = normal_matrix(4, 3, random);
  const Tokens targets{0, 1, 2, 0};
  {
    const DpoLoss good{};
    [[maybe_unused]] const auto& [beta, likelihood, loss, accuracy, p, dx, weights] = good;
    Table{good,
          [&](DpoLoss dpo) {
            dpo.forward(logits, targets, 2, {-1, -1});
          }}
        .field("beta", &DpoLoss::beta)
        .field("likelihood", &DpoLoss::likelihood, {.zero = true});
  }
  {
    const LoraOptions good{.rank = 2};
    [[maybe_unused]] const auto& [rank, alpha, targets_, whole] = good;
    const Gpt<> model({.vocab_size = 3, .context = 2, .channels = 4, .heads = 1}, random);
    Table{good, [&](const LoraOptions& o) { with_lora(model, o, random); }}
        .field("rank", &LoraOptions::rank)
        .field("alpha", &LoraOptions::alpha);
  }
  {
    const PolicyGradient good{};
    [[maybe_unused]] const auto& [clip, loss, clipped, p, dx, weights] = good;
    Table{good,
          [&](PolicyGradient policy) {
            policy.forward(logits, targets, {1, -1, 1, -1}, {-1, -1, -1, -1});
          }}
        .field("clip", &PolicyGradient::clip, {.zero = true});
  }
  for (const double bad : {-1.0, nan_, infinite})
    CHECK(error_says(
        [&] {
          policy_advantages(Matrix::Ones(2, 1), {1, 2}, {1, 2}, bad);
        },
        {"policy_advantages", "beta"}));
}

TEST_CASE("options of generation are in their ranges", "[options]") {
  Random random(1);
  {
    const SamplingOptions good{};
    [[maybe_unused]] const auto& [penalty, temperature, top_k, top_p] = good;
    const Matrix logits = normal_matrix(1, 5, random);
    Table{good,
          [&](const SamplingOptions& o) {
            candidates(logits, o, Tokens{0, 1});
          }}
        .field("repetition_penalty", &SamplingOptions::repetition_penalty)
        .field("temperature", &SamplingOptions::temperature, {.zero = true})
        .field("top_k", &SamplingOptions::top_k, {.zero = true, .huge = true})
        .field("top_p", &SamplingOptions::top_p);
  }
  {
    GenerateOptions good;
    good.on_token = [](Token) { return false; };
    [[maybe_unused]] const auto& [max_new_tokens, sampling, stop, on_token] = good;
    Gpt<> model({.vocab_size = 7, .context = 4, .channels = 4, .heads = 2, .layers = 1}, random);
    Table{good, [&](const GenerateOptions& o) { generate(model, text, o, random); }}.field(
        "max_new_tokens", &GenerateOptions::max_new_tokens, {.zero = true, .huge = true});
  }
}

TEST_CASE("options of tokenizers are in their ranges", "[options]") {
  const BytePairOptions pairs{.vocab_size = 257};
  [[maybe_unused]] const auto& [vocab_size, pre_tokenization, special] = pairs;
  Table{pairs, [](const BytePairOptions& o) { BytePairTokenizer::train("aa", o); }}.field(
      "vocab_size", &BytePairOptions::vocab_size, {.huge = true});
  const WordOptions words{.vocab_limit = 5};
  [[maybe_unused]] const auto& [casing, vocab_limit, special_words] = words;
  Table{words, [](const WordOptions& o) { WordTokenizer::from_text("a b", o); }}.field(
      "vocab_limit", &WordOptions::vocab_limit, {.zero = true, .huge = true});
}

TEST_CASE("sizes and numbers of constructors and functions are in their ranges", "[options]") {
  Random random(1);
  const std::vector<Tokens> sentences{{0, 1, 2}};
  const SkipGramPairs pairs(sentences, 3, 1);
  SkipGramBatch drawn;
  for (const Index n : {Index{-1}, Index{0}, std::numeric_limits<Index>::max()}) {
    CAPTURE(n);
    CHECK(error_says([&] { Linear(n, 2, random); }, {"Linear", shape_text(n, 2)}));
    CHECK(error_says([&] { Linear(2, n, random); }, {"Linear", shape_text(2, n)}));
    CHECK(error_says([&] { Mlp<>(2, n, 2, random); }, {"Linear"}));
    CHECK(error_says([&] { Embedding(n, 2, random); }, {"Embedding", shape_text(n, 2)}));
    CHECK(error_says([&] { Embedding(2, n, random); }, {"Embedding", shape_text(2, n)}));
    CHECK(error_says([&] { LayerNorm{n}; }, {"LayerNorm", shape_text(1, n)}));
    CHECK(error_says([&] { RmsNorm{n}; }, {"RmsNorm", shape_text(1, n)}));
    CHECK(error_says([&] { Rotary{n}; }, {"Rotary", "head_size is"}));
    CHECK(error_says([&] { LearnedPositions(n, 2, random); }, {"LearnedPositions"}));
    CHECK(error_says([&] { SinusoidalPositions(2, n); }, {"SinusoidalPositions"}));
    CHECK(error_says([&] { SoftmaxClassifier(n, 2); }, {"Linear", shape_text(n, 2)}));
    CHECK(error_says([&] { BagClassifier(2, 2, n, random); }, {"Linear", shape_text(2, n)}));
    CHECK(error_says([&] { SkipGram(n, 2, random); }, {"Embedding", shape_text(n, 2)}));
    CHECK(error_says([&] { SkipGramPairs(sentences, n, 1); }, {"vocab_size is"}));
    CHECK(error_says([&] { SkipGramPairs(sentences, 3, n); }, {"window is"}));
    CHECK(error_says([&] { pairs.draw(drawn, n, 1, random); }, {"B is"}));
    CHECK(error_says([&] { pairs.draw(drawn, 1, n, random); }, {"K is"}));
    CHECK(error_says([&] { WordCounts(text, n); }, {"vocab_size is"}));
    CHECK(error_says([&] { TextWindows(text, n); }, {"TextWindows"}));
    CHECK(error_says([&] { TokenBatch(n, 8); }, {"TokenBatch", "B is"}));
    CHECK(error_says([&] { TokenBatch(8, n); }, {"TokenBatch", "T is"}));
    CHECK(error_says([&] { confusion_matrix(Tokens{0}, Tokens{0}, n); }, {"classes is"}));
    if (n < 1) {
      CHECK(error_says([&] { Batches(5, n); }, {"batches of"}));
      CHECK(error_says([&] { Batches(n, 5); }, {"rows"}));
      CHECK(
          error_says([&] { reliability_table(Matrix::Ones(1, 1), Tokens{1}, static_cast<int>(n)); },
                     {"bins is"}));
    }
  }
  for (const double bad : {-1.0, nan_, infinite, 1e300}) {
    CAPTURE(bad);
    CHECK(error_says([&] { Linear(2, 2, random, true, bad); }, {"Linear", "init_std"}));
    CHECK(error_says([&] { Embedding(2, 2, random, bad); }, {"Embedding", "init_std"}));
    CHECK(error_says([&] { LearnedPositions(2, 2, random, bad); }, {"LearnedPositions", "init_s"}));
    CHECK(error_says([&] { split_text(text, bad); }, {"train_share"}));
  }
  for (const double bad : {-0.5, 1.0, 1.5, nan_}) {
    CHECK(error_says([&] { Dropout(static_cast<Scalar>(bad), random); }, {"Dropout: p is"}));
    Dropout dropout(0, random);
    dropout.p = static_cast<Scalar>(bad);
    CHECK(error_says([&] { dropout.forward(Matrix::Ones(2, 2)); }, {"Dropout::forward: p is"}));
  }
  for (const double bad : {-1.0, 0.0, nan_}) {
    LayerNorm layer(2);
    layer.epsilon = static_cast<Scalar>(bad);
    CHECK(error_says([&] { layer.forward(Matrix::Ones(2, 2)); }, {"LayerNorm", "epsilon is"}));
    RmsNorm root(2);
    root.epsilon = static_cast<Scalar>(bad);
    CHECK(error_says([&] { root.forward(Matrix::Ones(2, 2)); }, {"RmsNorm", "epsilon is"}));
  }
  CHECK(error_says([] { TokenBatch(Index{1} << 20, Index{1} << 20); }, {"1048576 sequences"}));
  CHECK(error_says([] { Parameter(Index{1} << 24, Index{1} << 24); },
                   {"16777216×16777216", "no memory"}));
  CHECK(error_says([] { nearest(Matrix::Ones(3, 2), 0, -1); }, {"nearest", "n is -1"}));
  const WordCounts counts(text, 2);
  CHECK(error_says([&] { counts.unigram(-1); }, {"token is -1"}));
  CHECK(error_says([&] { counts.bigram(2, 0); }, {"token is 2"}));
  CHECK(error_says([&] { counts.bigram(0, 2); }, {"token is 2"}));
  CHECK(error_says([] { Batches(6, 3)[2]; }, {"batch is 2"}));
  Matrix gap = Matrix::Ones(3, 2);
  gap(1, 1) = static_cast<Scalar>(nan_);
  CHECK(error_says([&] { Standardizer{gap}; }, {"Standardizer", "column 1"}));
}
