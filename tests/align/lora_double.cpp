#include <fstream>
#include <nlohmann/json.hpp>

#include "damla/align/lora.hpp"
#include "damla/check/gradient.hpp"
#include "damla/nn/loss.hpp"
#include "damla/optim/adamw.hpp"
#include "damla/train/safetensors.hpp"
#include "helpers/catch.hpp"
#include "helpers/random_data.hpp"

using namespace damla;

// Against PyTorch, which computed in double precision too: fixtures/torch/make_lora.py.
TEST_CASE("a step of LoRA is PyTorch's", "[align]") {
  const std::string torch = DAMLA_FIXTURES "/torch/";
  const auto run = nlohmann::json::parse(std::ifstream(torch + "gpt_tied.json"));
  Random zeros = Random::zeros();
  Gpt<> base({.vocab_size = run.at("vocab_size"),
              .context = run.at("context"),
              .channels = run.at("channels"),
              .heads = run.at("heads"),
              .layers = run.at("layers")},
             zeros);
  load_model(torch + "gpt_tied.safetensors", base);
  auto model = load_lora(torch + "lora", base);
  const auto expected = read_tensors(torch + "lora.safetensors").tensors;
  const auto tokens = run.at("batches").at(0).at("tokens").get<Tokens>(),
             targets = run.at("batches").at(0).at("targets").get<Tokens>();

  CrossEntropy cross_entropy;
  const Matrix& logits = model.forward(tokens, base.options.context);
  CHECK((logits - expected.at("logits")).cwiseAbs().maxCoeff() < 1e-12);
  cross_entropy.forward(logits, targets);
  model.backward(tokens, cross_entropy.backward(logits, targets), base.options.context);
  AdamW optimizer{.learning_rate = run.at("rate"),
                  .beta1 = run.at("beta1"),
                  .beta2 = run.at("beta2"),
                  .epsilon = run.at("epsilon"),
                  .weight_decay = run.at("decay")};
  const auto compare = [&](const std::string& what, auto&& of) {
    std::size_t learned = 0;
    visit_learned(model, [&](std::string_view name, Parameter& p) {
      INFO(what << name);
      ++learned;
      const Matrix& theirs = expected.at(what + std::string(name));
      REQUIRE(of(p).rows() == theirs.cols());
      CHECK((of(p).transpose() - theirs).norm() < 1e-10 * theirs.norm());
    });
    CHECK(learned == 8);
  };
  compare("grad.", [](Parameter& p) -> const Matrix& { return p.grad(); });
  optimizer.step(model);
  compare("after.", [](Parameter& p) -> const Matrix& { return p.value; });
}

TEST_CASE("the gradients of a GPT with LoRA and a part that learns whole are right", "[align]") {
  Random random(1);
  Gpt<> base({.vocab_size = 7, .context = 5, .channels = 8, .heads = 2, .layers = 2}, random);
  enlarge(base, random);
  auto model = with_lora(
      base, {.rank = 2, .alpha = 3, .targets = {"c_attn", "mlp.c_proj"}, .whole = {"wte", "ln_f"}},
      random);
  visit_learned(model, [&](std::string_view name, Parameter& p) {
    if (name.ends_with("lora_B.weight")) random.fill_normal(p.value, 0.3);
  });
  const Tokens tokens = random_tokens(10, 7, random), targets = random_tokens(10, 7, random);
  CrossEntropy cross_entropy;
  const auto loss = [&] { return cross_entropy.forward(model.forward(tokens, 5), targets); };
  loss();
  model.backward(tokens, cross_entropy.backward(model.logits, targets), 5);
  const GradientCheck check = check_gradients(model, loss);
  INFO(check.where);
  CHECK(check.error < 1e-6);
}
