// A folder that is read straight into a CompactModel, beside the same folder read as it is.
#include <limits>

#include "damla/hub/model_folder.hpp"
#include "helpers/catch.hpp"
#include "helpers/error_says.hpp"
#include "helpers/random_data.hpp"
#include "helpers/temporary_folder.hpp"

using namespace damla;

namespace {
const std::string text = "Damlaya damlaya göl olur.";

template <class Model>
Model model_for(const AnyTokenizer& tokenizer, bool tied, Index channels = 24) {
  Random random(5);
  decltype(Model::options) o;
  o.vocab_size = tokenizer.vocab_size(), o.context = 9, o.channels = channels, o.heads = 4;
  o.tied = tied;
  if constexpr (requires { o.qk_norm; })
    o.key_value_heads = 2, o.head_size = 10, o.qk_norm = !tied;  // 40 and 20: no whole tiles
  Model model(o, random);
  enlarge(model, random);
  return model;
}

void expect_same_logits(CompactModel a, CompactModel b) {
  TransformerCache of_a = a.make_cache(), of_b = b.make_cache();
  CHECK(a.forward_next(Tokens{1, 2, 3}, of_a) == b.forward_next(Tokens{1, 2, 3}, of_b));
}

template <class Model>
void check(const char* name, Index channels) {
  const TemporaryFolder folder(name);
  const AnyTokenizer tokenizer = CharacterTokenizer::from_text(text);
  for (const bool tied : {true, false}) {
    Model model = model_for<Model>(tokenizer, tied, channels);
    save_model_folder(folder.path, model, tokenizer, {{"title", "göl"}});
    for (const WeightType type :
         {WeightType::f32, WeightType::f16, WeightType::bf16, WeightType::q8_0}) {
      CAPTURE(tied, name_of(type));
      ModelFolder<CompactModel> loaded = load_compact_folder(folder.path, type);
      CHECK(loaded.settings.at("title") == "göl");
      CHECK(loaded.tokenizer.encode(text) == tokenizer.encode(text));
      CHECK(loaded.model.options.context == 9);
      expect_same_logits(loaded.model, CompactModel(model, type));
    }
  }
}
}  // namespace

TEST_CASE("a folder read as a compact model has the bits of its model made compact", "[hub]") {
  check<Gpt<>>("damla_compact_gpt", 24);
  check<Llama<>>("damla_compact_llama", 24);
}

TEST_CASE("a compact model is read in parts when its tensors are large", "[hub]") {
  check<Gpt<>>("damla_compact_large_gpt", 336);  // c_fc is 336×1344: four parts, of 96 rows
  check<Llama<>>("damla_compact_large_llama", 400);
}

TEST_CASE("a compact model is found under either name of a tied head, and in several files",
          "[hub]") {
  const TemporaryFolder folder("damla_compact_names");
  const AnyTokenizer tokenizer = CharacterTokenizer::from_text(text);
  Gpt<> model = model_for<Gpt<>>(tokenizer, true);
  save_model_folder(folder.path, model, tokenizer);
  const std::string one = folder.file("model.safetensors");
  const TensorFile file = read_tensors(one);
  std::vector<NamedTensor> words, rest;
  for (const auto& [name, values] : file.tensors)
    (name == "transformer.wte.weight" ? words : rest).push_back({name, values});
  const Matrix head = file.tensors.at("transformer.wte.weight");

  // As the head alone; as the head beside the same embedding; beside another.
  std::vector<NamedTensor> tensors = rest;
  tensors.push_back({"lm_head.weight", head});
  write_tensors(one, tensors);
  expect_same_logits(load_compact_folder(folder.path, WeightType::q8_0).model,
                     CompactModel(model, WeightType::q8_0));
  tensors.push_back(words[0]);
  write_tensors(one, tensors);
  expect_same_logits(load_compact_folder(folder.path, WeightType::q8_0).model,
                     CompactModel(model, WeightType::q8_0));
  Matrix other = head;
  other(0, 0) += 1;
  tensors.back().values = other;
  write_tensors(one, tensors);
  CHECK(error_says([&] { load_compact_folder(folder.path, WeightType::f32); },
                   {"lm_head.weight", "no place"}));

  write_tensors(folder.file("a.safetensors"), rest);
  write_tensors(folder.file("b.safetensors"), words);
  std::filesystem::remove(one);
  folder.write(
      "model.safetensors.index.json",
      R"({"weight_map": {"a": "a.safetensors", "transformer.wte.weight": "b.safetensors"}})");
  expect_same_logits(load_compact_folder(folder.path, WeightType::f16).model,
                     CompactModel(model, WeightType::f16));
}

TEST_CASE("a compact model says what is wrong with its folder", "[hub]") {
  const TemporaryFolder folder("damla_compact_wrong");
  const AnyTokenizer tokenizer = CharacterTokenizer::from_text(text);
  const auto fails = [&](std::initializer_list<std::string_view> words) {
    return error_says([&] { load_compact_folder(folder.path, WeightType::q8_0); }, words);
  };
  CHECK(fails({folder.path, "there is no such folder"}));
  Gpt<> model = model_for<Gpt<>>(tokenizer, true);
  model.transformer.blocks[1].feed_forward.down.weight.value(17, 3) =
      std::numeric_limits<Scalar>::quiet_NaN();
  save_model_folder(folder.path, model, tokenizer);
  CHECK(fails({"model.safetensors", "h.1.mlp.c_proj.weight", "not finite"}));
  folder.set("n_layer", 1);
  CHECK(fails({"h.1.", "no place"}));
  folder.set("n_layer", 2), folder.set("n_positions", 8);
  CHECK(fails({"wpe.weight", "9×24", "8×24"}));
  folder.set("n_positions", 9), folder.set("model_type", "bloom");
  CHECK(fails({"config.json", "bloom"}));
  folder.set("model_type", "gpt2");
  const std::string bytes = folder.read("model.safetensors");
  folder.write("model.safetensors", bytes.substr(0, bytes.size() - 5));
  CHECK(fails({"model.safetensors", "cut off"}));
}
