#include "damla/align/lora.hpp"

#include "damla/align/tuning.hpp"
#include "damla/generate/generate.hpp"
#include "damla/nn/rms_norm.hpp"
#include "damla/optim/sgd.hpp"
#include "damla/train/checkpoint.hpp"
#include "damla/train/safetensors.hpp"
#include "helpers/catch.hpp"
#include "helpers/error_says.hpp"
#include "helpers/random_data.hpp"
#include "helpers/temporary_folder.hpp"

using namespace damla;
using nlohmann::json;

namespace {
constexpr GptOptions size{.vocab_size = 11, .context = 6, .channels = 8, .heads = 2, .layers = 2};

Gpt<> base_model(GptOptions o = size) {
  Random random(1);
  Gpt<> model(o, random);
  enlarge(model, random);
  return model;
}

/// As after some training: B is no longer 0.
void learn_something(auto& model) {
  Random random(9);
  visit_learned(model, [&](std::string_view, Parameter& p) { random.fill_normal(p.value, 0.3); });
}

std::vector<std::string> learned_names(auto& model) {
  std::vector<std::string> names;
  visit_learned(model, [&](std::string_view name, Parameter&) { names.emplace_back(name); });
  return names;
}

struct Folder : TemporaryFolder {
  using TemporaryFolder::TemporaryFolder;
  nlohmann::json config() const { return TemporaryFolder::json("adapter_config.json"); }
  void change(const char* key, const nlohmann::json& value) const {
    nlohmann::json changed = config();
    changed[key] = value;
    write("adapter_config.json", changed.dump());
  }
};

const Tokens text{3, 1, 4, 1, 5, 9};
}  // namespace

TEST_CASE("LoRA begins as the model it is for, and learns r·(in + out) numbers a layer",
          "[align]") {
  Gpt<> base = base_model();
  const Matrix logits = base.forward(text, 6);
  Random random(2);
  auto model = with_lora(base, {.rank = 3}, random);
  CHECK(model.forward(text, 6) == logits);
  // Attention's two weights in each of two blocks: 8×24 and 8×8.
  CHECK(learned_count(model) == 2 * (3 * (8 + 24) + 3 * (8 + 8)));
  CHECK(parameter_count(model) == parameter_count(base) + learned_count(model));
  CHECK(learned_names(model).front() == "h.0.attn.c_attn.lora_A.weight");

  auto some = with_lora(base, {.rank = 3, .targets = {"mlp.c_proj"}, .whole = {"wte"}}, random);
  CHECK(learned_names(some) ==
        std::vector<std::string>{"wte.weight", "h.0.mlp.c_proj.lora_A.weight",
                                 "h.0.mlp.c_proj.lora_B.weight", "h.1.mlp.c_proj.lora_A.weight",
                                 "h.1.mlp.c_proj.lora_B.weight"});
}

TEST_CASE("A begins uniform within ±1/√in", "[align]") {
  Random random(2);
  const LoraLinear layer(Linear(100, 60, random), 50, 1, random);
  CHECK(layer.A.value.cwiseAbs().maxCoeff() <= Scalar(0.1));
  CHECK(layer.A.value.cwiseAbs().maxCoeff() > Scalar(0.099));
  CHECK(layer.A.value.squaredNorm() / 5000 == Approx(0.01 / 3).epsilon(0.05));  // (2·0.1)²/12
  CHECK(layer.B.value.isZero(0));
}

TEST_CASE("a merged model computes what the model with LoRA computes", "[align]") {
  Random random(2);
  for (const bool tied : {true, false}) {
    GptOptions o = size;
    o.tied = tied, o.dropout = Scalar(0.1);
    const Gpt<> base = base_model(o);
    auto model = with_lora(base, {.rank = 2, .targets = {"c_attn", "c_fc"}}, random);
    learn_something(model);
    set_training(model, false);
    Gpt<> plain = merged(model);
    CHECK_FALSE(plain.training());
    const Matrix logits = model.forward(text, 6);
    CHECK((plain.forward(text, 6) - logits).cwiseAbs().maxCoeff() < Scalar(1e-4));
    Gpt<> before = base;
    set_training(before, false);
    CHECK((before.forward(text, 6) - logits).cwiseAbs().maxCoeff() > Scalar(0.1));
    CHECK(learned_count(plain) == parameter_count(base));
  }
}

TEST_CASE("LoRA fits blocks with other norms, positions and activations", "[align]") {
  using Modern =
      Gpt<TransformerBlock<MultiHeadAttention, RmsNorm, FeedForward<Relu>>, SinusoidalPositions>;
  Random random(2);
  Modern base(size, random);
  auto model = with_lora(base, {}, random);
  CHECK(model.forward(text, 6) == base.forward(text, 6));
  STATIC_REQUIRE(std::is_same_v<decltype(merged(model)), Modern>);
}

TEST_CASE("LoRA fits the Llama family, with its published names", "[align]") {
  const Folder folder("adapter_llama");
  Random random(2);
  for (const bool tied : {true, false}) {
    CAPTURE(tied);
    Llama<> base({.vocab_size = 11,
                  .context = 6,
                  .channels = 8,
                  .heads = 4,
                  .key_value_heads = 2,
                  .qkv_bias = true,
                  .qk_norm = true,
                  .tied = tied},
                 random);
    enlarge(base, random);
    auto model = with_lora(base, {.rank = 2}, random);
    CHECK(model.forward(text, 6) == base.forward(text, 6));
    // In each of two blocks: 8×8 for queries and results, 8×4 for keys and values.
    CHECK(learned_count(model) == 2 * 2 * (2 * (8 + 8) + 2 * (8 + 4)));
    learn_something(model);
    model.backward(text, model.forward(text, 6), 6);
    visit_parameters(std::as_const(model), [](std::string_view name, const Parameter& p) {
      INFO(name);
      CHECK(p.grad().size() == (p.frozen ? 0 : p.value.size()));
    });
    Llama<> plain = merged(model);
    CHECK((plain.forward(text, 6) - model.logits).cwiseAbs().maxCoeff() < Scalar(1e-4));

    save_lora(folder.path, model);
    CHECK(folder.config().at("target_modules") ==
          json{"self_attn.k_proj", "self_attn.o_proj", "self_attn.q_proj", "self_attn.v_proj"});
    CHECK(folder.config().at("fan_in_fan_out") == false);
    const auto tensors = read_tensors(folder.path + "/adapter_model.safetensors").tensors;
    CHECK(tensors.at("base_model.model.model.layers.1.self_attn.k_proj.lora_B.weight") ==
          model.transformer.blocks[1].attention.keys.B.value.transpose());
    CHECK(load_lora(folder.path, base).forward(text, 6) == model.forward(text, 6));
    CHECK(error_says([&] { load_lora(folder.path, base_model()); },
                     {"no adapter of this model", "self_attn.k_proj", "attn.c_attn"}));
  }
}

TEST_CASE("tuning teaches a model with LoRA, and nothing that is frozen moves", "[align]") {
  Random random(2);
  Gpt<> base = base_model();
  base.transformer.token_embedding.weight.value *= 4;  // a frozen head cannot become surer
  auto model = with_lora(base, {.rank = 4}, random);
  const auto before = model;
  const TuningExample example = TuningExample::of(Tokens{1, 2}, Tokens{3, 4, 5});
  const double loss = tuning_loss(model, std::vector{example});
  tune(model, {.steps = 100, .batch = 2, .learning_rate = 0.05}, [&] { return example; });
  CHECK(tuning_loss(model, std::vector{example}) < 0.1 * loss);
  Random same(3);
  CHECK(generate(model, Tokens{1, 2}, {.max_new_tokens = 3, .sampling = {.temperature = 0}},
                 same) == Tokens{3, 4, 5});
  std::vector<const Parameter*> old;
  visit_parameters(before, [&](std::string_view, const Parameter& p) { old.push_back(&p); });
  std::size_t i = 0;
  visit_parameters(std::as_const(model), [&](std::string_view name, const Parameter& p) {
    INFO(name);
    CHECK((p.value == old[i++]->value) == p.frozen);
    CHECK(p.grad().size() == (p.frozen ? 0 : p.value.size()));
  });
}

TEST_CASE("optimizers keep something only for what is learned", "[align]") {
  Random random(2);
  auto model = with_lora(base_model(), {.rank = 2}, random);
  AdamW adamw;
  Sgd sgd{.learning_rate = Scalar(0.1), .momentum = Scalar(0.9)};
  model.backward(text, model.forward(text, 6), 6);
  adamw.step(model, clip_scale(model, 1)), sgd.step(model);
  Index moments = 0, velocities = 0;
  for (const auto& m : adamw.moments) moments += m.first.size();
  for (const Matrix& v : sgd.velocities) velocities += v.size();
  CHECK(moments == learned_count(model));
  CHECK(velocities == learned_count(model));
}

TEST_CASE("a checkpoint holds what is learned, and takes up such a run", "[align]") {
  const TemporaryFile file("lora_checkpoint.safetensors");
  Random random(2);
  const Gpt<> base = base_model();
  auto model = with_lora(base, {.rank = 2}, random);
  AdamW optimizer;
  const auto step = [](auto& m, AdamW& o) {
    zero_gradients(m);
    m.backward(text, m.forward(text, 6), 6);
    o.step(m);
  };
  step(model, optimizer);
  save_checkpoint(file.path, model, optimizer, random, 1);
  CHECK(read_tensors(file.path).tensors.size() == 3 * learned_names(model).size());
  step(model, optimizer);

  Random other(7);
  auto again = with_lora(base, {.rank = 2}, other);
  AdamW resumed;
  CHECK(load_checkpoint(file.path, again, resumed, other) == 1);
  step(again, resumed);
  CHECK(again.forward(text, 6) == model.forward(text, 6));
}

TEST_CASE("an adapter's folder has PEFT's names and shapes, and gives the same model", "[align]") {
  const Folder folder("adapter");
  Random random(2);
  for (const bool whole : {false, true}) {
    CAPTURE(whole);
    LoraOptions o{.rank = 1, .alpha = 3};
    if (whole) o.whole = {"wte", "h.1.ln_2"};
    Gpt<> base = base_model();
    Gpt<> grown = base;
    if (whole) grown.grow_vocabulary(13);
    auto model = with_lora(grown, o, random);
    learn_something(model);
    save_lora(folder.path, model, "gpt2");

    const json config = folder.config();
    CHECK(config.at("peft_type") == "LORA");
    CHECK(config.at("base_model_name_or_path") == "gpt2");
    CHECK(config.at("r") == 1);
    CHECK(config.at("lora_alpha") == 3);
    CHECK(config.at("fan_in_fan_out") == true);
    CHECK(config.at("target_modules") == json{"attn.c_attn", "attn.c_proj"});
    CHECK(config.at("modules_to_save") == (whole ? json{"h.1.ln_2", "lm_head", "wte"} : json()));
    const auto tensors = read_tensors(folder.path + "/adapter_model.safetensors").tensors;
    const Matrix& A = tensors.at("base_model.model.transformer.h.1.attn.c_attn.lora_A.weight");
    const Matrix& B = tensors.at("base_model.model.transformer.h.1.attn.c_attn.lora_B.weight");
    const LoraLinear& layer = model.transformer.blocks[1].attention.qkv;
    CHECK(A == layer.A.value.transpose());
    CHECK(B == layer.B.value.transpose());
    const std::string bytes = folder.read("adapter_model.safetensors");
    CHECK(bytes.find("\"shape\":[1,8]") != bytes.npos);  // A with a single row is a matrix too
    CHECK(tensors.size() == (whole ? 8 + 4 : 8));
    if (whole)
      CHECK(tensors.at("base_model.model.lm_head.weight") ==
            tensors.at("base_model.model.transformer.wte.weight"));

    auto loaded = load_lora(folder.path, base);
    CHECK(loaded.forward(text, 6) == model.forward(text, 6));
    CHECK(learned_names(loaded) == learned_names(model));
  }
}

TEST_CASE("one layer alone is named in full", "[align]") {
  const Folder folder("adapter_one");
  Random random(2);
  auto model = with_lora(base_model(), {.rank = 2, .targets = {"h.1.mlp.c_fc"}}, random);
  save_lora(folder.path, model);
  CHECK(folder.config().at("target_modules") == json{"h.1.mlp.c_fc"});
  CHECK(learned_names(model).size() == 2);
}

TEST_CASE("an adapter that does not fit is refused, by what does not fit", "[align]") {
  const Folder folder("adapter_bad");
  Random random(2);
  const auto save = [&] {
    auto model = with_lora(base_model(), {.rank = 2}, random);
    save_lora(folder.path, model);
  };
  const auto refuses = [&](const Gpt<>& model, std::initializer_list<std::string_view> parts) {
    return error_says([&] { load_lora(folder.path, model); }, parts);
  };
  CHECK(refuses(base_model(), {"adapter_config.json"}));  // there is none
  save();
  GptOptions wide = size, deep = size, low = size;
  wide.channels = 12, deep.layers = 3, low.layers = 1;
  CHECK(refuses(base_model(wide), {"no adapter of this model", "c_attn", "2×8", "2×12"}));
  CHECK(refuses(base_model(deep), {"no adapter of this model", "h.2.attn.c_attn.lora_A.weight"}));
  CHECK(refuses(base_model(low), {"no adapter of this model", "h.1.attn.c_attn", "no place"}));
  CHECK_NOTHROW(load_lora(folder.path, base_model()));

  const auto refuses_with = [&](const char* key, const json& value,
                                std::initializer_list<std::string_view> parts) {
    save();
    folder.change(key, value);
    return refuses(base_model(), parts);
  };
  const Index huge = std::numeric_limits<Index>::max();
  CHECK(refuses_with("peft_type", "IA3", {"peft_type", "IA3", "LORA"}));
  CHECK(refuses_with("use_dora", true, {"use_dora", "true"}));
  CHECK(refuses_with("use_rslora", true, {"use_rslora", "true"}));
  CHECK(refuses_with("bias", "all", {"bias", "all"}));
  CHECK(refuses_with("rank_pattern", {{"c_attn", 4}}, {"rank_pattern"}));
  CHECK(refuses_with("layers_to_transform", {0}, {"layers_to_transform"}));
  for (const json& r : {json(1.5), json("2"), json(nullptr)})
    CHECK(refuses_with("r", r, {"adapter_config.json: r is", "whole number"}));
  for (const json& r : {json(0), json(-1), json(huge)})
    CHECK(refuses_with("r", r, {"no adapter of this model", "rank is"}));
  CHECK(refuses_with("r", 9, {"no adapter of this model", "rank is 9"}));  // of weights 8×8
  CHECK(refuses_with("r", 3, {"no adapter of this model", "2×8", "3×8"}));
  for (const json& a : {json("16"), json(nullptr)})
    CHECK(refuses_with("lora_alpha", a, {"adapter_config.json: lora_alpha is", "no number"}));
  for (const json& a : {json(0), json(-1), json(1e300)})
    CHECK(refuses_with("lora_alpha", a, {"no adapter of this model", "alpha is"}));
  CHECK(refuses_with("target_modules", {"q_proj", "v_proj"},
                     {"no adapter of this model", "q_proj", "attn.c_attn"}));
  CHECK(refuses_with("target_modules", "all-linear", {"target_modules", "all-linear", "list"}));
  CHECK(refuses_with("target_modules", json::array(), {"target_modules"}));
  CHECK(refuses_with("target_modules", {"c_attn"}, {"attn.c_proj.lora_A", "no place"}));
  CHECK(refuses_with("modules_to_save", {"wte"}, {"no tensor", "wte.weight"}));
  CHECK(refuses_with("modules_to_save", {"embed_tokens"}, {"embed_tokens", "wte"}));
}

TEST_CASE("LoRA's targets and parts are those of the model", "[align]") {
  Random random(2);
  const auto says = [&](const LoraOptions& o, std::initializer_list<std::string_view> parts) {
    return error_says([&] { with_lora(base_model(), o, random); }, parts);
  };
  CHECK(says({.targets = {"c_attn", "q"}}, {"targets", "\"q\"", "attn.c_attn"}));
  CHECK(says({.targets = {"attn"}}, {"targets", "\"attn\""}));  // a part of a name is no end of it
  CHECK(says({.whole = {"wtf"}}, {"whole", "\"wtf\"", "wte"}));
  CHECK(says({.whole = {"c_fc"}}, {"whole", "\"c_fc\""}));  // for which targets are
  GptOptions flat = size;
  flat.layers = 0;
  CHECK(error_says([&] { with_lora(base_model(flat), {}, random); }, {"with_lora", "no layer"}));
}
