#include "damla/models/llama.hpp"

#include <cmath>
#include <map>

#include "damla/align/tuning.hpp"
#include "damla/generate/generate.hpp"
#include "damla/models/inside.hpp"
#include "damla/models/size.hpp"
#include "damla/train/language_model_run.hpp"
#include "helpers/catch.hpp"
#include "helpers/error_says.hpp"
#include "helpers/random_data.hpp"
#include "helpers/temporary_file.hpp"

using namespace damla;

namespace {
/// With everything that one of the family has.
const LlamaOptions rich{.vocab_size = 13,
                        .context = 8,
                        .channels = 16,
                        .heads = 4,
                        .key_value_heads = 2,
                        .head_size = 6,
                        .inner = 20,
                        .rotary = {.theta = 50, .scaling = RotaryScaling{.original_context = 8}},
                        .qkv_bias = true,
                        .qk_norm = true,
                        .tied = false};

Llama<> lively(const LlamaOptions& options) {
  Random random(5);
  Llama<> model(options, random);
  enlarge(model, random);
  return model;
}
}  // namespace

TEST_CASE("a Llama learns a batch by heart", "[models]") {
  for (const LlamaOptions& options :
       {LlamaOptions{.vocab_size = 13, .context = 8, .channels = 16}, rich}) {
    Random random(1);
    Llama<> model(options, random);
    TokenBatch batch(4, 8);
    batch.draw(random_tokens(200, 13, random), random);
    for (Index b = 0; b < 4; ++b)
      batch.tokens[static_cast<std::size_t>(b * 8)] = static_cast<Token>(b);  // no two begin alike
    TrainOptions o{.steps = 300, .learning_rate = 1e-2};
    double first = 0;
    o.after_step = [&](Index step, double loss) {
      if (step == 0) first = loss;
    };
    const double last = train(model, o, [&]() -> const TokenBatch& { return batch; });
    CHECK(first == Approx(std::log(13)).epsilon(0.1));
    CHECK(last < 0.1);
  }
}

TEST_CASE("a Llama does not look ahead, and its cache changes nothing", "[models]") {
  auto model = lively(rich);
  Tokens tokens{7, 0, 12, 7, 7, 5, 3};
  const Matrix all = model.forward(tokens, 7);
  TransformerCache cache = model.make_cache();
  Index first = 0;
  for (const Index n : {2, 1, 3, 1}) {
    const Matrix logits = model.forward_next(
        TokenSpan(tokens).subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(n)),
        cache);
    first += n;
    CHECK(logits.isApprox(all.row(first - 1), Scalar(1e-4)));
  }
  CHECK(cache.length() == 7);
  tokens.back() = 9;
  const Matrix other = model.forward(tokens, 7);
  CHECK(other.topRows(6) == all.topRows(6));
  CHECK(other.row(6) != all.row(6));
  CHECK(error_says([&] { model.forward_next(Tokens{1, 2}, cache); }, {"2 tokens", "context of 8"}));
  CHECK(error_says([&] { model.forward(Tokens(9, 1), 9); }, {"9 tokens", "context of 8"}));
  CHECK(error_says([&] { model.forward(Tokens{13}, 1); }, {"13"}));
}

TEST_CASE("a Llama generates over the end of its context", "[models]") {
  auto model = lively(rich);
  const Tokens text = generate_greedy(model, Tokens{1, 2, 3}, 20);
  CHECK(text.size() == 20);
  // The first tokens are those of forward alone.
  Tokens expected{1, 2, 3};
  for (int i = 0; i < 5; ++i) {
    Index token = 0;
    model.forward(expected, std::ssize(expected)).bottomRows(1).row(0).maxCoeff(&token);
    expected.push_back(static_cast<Token>(token));
  }
  CHECK(Tokens(text.begin(), text.begin() + 5) == Tokens(expected.begin() + 3, expected.end()));
}

TEST_CASE("a Llama's parameters have their published names, and are counted by part", "[models]") {
  for (LlamaOptions options : {rich, LlamaOptions{.vocab_size = 13, .heads = 2}}) {
    auto model = lively(options);
    std::map<std::string, Index> found;
    std::vector<std::string> names;
    model.visit_parameters([&](std::string_view name, const Parameter& p) {
      names.emplace_back(name);
      const auto has = [&](std::string_view part) {
        return name.find(part) != std::string_view::npos;
      };
      found[has("norm")        ? "norms"
            : has("self_attn") ? "attention"
            : has("mlp")       ? "feed-forward"
                               : std::string(name)] += p.value.size();
    });
    const ParameterCounts counts = parameters_by_part(options);
    CHECK(counts.token_embedding == found["embed_tokens.weight"]);
    CHECK(counts.positions == 0);
    CHECK(counts.attention == found["attention"]);
    CHECK(counts.feed_forward == found["feed-forward"]);
    CHECK(counts.norms == found["norms"]);
    CHECK(counts.head == found["lm_head.weight"]);
    CHECK(parameter_count(options) == parameter_count(model));
    if (options.qk_norm) CHECK(names.size() == 1 + 2 * 14 + 2);
    CHECK(names[1] == "layers.0.input_layernorm.weight");
    CHECK(names.end() != std::find(names.begin(), names.end(), "layers.1.self_attn.q_proj.weight"));
  }
}

TEST_CASE("what is looked at inside a Llama is what it computed", "[models]") {
  auto model = lively(rich);
  const Tokens text{7, 0, 12, 7, 5};
  const Inside inside = look_into(model, text);
  REQUIRE(inside.attention.size() == 2);
  CHECK(inside.attention[0].rows() == 4 * 5);
  REQUIRE(inside.stream.size() == 3);
  CHECK(logit_lens(model, inside.stream.back()).isApprox(inside.logits, Scalar(1e-5)));
  CHECK(inside.losses.size() == 4);
}

TEST_CASE("norms have the epsilon that the options say", "[models]") {
  LlamaOptions options = rich;
  options.epsilon = 0.25;
  Random random(1);
  const Llama<> model(options, random);
  CHECK(model.transformer.final_norm.epsilon == Scalar(0.25));
  for (const auto& block : model.transformer.blocks) {
    CHECK(block.norm_1.epsilon == Scalar(0.25));
    CHECK(block.norm_2.epsilon == Scalar(0.25));
    CHECK(block.attention.query_norm->epsilon == Scalar(0.25));
    CHECK(block.attention.key_norm->epsilon == Scalar(0.25));
  }
}

TEST_CASE("a Llama's run goes on where it was saved, with the same losses", "[models]") {
  Random random(2);
  const Tokens text = random_tokens(300, 13, random), held_out = random_tokens(60, 13, random);
  RunOptions options;
  options.train.steps = 6, options.train.batch = 2;
  const TemporaryFile file("damla_llama_run.safetensors");
  const auto losses = [&](LanguageModelRun<Llama<>>& run, int n) {
    std::vector<double> all;
    for (int i = 0; i < n; ++i) all.push_back(run.step());
    return all;
  };
  Llama<> model = lively(rich);
  LanguageModelRun run(model, text, held_out, options, 3);
  losses(run, 3);
  run.save(file.path);
  const std::vector<double> expected = losses(run, 3);
  Random other(9);
  Llama<> resumed(rich, other);
  LanguageModelRun again(resumed, text, held_out, options, 3);
  again.resume(file.path);
  CHECK(losses(again, 3) == expected);
}

TEST_CASE("a Llama's vocabulary grows as a GPT's", "[models]") {
  for (const bool tied : {true, false}) {
    LlamaOptions options = rich;
    options.tied = tied;
    auto model = lively(options);
    const Tokens tokens{1, 5, 10, 3};
    const Matrix before = model.forward(tokens, 4);
    model.grow_vocabulary(15);
    CHECK(model.forward(tokens, 4).leftCols(13).isApprox(before, Scalar(1e-6)));
    CHECK(model.logits.cols() == 15);
    CHECK(error_says([&] { model.grow_vocabulary(14); }, {"Llama::grow_vocabulary", "14"}));
  }
}

TEST_CASE("a Llama's backward is that of its latest forward", "[models]") {
  auto model = lively(rich);
  const Tokens four{1, 2, 3, 4};
  const Matrix dlogits = Matrix::Ones(4, 13);
  CHECK(error_says([&] { model.backward(four, dlogits, 4); }, {"no forward before it"}));
  model.forward(four, 4);
  CHECK(error_says([&] { model.backward(four, dlogits, 2); }, {"T = 2", "T = 4"}));
  CHECK(error_says([&] { model.backward(four, dlogits.topRows(2), 4); }, {"dlogits is 2×13"}));
}
