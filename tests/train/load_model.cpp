#include "damla/models/gpt.hpp"
#include "damla/train/safetensors.hpp"
#include "helpers/catch.hpp"
#include "helpers/error_says.hpp"
#include "helpers/temporary_file.hpp"

// Files of other programs, which say the same in several ways.
using namespace damla;

namespace {
const GptOptions tied{.vocab_size = 11, .context = 5, .channels = 8, .heads = 2, .layers = 1};

Gpt<> gpt(std::uint64_t seed) {
  Random random(seed);
  return Gpt<>(tied, random);
}

/// The tensors of a tied model under names that `rename` gives.
std::vector<NamedTensor> tensors(Gpt<>& model, auto&& rename) {
  std::vector<NamedTensor> list;
  model.visit_parameters([&](std::string_view name, Parameter& p) {
    list.push_back({rename(std::string(name)), p.value});
  });
  return list;
}

bool same(Gpt<>& a, Gpt<>& b) {
  std::vector<Matrix> values;
  a.visit_parameters([&](std::string_view, Parameter& p) { values.push_back(p.value); });
  std::size_t i = 0;
  bool equal = true;
  b.visit_parameters([&](std::string_view, Parameter& p) { equal &= p.value == values[i++]; });
  return equal;
}

std::string long_name(const std::string& name) { return "transformer." + name; }
}  // namespace

TEST_CASE("a tied head is found under each of its names", "[train]") {
  const TemporaryFile file("damla_load_model_tied.safetensors");
  Gpt<> saved = gpt(1);
  const Matrix& table = saved.transformer.token_embedding.weight.value;
  const auto loads = [&](const std::vector<NamedTensor>& list) {
    Gpt<> loaded = gpt(2);
    write_tensors(file.path, list);
    load_model(file.path, loaded);
    return same(saved, loaded);
  };
  CHECK(loads(tensors(saved, long_name)));
  auto both = tensors(saved, long_name);
  both.push_back({"lm_head.weight", table});
  CHECK(loads(both));
  CHECK(loads(tensors(saved, [](const std::string& name) {
    return name == "wte.weight" ? "lm_head.weight" : long_name(name);
  })));

  Matrix other = table;
  other(3, 2) += Scalar(0.5);
  both.back().values = other;
  write_tensors(file.path, both);
  Gpt<> kept = gpt(2), before = gpt(2);
  CHECK(error_says([&] { load_model(file.path, kept); }, {file.path, "lm_head.weight"}));
  CHECK(same(kept, before));
}

TEST_CASE("a tensor that is there under both names is an error", "[train]") {
  const TemporaryFile file("damla_load_model_twice.safetensors");
  Gpt<> model = gpt(1);
  auto list = tensors(model, [](const std::string& name) { return name; });
  list.push_back({"transformer.wpe.weight", model.transformer.positions.weight.value});
  write_tensors(file.path, list);
  CHECK(
      error_says([&] { load_model(file.path, model); }, {file.path, "wpe.weight", "transformer."}));
}

TEST_CASE("a model for weights of a file is built with zeros, and its dropout draws as ever",
          "[train]") {
  Random zeros = Random::zeros(), zero_seed(0);
  Gpt<> model(tied, zeros);
  for (const Linear* linear :
       {&model.transformer.blocks[0].attention.qkv, &model.transformer.blocks[0].feed_forward.down})
    CHECK(linear->weight.value.isZero(0));
  CHECK(model.transformer.token_embedding.weight.value.isZero(0));
  CHECK(model.transformer.positions.weight.value.isZero(0));
  CHECK(model.transformer.final_norm.weight.value.isOnes(0));
  CHECK(Random::zeros().next() == zero_seed.next());
  std::vector<Random::State> states;
  model.visit_generators([&](Random& r) { states.push_back(r.state()); });
  REQUIRE(states.size() == 3);
  CHECK_FALSE(states[1] == states[2]);
}
