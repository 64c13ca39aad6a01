#include "damla/train/data_parallel.hpp"

#include <map>

#include "damla/models/gpt.hpp"
#include "damla/models/llama.hpp"
#include "damla/nn/loss.hpp"
#include "damla/train/checkpoint.hpp"
#include "damla/train/train.hpp"
#include "helpers/catch.hpp"
#include "helpers/error_says.hpp"
#include "helpers/temporary_file.hpp"

using namespace damla;

namespace {
Tokens some_text(Index length, Index words) {
  Random random(5);
  Tokens text;
  for (Index i = 0; i < length; ++i) text.push_back(static_cast<Token>(random.below(words)));
  return text;
}

/// A model's gradients on one batch; what it tells as complete, and what the gradients were then.
template <class Model>
void check_telling(const decltype(Model::options)& options) {
  Random random(1);
  Model model(options, random);
  const Tokens text = some_text(200, options.vocab_size);
  TokenBatch batch(3, options.context);
  batch.draw(text, random);
  CrossEntropy cross_entropy;
  const auto dlogits = [&] {
    cross_entropy.forward(model.forward(batch), batch.targets);
    return Matrix(cross_entropy.backward(model.logits, batch.targets));
  };
  zero_gradients(model);
  std::map<const Parameter*, Matrix> told;
  model.backward_telling(
      [&](Parameter& p) {
        CHECK(told.emplace(&p, p.grad()).second);  // once only
      },
      batch.tokens, dlogits(), batch.T);
  std::size_t in_blocks = 0;
  visit_learned(model.transformer.final_norm, [&](auto, Parameter&) { ++in_blocks; });
  for (auto& block : model.transformer.blocks)
    visit_learned(block, [&](auto, Parameter&) { ++in_blocks; });
  CHECK(told.size() == in_blocks);
  visit_learned(model, [&](std::string_view name, Parameter& p) {
    CAPTURE(std::string(name));
    if (const auto then = told.find(&p); then != told.end()) CHECK(then->second == p.grad());
  });
  // The plain backward is the same.
  std::vector<Matrix> gradients;
  visit_learned(model, [&](auto, Parameter& p) { gradients.push_back(p.grad()); });
  zero_gradients(model);
  model.backward(batch, dlogits());
  auto before = gradients.begin();
  visit_learned(model, [&](auto, Parameter& p) { CHECK(*before++ == p.grad()); });
}
}  // namespace

TEST_CASE("a gradient that is told to be complete is so, and told once", "[train]") {
  for (const bool tied : {true, false}) {
    check_telling<Gpt<>>({.vocab_size = 20, .context = 8, .channels = 16, .tied = tied});
    check_telling<Llama<>>({.vocab_size = 20, .context = 8, .channels = 16, .tied = tied});
  }
}

TEST_CASE("shares are all of a thing, each part once", "[train]") {
  for (const Index n : {0, 1, 3, 4, 17})
    for (const Index parts : {1, 2, 4, 5}) {
      Index next = 0;
      for (Share s{.part = 0, .parts = parts}; s.part < parts; ++s.part) {
        CHECK(s.begin(n) == next);
        CHECK(s.size(n) >= n / parts);
        CHECK(s.size(n) <= n / parts + 1);
        next += s.size(n);
      }
      CHECK(next == n);
    }
}

TEST_CASE("parts of a batch that are drawn apart are those of the whole batch", "[train]") {
  const Tokens text = some_text(300, 50);
  TokenBatch whole(6, 8);
  Random random(3);
  whole.draw(text, random);
  Tokens tokens, targets;
  for (Share s{.part = 0, .parts = 3}; s.part < 3; ++s.part) {
    Random own(3);
    TokenBatch part(2, 8);
    part.draw(text, own, s);
    tokens.insert(tokens.end(), part.tokens.begin(), part.tokens.end());
    targets.insert(targets.end(), part.targets.begin(), part.targets.end());
    CHECK(own.state() == random.state());
  }
  CHECK(tokens == whole.tokens);
  CHECK(targets == whole.targets);
}

TEST_CASE("AdamW on shares of the rows updates as it does on all", "[train]") {
  Random random(1);
  Gpt<> whole({.vocab_size = 11, .context = 4, .channels = 8, .heads = 2, .layers = 1}, random);
  const auto give_gradients = [&](Gpt<>& model) {
    Random gradient(7);
    visit_learned(model, [&](auto, Parameter& p) { gradient.fill_normal(p.grad(), 1); });
  };
  Gpt<> parted = whole;
  std::vector<AdamW> shares(3);
  for (Index i = 0; i < 3; ++i) shares[static_cast<std::size_t>(i)].share = {i, 3};
  AdamW all;
  for (int step = 0; step < 3; ++step) {
    give_gradients(whole), give_gradients(parted);
    all.step(whole);
    for (AdamW& share : shares) share.step(parted);
  }
  std::vector<Matrix> expected;
  visit_learned(whole, [&](auto, Parameter& p) { expected.push_back(p.value); });
  auto next = expected.begin();
  visit_learned(parted, [&](std::string_view name, Parameter& p) {
    CAPTURE(std::string(name));
    CHECK(p.value == *next++);
  });

  SECTION("and a share of a checkpoint is what it had") {
    const TemporaryFile file("damla_share.safetensors");
    save_checkpoint(file.path, whole, all, random, 3);
    for (const AdamW& share : shares) {
      AdamW loaded;
      loaded.share = share.share;
      load_checkpoint(file.path, parted, loaded, random);
      REQUIRE(loaded.moments.size() == share.moments.size());
      for (std::size_t i = 0; i < share.moments.size(); ++i) {
        CHECK(loaded.moments[i].first == share.moments[i].first);
        CHECK(loaded.moments[i].second == share.moments[i].second);
      }
    }
  }
}

TEST_CASE("a gradient's norm is that of its shares together", "[train]") {
  Random random(1);
  Gpt<> model({.vocab_size = 11, .context = 4, .channels = 8, .heads = 2, .layers = 1}, random);
  visit_learned(model, [](auto, Parameter& p) { p.grad().setConstant(2); });
  double squares = 0;
  for (Index i = 0; i < 3; ++i) {
    const double part = gradient_norm(model, {i, 3});
    squares += part * part;
  }
  CHECK(squares == Approx(4.0 * static_cast<double>(parameter_count(model))));
}
