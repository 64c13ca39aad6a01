#include "damla/hub/model_folder.hpp"

#include <fmt/format.h>

#include <cstring>
#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>

#include "helpers/catch.hpp"
#include "helpers/error_says.hpp"
#include "helpers/random_data.hpp"
#include "helpers/temporary_folder.hpp"

using namespace damla;
namespace fs = std::filesystem;

namespace {

const std::string hard_text =
    "Damlaya damlaya göl olur. Gençlerbirliği'nin kupası 'var' mı? 1.000,5";

Gpt<> gpt(const AnyTokenizer& tokenizer, bool tied = true) {
  Random random(5);
  Gpt<> model({.vocab_size = tokenizer.vocab_size(),
               .context = 9,
               .channels = 12,
               .heads = 3,
               .layers = 2,
               .tied = tied,
               .dropout = Scalar(0.1),
               .init_std = 0.07},
              random);
  enlarge(model, random);
  return model;
}

std::vector<Matrix> values(Gpt<>& model) {
  std::vector<Matrix> all;
  model.visit_parameters([&](std::string_view, Parameter& p) { all.push_back(p.value); });
  return all;
}

std::vector<AnyTokenizer> tokenizers() {
  const std::vector<std::string> special = {"<|endoftext|>", "<son>"};
  return {CharacterTokenizer::from_text(hard_text),
          WordTokenizer::from_text(hard_text, {.casing = Casing::keep, .special_tokens = special}),
          BytePairTokenizer::train(hard_text, {.vocab_size = 265, .special_tokens = special}),
          BytePairTokenizer::train(hard_text, {.vocab_size = 265,
                                               .pre_tokenization = PreTokenization::gpt2,
                                               .special_tokens = special})};
}

}  // namespace

TEST_CASE("a model's folder comes back with the same numbers, tokenizer and settings", "[hub]") {
  const TemporaryFolder folder("damla_hub_same");  // each takes the place of the one before
  const Settings settings = {{"title", "küçük \"göl\"\n"}, {"steps", "100"}};
  for (const AnyTokenizer& tokenizer : tokenizers())
    for (const bool tied : {true, false}) {
      Gpt<> model = gpt(tokenizer, tied);
      save_model_folder(folder.path, model, tokenizer, settings);
      ModelFolder loaded = load_model_folder(folder.path);
      CHECK(loaded.model.options == model.options);
      CHECK(values(loaded.model) == values(model));
      CHECK(loaded.settings == settings);
      CHECK(loaded.tokenizer.kind() == tokenizer.kind());
      CHECK(loaded.tokenizer.vocab_size() == tokenizer.vocab_size());
      CHECK(loaded.tokenizer.end_of_text() == tokenizer.end_of_text());
      CHECK(loaded.tokenizer.encode(hard_text) == tokenizer.encode(hard_text));
      CHECK(folder.has("vocab.json") != folder.has("damla_tokenizer.json"));
      CHECK(folder.has("vocab.json") == folder.has("merges.txt"));
    }
}

TEST_CASE("a model's folder says what transformers asks for", "[hub]") {
  const TemporaryFolder folder("damla_hub_config");
  const AnyTokenizer tokenizer = tokenizers()[3];
  Gpt<> model = gpt(tokenizer, false);
  save_model_folder(folder.path, model, tokenizer);
  const nlohmann::json config = folder.json("config.json");
  CHECK(config.at("model_type") == "gpt2");
  CHECK(config.at("architectures") == nlohmann::json({"GPT2LMHeadModel"}));
  CHECK(config.at("n_embd") == 12);
  CHECK(config.at("n_head") == 3);
  CHECK(config.at("n_layer") == 2);
  CHECK(config.at("n_positions") == 9);
  CHECK(config.at("vocab_size") == 265);
  CHECK(config.at("activation_function") == "gelu_new");
  CHECK(config.at("tie_word_embeddings") == false);
  CHECK(config.at("eos_token_id") == *tokenizer.end_of_text());
  const TensorFile file = read_tensors(folder.file("model.safetensors"));
  CHECK(file.settings == Settings{{"format", "pt"}});
  CHECK(file.tensors.contains("transformer.h.1.attn.c_attn.weight"));
  CHECK(file.tensors.contains("lm_head.weight"));
  CHECK(folder.json("tokenizer_config.json").at("tokenizer_class") == "PreTrainedTokenizerFast");
  CHECK(folder.json("tokenizer_config.json").at("eos_token") == "<|endoftext|>");
  CHECK(folder.json("tokenizer.json").at("model").at("vocab").size() == 265);
}

TEST_CASE("GPT-2 as it is published loads", "[hub]") {
  const TemporaryFolder folder("damla_hub_published");
  const AnyTokenizer tokenizer = tokenizers()[3];
  Gpt<> model = gpt(tokenizer);
  fs::create_directory(folder.path);
  tokenizer.visit([&](const auto& t) {
    if constexpr (requires { t.save_gpt2("", ""); })
      t.save_gpt2(folder.file("vocab.json"), folder.file("merges.txt"));
  });
  folder.write("config.json",
               R"({"activation_function":"gelu_new","architectures":["GPT2LMHeadModel"],
      "attn_pdrop":0.1,"bos_token_id":263,"embd_pdrop":0.1,"eos_token_id":263,
      "initializer_range":0.02,"layer_norm_epsilon":1e-05,"model_type":"gpt2","n_ctx":9,"n_embd":12,
      "n_head":3,"n_layer":2,"n_positions":9,"resid_pdrop":0.1,"vocab_size":265,
      "task_specific_params":{"text-generation":{"do_sample":true,"max_length":50}}})");
  const Matrix mask = Matrix::Ones(9, 9), masked = Matrix::Constant(1, 1, -10000);
  for (const char* prefix : {"", "transformer."}) {
    std::vector<NamedTensor> tensors = {
        {std::string(prefix) + "h.0.attn.masked_bias", masked},
        {"lm_head.weight", model.transformer.token_embedding.weight.value}};
    model.visit_parameters([&](std::string_view name, Parameter& p) {
      tensors.push_back({prefix + std::string(name), p.value});
    });
    write_tensors(folder.file("model.safetensors"), tensors);
    // The mask has four dimensions there.
    std::string bytes = folder.read("model.safetensors");
    std::uint64_t length = 0;
    std::memcpy(&length, bytes.data(), 8);
    nlohmann::json header = nlohmann::json::parse(bytes.substr(8, length));
    const std::size_t data = bytes.size() - 8 - length;
    header[std::string(prefix) + "h.0.attn.bias"] = {
        {"dtype", sizeof(Scalar) == 4 ? "F32" : "F64"},
        {"shape", {1, 1, 9, 9}},
        {"data_offsets", {data, data + 81 * sizeof(Scalar)}}};
    const std::string text_of_header = header.dump();
    const std::uint64_t new_length = text_of_header.size();
    folder.write("model.safetensors",
                 std::string(reinterpret_cast<const char*>(&new_length), 8) + text_of_header +
                     bytes.substr(8 + length) +
                     std::string(reinterpret_cast<const char*>(mask.data()), 81 * sizeof(Scalar)));

    ModelFolder loaded = load_model_folder(folder.path);
    CHECK(values(loaded.model) == values(model));
    CHECK(loaded.model.options.dropout == Scalar(0.1));
    CHECK(loaded.tokenizer.encode(hard_text) == tokenizer.encode(hard_text));
    CHECK(loaded.tokenizer.end_of_text() == tokenizer.end_of_text());
    CHECK(loaded.settings.empty());
  }
}

TEST_CASE("a folder with its weights in several files loads", "[hub]") {
  const TemporaryFolder folder("damla_hub_shards");
  const AnyTokenizer tokenizer = tokenizers()[2];
  Gpt<> model = gpt(tokenizer);
  save_model_folder(folder.path, model, tokenizer);
  fs::remove(folder.file("model.safetensors"));
  nlohmann::json map;
  model.visit_parameters([&](std::string_view name, Parameter& p) {
    const std::string file = fmt::format("model-{}.safetensors", map.size());
    write_tensors(folder.file(file), {{"transformer." + std::string(name), p.value}});
    map["transformer." + std::string(name)] = file;
  });
  folder.write("model.safetensors.index.json", nlohmann::json{{"weight_map", map}}.dump());
  ModelFolder loaded = load_model_folder(folder.path);
  CHECK(values(loaded.model) == values(model));
  folder.set("n_layer", 1000);
  CHECK(error_says([&] { load_model_folder(folder.path); }, {"index.json", "cut off"}));
}

TEST_CASE("a folder that does not fit is an error that names the file and what is wrong", "[hub]") {
  const TemporaryFolder folder("damla_hub_bad");
  const AnyTokenizer tokenizer = tokenizers()[2];
  const auto refused = [&](std::initializer_list<std::string_view> parts) {
    try {
      load_model_folder(folder.path);
    } catch (const Error& e) {
      INFO(e.what());
      CHECK(error_says([&] { throw e; }, parts));
      CHECK(error_says([&] { throw e; }, {folder.path}));
      CHECK(std::string_view(e.what()).size() < 500);
      return true;
    }  // any other exception fails the test
    return false;
  };
  CHECK(refused({"no such folder"}));
  fs::create_directory(folder.path);
  CHECK(refused({"config.json"}));
  Gpt<> model = gpt(tokenizer);
  const auto fresh = [&] { save_model_folder(folder.path, model, tokenizer); };
  fresh();
  CHECK_FALSE(refused({}));

  for (const char* bad : {"", "{", "[1]", "config"}) {
    folder.write("config.json", bad);
    CHECK(refused({"config.json"}));
  }
  struct Case {
    const char* key;
    nlohmann::json value;
    std::string_view says;
  };
  for (const auto& [key, value, says] : std::initializer_list<Case>{
           {"model_type", "llama", "llama"},
           {"model_type", nullptr, "model_type"},
           {"n_embd", nullptr, "n_embd"},
           {"n_embd", 0, "n_embd"},
           {"n_embd", -12, "n_embd"},
           {"n_embd", "12", "whole number"},
           {"n_embd", 12.5, "whole number"},
           {"n_embd", 18446744073709551615u, "n_embd"},
           {"n_embd", 13, "multiple of n_head"},
           {"n_embd", 24, "model.safetensors"},
           {"n_embd", 6, "wte.weight"},
           {"n_embd", 3000000000000000000, "n_embd"},
           {"n_head", 5, "multiple of n_head"},
           {"n_layer", 1000000000000, "n_layer"},
           {"n_layer", 1000000, "cut off, or of another model"},
           {"n_layer", 3, "model.safetensors"},
           {"n_layer", 1, "h.1."},
           {"n_positions", 10, "wpe.weight"},
           {"n_positions", 8, "wpe.weight"},
           {"n_inner", 24, "n_inner"},
           {"activation_function", "relu", "relu"},
           {"layer_norm_epsilon", 1e-6, "layer_norm_epsilon"},
           {"scale_attn_by_inverse_layer_idx", true, "scale_attn_by_inverse_layer_idx"},
           {"tie_word_embeddings", false, "lm_head.weight"},
           {"tie_word_embeddings", 1, "true or false"},
           {"vocab_size", 264, "265"},
           {"damla", 3, "damla"},
           {"damla", {{"title", 3}}, "title"}}) {
    CAPTURE(key, value.dump());
    fresh();
    folder.set(key, value);
    CHECK(refused({says}));
  }
  fresh();
  folder.set("activation_function", "gelu_pytorch_tanh");  // another name of the same
  CHECK_FALSE(refused({}));

  fresh();
  const std::string weights = folder.read("model.safetensors");
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{7}, std::size_t{500}, weights.size() / 2, weights.size() - 1}) {
    folder.write("model.safetensors", weights.substr(0, size));
    CHECK(refused({"model.safetensors"}));
  }
  fs::remove(folder.file("model.safetensors"));
  CHECK(refused({"no model.safetensors"}));
  folder.write("model.safetensors.index.json", "{}");
  CHECK(refused({"model.safetensors.index.json", "weight_map"}));
  fs::create_directory(folder.file("model.safetensors"));
  CHECK(refused({"model.safetensors"}));
  fs::remove(folder.file("model.safetensors"));

  fresh();
  Gpt<> diverged = model;
  diverged.transformer.blocks[1].norm_2.bias.value(0, 3) = std::numeric_limits<Scalar>::quiet_NaN();
  save_model_folder(folder.path, diverged, tokenizer);
  CHECK(refused({"h.1.ln_2.bias", "not finite"}));

  fresh();
  folder.write("damla_tokenizer.json", "{\"kind\":\"a cat\"}");
  CHECK(refused({"damla_tokenizer.json", "a cat"}));
  tokenizers()[0].save(folder.file("damla_tokenizer.json"));
  CHECK(refused({"<|endoftext|>", "vocabulary"}));
  fs::remove(folder.file("tokenizer_config.json"));
  CHECK(refused({"config.json", "eos_token_id"}));
  fs::remove(folder.file("damla_tokenizer.json"));
  fs::remove(folder.file("tokenizer.json"));
  CHECK(refused({"tokenizer"}));
}

TEST_CASE("what cannot be saved is an error, and changes nothing", "[hub]") {
  const TemporaryFolder folder("damla_hub_unsaved");
  const AnyTokenizer tokenizer = tokenizers()[2];
  Gpt<> model = gpt(tokenizer), other = gpt(tokenizers()[0]);
  CHECK(error_says([&] { save_model_folder(folder.path, other, tokenizer); },
                   {folder.path, "265", "vocabulary"}));
  CHECK(error_says(
      [&] {
        save_model_folder(folder.path, model, tokenizer, {{"a", "\xFF"}});
      },
      {folder.path, "\"a\"", "UTF-8"}));
  CHECK_FALSE(fs::exists(folder.path));
  static_cast<const TemporaryFile&>(folder).write("a file");
  CHECK(error_says([&] { save_model_folder(folder.path, model, tokenizer); }, {folder.path}));
}
