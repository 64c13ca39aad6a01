#include "damla/generate/generate.hpp"

#include <algorithm>

#include "damla/nn/loss.hpp"
#include "helpers/catch.hpp"
#include "helpers/random_data.hpp"

using namespace damla;

namespace {
Gpt<> lively() {
  Random random(1);
  Gpt<> model({.vocab_size = 29, .context = 12, .channels = 24, .heads = 3, .layers = 2}, random);
  enlarge(model, random);
  return model;
}

Index gradient_numbers(const Gpt<>& model) {
  Index count = 0;
  visit_parameters(model, [&](std::string_view, const Parameter& p) { count += p.grad().size(); });
  return count;
}
}  // namespace

TEST_CASE("on_token sees each token as it comes, and can stop there", "[generate]") {
  Gpt<> model = lively();
  const Tokens prompt{3, 1};
  GenerateOptions options;
  options.max_new_tokens = 30;
  Tokens seen;
  options.on_token = [&](Token t) { return seen.push_back(t), true; };
  Random random(2), again(2);
  const Tokens all = generate(model, prompt, options, random);
  CHECK(all.size() == 30);
  CHECK(seen == all);

  seen.clear();
  options.on_token = [&](Token t) { return seen.push_back(t), seen.size() < 5; };
  const Tokens some = generate(model, prompt, options, again);
  CHECK(some == Tokens(all.begin(), all.begin() + 5));
  CHECK(seen == some);
}

TEST_CASE("generation ends in front of a stop token, which on_token does not see", "[generate]") {
  Gpt<> model = lively();
  GenerateOptions options;
  options.max_new_tokens = 30;
  Random random(2), again(2);
  const Tokens all = generate(model, Tokens{3, 1}, options, random);
  options.stop = {all[7]};
  Index seen = 0;
  options.on_token = [&](Token) { return ++seen, true; };
  const Tokens some = generate(model, Tokens{3, 1}, options, again);
  CHECK(some == Tokens(all.begin(), std::find(all.begin(), all.end(), all[7])));
  CHECK(seen == std::ssize(some));
  CHECK_THROWS_AS(generate(model, Tokens{}, options, random), Error);
}

TEST_CASE("a model that only generates has no gradients; one that learns has all", "[generate]") {
  Gpt<> model = lively();
  generate_greedy(model, Tokens{3, 1}, 20);
  CHECK(gradient_numbers(model) == 0);
  const Tokens tokens{1, 2, 3}, targets{2, 3, 4};
  CrossEntropy loss;
  loss.forward(model.forward(tokens, 3), targets);
  CHECK(gradient_numbers(model) == 0);
  model.backward(tokens, loss.backward(model.logits, targets), 3);
  CHECK(gradient_numbers(model) == parameter_count(model));
  visit_parameters(model, [](std::string_view name, const Parameter& p) {
    INFO(name);
    CHECK(p.grad().rows() == p.value.rows());
    CHECK(p.grad().cols() == p.value.cols());
  });
}
