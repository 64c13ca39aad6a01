#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "damla/hub/model_folder.hpp"
#include "damla/nn/loss.hpp"
#include "helpers/catch.hpp"
#include "helpers/temporary_folder.hpp"

// Models of the Llama family as they are published, and what PyTorch computes with them, in double:
// fixtures/torch/make_llama.py.
using namespace damla;
namespace fs = std::filesystem;

namespace {
constexpr bool in_double = sizeof(Scalar) == sizeof(double);

/// A published folder, with a tokenizer of as many characters as its vocabulary has.
struct Published : TemporaryFolder {
  std::string fixture;
  nlohmann::json batch;
  TensorFile reference;

  explicit Published(const std::string& name)
      : TemporaryFolder("damla_published_" + name),
        fixture(DAMLA_FIXTURES "/torch/llama/" + name),
        batch(nlohmann::json::parse(std::ifstream(fixture + "/reference.json"))),
        reference(read_tensors(fixture + "/reference.safetensors")) {
    fs::create_directories(path);
    for (const char* each : {"config.json", "model.safetensors"})
      fs::copy_file(fixture + "/" + each, file(each));
    characters().save(file("damla_tokenizer.json"));
  }
  static AnyTokenizer characters() { return CharacterTokenizer::from_text("abcdefghijkl"); }
};

double furthest(const Matrix& found, const Matrix& expected) {
  REQUIRE(found.rows() == expected.rows());
  REQUIRE(found.cols() == expected.cols());
  const auto error = static_cast<double>((found - expected).cwiseAbs().maxCoeff());
  return error / static_cast<double>(expected.cwiseAbs().maxCoeff());
}
}  // namespace

TEST_CASE("models of the Llama family compute and learn as PyTorch's", "[hub]") {
  for (const char* name : {"llama", "llama3", "qwen2", "qwen3"}) {
    CAPTURE(name);
    const Published folder(name);
    Llama<> model = load_model_folder<Llama<>>(folder.path).model;
    const auto tokens = folder.batch.at("tokens").get<Tokens>(),
               targets = folder.batch.at("targets").get<Tokens>();
    const Index T = std::ssize(tokens) / 2;
    const Matrix& logits = model.forward(tokens, T);
    // The fixtures are rounded to floats.
    CHECK(furthest(logits, folder.reference.tensors.at("logits")) < (in_double ? 2e-7 : 2e-5));
    CrossEntropy loss;
    loss.forward(logits, targets);
    model.backward(tokens, loss.backward(logits, targets), T);
    std::size_t seen = 0;
    model.visit_parameters([&](std::string_view parameter, Parameter& p) {
      INFO(parameter);
      ++seen;
      const std::string published = parameter == "lm_head.weight"
                                        ? "grad.lm_head.weight"
                                        : "grad.model." + std::string(parameter);
      Matrix expected = folder.reference.tensors.at(published);
      if (parameter.ends_with("_proj.weight")) expected = Matrix(expected.transpose());
      CHECK(furthest(p.grad(), expected) < (in_double ? 2e-7 : 5e-5));
    });
    CHECK(folder.reference.tensors.size() == seen + 1);
  }
}

TEST_CASE("a model of the Llama family is saved as it was published", "[hub]") {
  for (const char* name : {"llama", "llama3", "qwen2", "qwen3"}) {
    CAPTURE(name);
    const Published folder(name);
    const TemporaryFolder copy(std::string("damla_saved_") + name);
    auto loaded = load_model_folder<Llama<>>(folder.path);
    save_model_folder(copy.path, loaded.model, loaded.tokenizer, {{"steps", "3"}});
    TensorFile before = read_tensors(folder.file("model.safetensors"));
    before.tensors.erase("model.layers.0.self_attn.rotary_emb.inv_freq");  // no parameter
    CHECK(read_tensors(copy.file("model.safetensors")).tensors == before.tensors);
    const nlohmann::json saved = copy.json("config.json"), published = folder.json("config.json");
    for (const auto& [key, value] : published.items()) {
      CAPTURE(key);
      if (saved.contains(key) && key != "torch_dtype") CHECK(saved.at(key) == value);
    }
    auto again = load_model_folder<Llama<>>(copy.path);
    CHECK(again.model.options == loaded.model.options);
    CHECK(again.settings == Settings{{"steps", "3"}});
  }
}

TEST_CASE("a program that does not know which model a folder holds asks it", "[hub]") {
  const Published folder("qwen3");
  CHECK(holds_llama(folder.path));
  const Index count = visit_model_folder(folder.path, [](auto& m) {
    CHECK(m.tokenizer.vocab_size() == 13);
    return parameter_count(m.model);
  });
  CHECK(count == parameter_count(load_model_folder<Llama<>>(folder.path).model));
  CHECK(error_says([&] { load_model_folder(folder.path); },
                   {"config.json", "qwen3", "load_model_folder<Llama<>>"}));
}

TEST_CASE("weights of the Llama family under other names, and in several files, load", "[hub]") {
  const Published folder("llama3");
  const auto weights = [&] {
    Llama<> model = load_model_folder<Llama<>>(folder.path).model;
    std::vector<Matrix> all;
    model.visit_parameters([&](std::string_view, Parameter& p) { all.push_back(p.value); });
    return all;
  };
  const std::vector<Matrix> expected = weights();
  const TensorFile file = read_tensors(folder.file("model.safetensors"));
  const auto write = [&](auto rename) {
    std::vector<NamedTensor> tensors;
    for (const auto& [name, values] : file.tensors)
      for (const std::string& other : rename(name)) tensors.push_back({other, values});
    write_tensors(folder.file("model.safetensors"), tensors);
  };
  using Names = std::vector<std::string>;
  const std::string embedding = "model.embed_tokens.weight", head = "lm_head.weight";
  write([&](const std::string& name) { return Names{name == embedding ? head : name}; });
  CHECK(weights() == expected);  // the tied matrix under its other name
  write([&](const std::string& name) {
    return name == embedding ? Names{embedding, head} : Names{name};
  });
  CHECK(weights() == expected);  // under both
  write([](const std::string& name) { return Names{name.substr(6)}; });
  CHECK(weights() == expected);  // the trunk alone, as AutoModel saves it

  fs::remove(folder.file("model.safetensors"));
  nlohmann::json map;
  for (const auto& [name, values] : file.tensors) {
    const std::string part = "model-" + std::to_string(map.size()) + ".safetensors";
    write_tensors(folder.file(part), {{name, values}});
    map[name] = part;
  }
  folder.write("model.safetensors.index.json", nlohmann::json{{"weight_map", map}}.dump());
  CHECK(weights() == expected);
}

TEST_CASE("what damla does not compute of the Llama family is refused by name", "[hub]") {
  struct Case {
    const char *model, *key;
    nlohmann::json value;
    std::string_view says;
  };
  const nlohmann::json yarn = {{"rope_type", "yarn"}, {"factor", 4.0}},
                       no_length = {{"rope_type", "llama3"},
                                    {"factor", 8.0},
                                    {"low_freq_factor", 1.0},
                                    {"high_freq_factor", 4.0}},
                       crossed = {{"rope_type", "llama3"},
                                  {"factor", 8.0},
                                  {"low_freq_factor", 4.0},
                                  {"high_freq_factor", 1.0},
                                  {"original_max_position_embeddings", 16}};
  for (const auto& [model, key, value, says] : std::initializer_list<Case>{
           {"llama", "model_type", "mistral", "mistral"},
           {"llama", "rope_scaling", yarn, "yarn"},
           {"llama", "rope_scaling", {{"type", "linear"}, {"factor", 2.0}}, "linear"},
           {"llama", "rope_scaling", 2, "rope_scaling needs to be an object"},
           {"llama3", "rope_scaling", no_length, "original_max_position_embeddings"},
           {"llama3", "rope_scaling", crossed, "high_frequency"},
           {"llama", "rope_parameters", yarn, "yarn"},
           {"llama", "rope_theta", 0, "theta"},
           {"llama", "rope_theta", "big", "a number"},
           {"llama", "attention_bias", true, "attention_bias"},
           {"llama", "mlp_bias", true, "mlp_bias"},
           {"llama", "hidden_act", "gelu", "hidden_act"},
           {"llama", "partial_rotary_factor", 0.5, "partial_rotary_factor"},
           {"llama", "quantization_config", {{"bits", 4}}, "quantization_config"},
           {"llama", "rms_norm_eps", 0, "epsilon"},
           {"llama", "hidden_size", nullptr, "hidden_size"},
           {"llama", "hidden_size", 9, "multiple of heads"},
           {"llama", "hidden_size", 16, "embed_tokens.weight as 13×8"},
           {"llama", "intermediate_size", 0, "intermediate_size"},
           {"llama", "intermediate_size", 13, "gate_proj.weight as 12×8, but the model needs 13×8"},
           {"llama", "num_key_value_heads", 1, "k_proj.weight"},
           {"llama3", "num_key_value_heads", 3, "key_value_heads"},
           {"llama", "num_key_value_heads", -1, "num_key_value_heads"},
           {"llama", "head_dim", 3, "even"},
           {"llama", "num_hidden_layers", 1, "layers.1."},
           {"llama", "num_hidden_layers", 3, "layers.2."},
           {"llama", "num_hidden_layers", 10000, "cut off, or of another model"},
           {"llama", "tie_word_embeddings", true, "lm_head.weight"},
           {"qwen2", "tie_word_embeddings", false, "lm_head.weight"},
           {"qwen2", "use_sliding_window", true, "use_sliding_window"},
           {"qwen2", "model_type", "llama", "_proj.bias"},
           {"qwen3", "layer_types", {"full_attention", "sliding_attention"}, "sliding_attention"},
           {"qwen3", "model_type", "llama", "norm.weight"},
           {"qwen3", "head_dim", nullptr, "cut off, or of another model"},
           {"llama", "vocab_size", 14, "vocabulary has 14"}}) {
    CAPTURE(model, key, value.dump());
    const Published folder(model);
    folder.set(key, value);
    try {
      load_model_folder<Llama<>>(folder.path);
      FAIL("was not refused");
    } catch (const Error& e) {
      INFO(e.what());
      CHECK(std::string_view(e.what()).find(says) != std::string_view::npos);
      CHECK(std::string_view(e.what()).find(folder.path) != std::string_view::npos);
    }
  }
  for (const auto& [model, key, value] :
       std::initializer_list<std::tuple<const char*, const char*, nlohmann::json>>{
           {"llama", "rope_scaling", {{"rope_type", "default"}}},
           {"llama", "num_key_value_heads", nullptr},
           {"qwen3", "layer_types", {"full_attention", "full_attention"}}}) {
    CAPTURE(model, key);
    const Published folder(model);
    folder.set(key, value);
    CHECK_NOTHROW(load_model_folder<Llama<>>(folder.path));
  }
}

TEST_CASE("rope_parameters, which later files have, say the same as rope_theta and rope_scaling",
          "[hub]") {
  const Published folder("llama3");
  const LlamaOptions before = load_model_folder<Llama<>>(folder.path).model.options;
  nlohmann::json rope = folder.json("config.json").at("rope_scaling");
  rope["rope_theta"] = before.rotary.theta;
  folder.set("rope_scaling", nullptr), folder.set("rope_theta", nullptr);
  CHECK(load_model_folder<Llama<>>(folder.path).model.options != before);
  folder.set("rope_parameters", rope);
  CHECK(load_model_folder<Llama<>>(folder.path).model.options == before);
}

TEST_CASE("a weight that is not a number is named", "[hub]") {
  const Published folder("qwen2");
  auto loaded = load_model_folder<Llama<>>(folder.path);
  loaded.model.transformer.blocks[1].feed_forward.down.weight.value(2, 3) =
      std::numeric_limits<Scalar>::quiet_NaN();
  save_model_folder(folder.path, loaded.model, loaded.tokenizer);
  CHECK(error_says([&] { load_model_folder<Llama<>>(folder.path); },
                   {"layers.1.mlp.down_proj.weight", "not finite"}));
}
