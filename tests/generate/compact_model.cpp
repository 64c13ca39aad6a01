#include "damla/generate/compact_model.hpp"

#include <algorithm>
#include <cmath>

#include "damla/generate/generate.hpp"
#include "damla/nn/loss.hpp"
#include "damla/train/train.hpp"
#include "helpers/catch.hpp"
#include "helpers/error_says.hpp"
#include "helpers/random_data.hpp"

using namespace damla;

namespace {
Gpt<> lively(bool tied) {
  Random random(1);
  Gpt<> model(
      {.vocab_size = 29, .context = 12, .channels = 24, .heads = 3, .layers = 2, .tied = tied},
      random);
  enlarge(model, random);
  visit_parameters(model, [&](std::string_view name, Parameter& p) {
    if (name.ends_with("bias")) random.fill_normal(p.value, 0.1);
  });
  return model;
}

/// With all that its relatives have: shared keys, biases, norms of heads, a head size of its own.
Llama<> lively_llama(bool plain) {
  Random random(1);
  LlamaOptions o{.vocab_size = 29, .context = 12, .channels = 24, .heads = 4, .layers = 2};
  o.tied = plain;
  if (!plain) o.key_value_heads = 2, o.head_size = 10, o.qkv_bias = true, o.qk_norm = true;
  Llama<> model(o, random);
  enlarge(model, random);
  visit_parameters(model, [&](std::string_view name, Parameter& p) {
    if (p.value.rows() == 1) random.fill_normal(p.value, 0.1);
    if (name.ends_with("norm.weight")) p.value.array() += 1;
  });
  return model;
}

/// The greatest difference of the logits, over the size of the greatest logit.
double difference(const Matrix& a, const Matrix& b) {
  return static_cast<double>((a - b).cwiseAbs().maxCoeff() / a.cwiseAbs().maxCoeff());
}
}  // namespace

TEST_CASE("a compact model has the logits of its model, up to what its weights are rounded by",
          "[generate]") {
  const Tokens text{3, 17, 28, 0, 5, 5, 11};
  const auto check = [&](auto model) {
    const Matrix expected = model.forward(text, 7);
    for (const auto& [type, rounding] :
         {std::pair(WeightType::f32, 1e-5), std::pair(WeightType::f16, 2e-3),
          std::pair(WeightType::bf16, 2e-2), std::pair(WeightType::q8_0, 6e-2)}) {
      CAPTURE(name_of(type));
      CompactModel compact(model, type);
      TransformerCache whole = compact.make_cache(), steps = compact.make_cache();
      CHECK(difference(expected.bottomRows(1), compact.forward_next(text, whole)) < rounding);
      // A prompt of three, then token by token.
      CHECK(difference(expected.row(2), compact.forward_next(TokenSpan(text).first(3), steps)) <
            rounding);
      for (std::size_t t = 3; t < text.size(); ++t)
        CHECK(difference(expected.row(static_cast<Index>(t)),
                         compact.forward_next(TokenSpan(text).subspan(t, 1), steps)) < rounding);
    }
  };
  for (const bool plain : {true, false}) {
    CAPTURE(plain);
    check(lively(plain));
    check(lively_llama(plain));
  }
}

TEST_CASE(
    "generate takes a compact model: with 32 bits the same tokens as its Gpt, past the context",
    "[generate]") {
  Gpt<> gpt = lively(true);
  CompactModel model(gpt, WeightType::f32);
  GenerateOptions options;
  options.max_new_tokens = 30;
  Random random(2), again(2);
  CHECK(generate(model, Tokens{3, 1}, options, random) ==
        generate(gpt, Tokens{3, 1}, options, again));
  CompactModel copy = model;
  CHECK(generate_greedy(copy, Tokens{4}, 20) == generate_greedy(gpt, Tokens{4}, 20));
}

TEST_CASE("several texts together have the logits that each has alone, bit for bit", "[generate]") {
  const auto check = [](CompactModel model) {
    const Index before[] = {0, 5, 1, 9};  // tokens in the caches
    Random random(3);
    std::vector<TransformerCache> caches(4, model.make_cache()), alone(4, model.make_cache());
    std::vector<TransformerCache*> each;
    Tokens tokens;
    for (std::size_t i = 0; i < 4; ++i) {
      const Tokens prompt = random_tokens(before[i], 29, random);
      if (before[i] > 0)
        model.forward_next(prompt, caches[i]), model.forward_next(prompt, alone[i]);
      each.push_back(&caches[i]);
    }
    for (const Index T : {1, 2}) {
      const Tokens next = random_tokens(4 * T, 29, random);
      const Matrix together = model.forward_next(next, each);
      CHECK(together.rows() == 4);
      for (std::size_t i = 0; i < 4; ++i) {
        const auto n = static_cast<std::size_t>(T);
        CHECK(model.forward_next(TokenSpan(next).subspan(i * n, n), alone[i]) ==
              together.row(static_cast<Index>(i)));
      }
    }
  };
  for (const WeightType type : {WeightType::f32, WeightType::f16, WeightType::q8_0})
    for (const bool plain : {true, false}) {
      CAPTURE(name_of(type), plain);
      check(CompactModel(lively(plain), type));
      check(CompactModel(lively_llama(plain), type));
    }
}

TEST_CASE("a batch of texts becomes, token by token, what each becomes alone", "[generate]") {
  const auto check = [](CompactModel model) {
    Random random(4);
    std::vector<BatchText> texts;
    std::vector<Tokens> seen(8), expected;
    for (const Index length : {1, 7, 2, 12, 15, 1, 3, 4}) {  // the context is 12
      BatchText text{random_tokens(length, 29, random), {}, Random(texts.size())};
      text.options.max_new_tokens = 20;
      texts.push_back(text);
    }
    for (const std::size_t greedy : {1, 4, 5}) texts[greedy].options.sampling.temperature = 0;
    texts[2].options.sampling.repetition_penalty = 1.5;
    texts[3].options.max_new_tokens = 0;
    for (std::size_t i = 0; i < texts.size(); ++i) {
      Random own = texts[i].random;
      expected.push_back(generate(model, texts[i].prompt, texts[i].options, own));
    }
    // Two end earlier, by a stop and by who sees the tokens.
    texts[6].options.stop = {expected[6][8]};
    expected[6].erase(std::find(expected[6].begin(), expected[6].end(), expected[6][8]),
                      expected[6].end());
    for (std::size_t i = 0; i < texts.size(); ++i)
      texts[i].options.on_token = [&seen, i](Token t) {
        seen[i].push_back(t);
        return i != 7 || seen[i].size() < 5;
      };
    expected[7].resize(5);
    CHECK(generate_batch(model, texts) == expected);
    CHECK(seen == expected);
  };
  for (const WeightType type : {WeightType::f32, WeightType::q8_0})
    for (const bool plain : {true, false}) {
      CAPTURE(name_of(type), plain);
      check(CompactModel(lively(plain), type));
      check(CompactModel(lively_llama(plain), type));
    }
}

TEST_CASE("eight bits and 16 cost less than 0.01 nats on held-out text", "[generate]") {
  // Each token is the one before its neighbour, or follows from its neighbour: ln 2 nats at least.
  constexpr Index V = 24, T = 32, B = 8;
  Random random(5);
  const auto text = [&](Index n) {
    Tokens tokens{static_cast<Token>(random.below(V)), static_cast<Token>(random.below(V))};
    while (std::ssize(tokens) < n) {
      const Token followed = static_cast<Token>((5 * tokens.back() + 7) % V);
      tokens.push_back(random.below(2) != 0 ? tokens[tokens.size() - 2] : followed);
    }
    return tokens;
  };
  Gpt<> gpt({.vocab_size = V, .context = T, .channels = 64, .heads = 4, .layers = 2}, random);
  CrossEntropy loss;
  AdamW optimizer{.learning_rate = Scalar(3e-3)};
  for (int step = 0; step < 300; ++step) {
    Tokens tokens, targets;
    for (Index b = 0; b < B; ++b) {
      const Tokens line = text(T + 1);
      tokens.insert(tokens.end(), line.begin(), line.end() - 1);
      targets.insert(targets.end(), line.begin() + 1, line.end());
    }
    zero_gradients(gpt);
    loss.forward(gpt.forward(tokens, T), targets);
    gpt.backward(tokens, loss.backward(gpt.logits, targets), T);
    optimizer.step(gpt);
  }

  const auto held_out = [&](auto& model, const std::vector<Tokens>& lines) {
    double sum = 0;
    for (const Tokens& line : lines) {
      auto cache = model.make_cache();
      for (std::size_t t = 0; t < static_cast<std::size_t>(T); ++t) {
        loss.forward(model.forward_next(TokenSpan(line).subspan(t, 1), cache),
                     TokenSpan(line).subspan(t + 1, 1));
        sum += static_cast<double>(loss.loss);
      }
    }
    return sum / static_cast<double>(std::ssize(lines) * T);
  };
  std::vector<Tokens> lines;
  for (int i = 0; i < 30; ++i) lines.push_back(text(T + 1));
  const double expected = held_out(gpt, lines);
  CHECK(expected < 1.2);  // it has learnt: a guess costs ln 24 = 3.2
  for (const WeightType type : {WeightType::f16, WeightType::bf16, WeightType::q8_0}) {
    CompactModel model(gpt, type);
    CAPTURE(name_of(type), expected);
    CHECK(std::abs(held_out(model, lines) - expected) < 0.01);
  }
}

TEST_CASE("a compact model says what is wrong with its sizes, its tokens and its cache",
          "[generate]") {
  const Gpt<> gpt = lively(true);
  CompactModel model(gpt, WeightType::q8_0);
  TransformerCache cache = model.make_cache(), other = model.make_cache();
  CHECK(error_says([&] { model.forward_next(Tokens{}, cache); }, {"there are no tokens"}));
  CHECK(error_says([&] { model.forward_next(Tokens{1, 29}, cache); }, {"a token is 29"}));
  CHECK(error_says([&] { model.forward_next(Tokens{-1}, cache); }, {"a token is -1"}));
  CHECK(error_says([&] { model.forward_next(Tokens(13, 1), cache); }, {"is 13", "context"}));
  other.layers.pop_back();
  CHECK(error_says([&] { model.forward_next(Tokens{1}, other); }, {"1 layers", "has 2"}));
  other = model.make_cache();
  model.forward_next(Tokens{1, 2}, other);
  other.layers[1].keys.resize(2, 8);
  CHECK(error_says([&] { model.forward_next(Tokens{1}, other); }, {"2×8", "make_cache"}));
  CHECK(cache.length() == 0);

  TransformerCache* const twice[] = {&cache, &cache};
  CHECK(error_says([&] { model.forward_next(Tokens{1, 2}, twice); }, {"the same cache"}));
  other = model.make_cache();
  TransformerCache* const two[] = {&cache, &other};
  CHECK(error_says([&] { model.forward_next(Tokens{1, 2, 3}, two); }, {"3 tokens", "2 texts"}));
  CHECK(error_says([&] { model.forward_next(Tokens{1}, std::span(two, 0)); }, {"caches is 0"}));
  std::vector<BatchText> texts(2);
  texts[0].prompt = {1};
  CHECK(error_says([&] { generate_batch(model, texts); }, {"generate_batch", "prompt"}));
}
