#include "hub/config.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "damla/core/files.hpp"
#include "text/text_files.hpp"

namespace damla { inline namespace DAMLA_ABI { namespace detail {

namespace {
using nlohmann::json;
namespace fs = std::filesystem;

constexpr double epsilon = 1e-5;  // of LayerNorm

[[noreturn]] void fail(const std::string& path, const std::string& what) {
  throw Error(fmt::format("{}: {}", path, what));
}
}  // namespace

template <class T>
T Config::get(const char* key, T missing) const {
  const auto found = fields.find(key);
  if (found == fields.end() || found->is_null()) return missing;
  const bool good = std::is_same_v<T, bool>          ? found->is_boolean()
                    : std::is_same_v<T, Index>       ? found->is_number_integer()
                    : std::is_same_v<T, std::string> ? found->is_string()
                                                     : found->is_number();
  if (!good)
    fail(path, fmt::format("{} needs to be {}", key,
                           std::is_same_v<T, bool>          ? "true or false"
                           : std::is_same_v<T, Index>       ? "a whole number"
                           : std::is_same_v<T, std::string> ? "a text"
                                                            : "a number"));
  return found->get<T>();
}

Index Config::size(const char* key, Index least) const {
  const Index n = get<Index>(key, -1);
  if (n < least) fail(path, fmt::format("{} is missing, or is less than {}", key, least));
  if (n > largest_size)
    fail(path, fmt::format("{} is {}, but can be {} at most", key, n, largest_size));
  return n;
}

template <class T>
void Config::expect(const char* key, const T& expected) const {
  if (get<T>(key, expected) != expected)
    fail(path,
         fmt::format("{} is {}, but damla's {} knows only {}", key, shown(fields.at(key).dump()),
                     type() == "gpt2" ? "GPT-2" : type(), json(expected).dump()));
}

std::string Config::type() const { return get<std::string>("model_type", "missing"); }

Config read_config(const std::string& folder) {
  const std::string path = folder.empty() ? "config.json" : folder + "/config.json";
  std::error_code failure;
  if (!fs::is_directory(system_path(folder), failure)) fail(folder, "there is no such folder");
  if (!fs::exists(system_path(path), failure))
    fail(folder, "has no config.json: is it a model's folder?");
  Config config{path, load_json("load_model_folder", path, "")};
  if (!config.fields.is_object()) fail(path, "is no JSON object");
  const std::string type = config.type();
  if (type != "gpt2" && type != "llama" && type != "qwen2" && type != "qwen3")
    fail(path, fmt::format("model_type is {}, but damla reads gpt2, llama, qwen2 and qwen3",
                           shown(type)));
  if (const auto found = config.fields.find("quantization_config");
      found != config.fields.end() && !found->is_null())
    fail(path, "has a quantization_config: damla reads weights of 16, 32 or 64 bits");
  return config;
}

void read_options(GptOptions& o, const Config& config) {
  o.vocab_size = config.size("vocab_size"), o.context = config.size("n_positions");
  o.channels = config.size("n_embd"), o.heads = config.size("n_head");
  o.layers = config.size("n_layer", 0);
  o.tied = config.get("tie_word_embeddings", true);
  o.dropout = static_cast<Scalar>(config.get("resid_pdrop", 0.1));
  o.init_std = config.get("initializer_range", 0.02);
  if (o.channels % o.heads != 0)
    fail(config.path, fmt::format("n_embd is {}, but needs to be a multiple of n_head, which is {}",
                                  o.channels, o.heads));
  config.expect("n_inner", 4 * o.channels);
  const auto activation = config.get<std::string>("activation_function", "gelu_new");
  if (activation != "gelu_pytorch_tanh")
    config.expect<std::string>("activation_function", "gelu_new");
  config.expect("layer_norm_epsilon", epsilon);
  config.expect("scale_attn_weights", true);
  config.expect("scale_attn_by_inverse_layer_idx", false);
  config.expect("add_cross_attention", false);
}

namespace {
/// rope_theta and rope_scaling; or rope_parameters, which later files have in place of both.
RotaryOptions rotary_of(const Config& config) {
  RotaryOptions rotary{.theta = config.get("rope_theta", 10000.0)};
  for (const char* key : {"rope_scaling", "rope_parameters"}) {
    const auto found = config.fields.find(key);
    if (found == config.fields.end() || found->is_null()) continue;
    const Config rope{config.path, *found};
    if (!found->is_object()) fail(config.path, fmt::format("{} needs to be an object", key));
    rotary.theta = rope.get("rope_theta", rotary.theta);
    const auto type = rope.get("rope_type", rope.get<std::string>("type", "missing"));
    if (type == "default") continue;
    if (type != "llama3")
      fail(config.path, fmt::format("{} is of type {}, but damla knows only llama3 and default",
                                    key, shown(type)));
    rotary.scaling = {.factor = rope.get("factor", 0.0),
                      .low_frequency = rope.get("low_freq_factor", 0.0),
                      .high_frequency = rope.get("high_freq_factor", 0.0),
                      .original_context = rope.size("original_max_position_embeddings")};
  }
  return rotary;
}

/// Throws Error when a layer looks at less than all that came before.
void expect_full_attention(const Config& config) {
  config.expect("use_sliding_window", false);
  const auto types = config.fields.find("layer_types");
  if (types == config.fields.end() || types->is_null()) return;
  for (const json& type : *types)
    if (type != "full_attention")
      fail(config.path, fmt::format("layer_types has {}, but damla's {} knows only "
                                    "\"full_attention\"",
                                    shown(type.dump()), config.type()));
}
}  // namespace

void read_options(LlamaOptions& o, const Config& config) {
  const std::string type = config.type();
  o.vocab_size = config.size("vocab_size"), o.context = config.size("max_position_embeddings");
  o.channels = config.size("hidden_size"), o.inner = config.size("intermediate_size");
  o.heads = config.size("num_attention_heads"), o.layers = config.size("num_hidden_layers", 0);
  const auto size_or_none = [&](const char* key) {
    return config.get<Index>(key, 0) == 0 ? Index{0} : config.size(key);
  };
  o.key_value_heads = size_or_none("num_key_value_heads");
  o.head_size = size_or_none("head_dim");
  if (o.head_size == 0 && type == "qwen3") o.head_size = 128;
  o.rotary = rotary_of(config);
  o.epsilon = config.get("rms_norm_eps", 1e-6);
  o.qkv_bias = type == "qwen2", o.qk_norm = type == "qwen3";
  o.tied = config.get("tie_word_embeddings", false);
  o.init_std = config.get("initializer_range", 0.02);
  config.expect<std::string>("hidden_act", "silu");
  config.expect("attention_bias", o.qkv_bias);
  config.expect("mlp_bias", false);
  config.expect("partial_rotary_factor", 1.0);
  expect_full_attention(config);
  naming("load_model_folder", config.path, [&] { return o = filled(o); });
}

json config_of(const GptOptions& o) {
  return {{"model_type", "gpt2"},
          {"architectures", {"GPT2LMHeadModel"}},
          {"vocab_size", o.vocab_size},
          {"n_positions", o.context},
          {"n_ctx", o.context},
          {"n_embd", o.channels},
          {"n_head", o.heads},
          {"n_layer", o.layers},
          {"n_inner", nullptr},
          {"activation_function", "gelu_new"},
          {"layer_norm_epsilon", epsilon},
          {"embd_pdrop", o.dropout},
          {"resid_pdrop", o.dropout},
          {"attn_pdrop", 0},
          {"initializer_range", o.init_std},
          {"tie_word_embeddings", o.tied}};
}

json config_of(const LlamaOptions& o) {
  const char* type = o.qk_norm ? "qwen3" : o.qkv_bias ? "qwen2" : "llama";
  const char* model = o.qk_norm    ? "Qwen3ForCausalLM"
                      : o.qkv_bias ? "Qwen2ForCausalLM"
                                   : "LlamaForCausalLM";
  json config = {{"model_type", type},
                 {"architectures", {model}},
                 {"vocab_size", o.vocab_size},
                 {"max_position_embeddings", o.context},
                 {"hidden_size", o.channels},
                 {"intermediate_size", o.inner},
                 {"num_hidden_layers", o.layers},
                 {"num_attention_heads", o.heads},
                 {"num_key_value_heads", o.key_value_heads},
                 {"head_dim", o.head_size},
                 {"hidden_act", "silu"},
                 {"rms_norm_eps", o.epsilon},
                 {"rope_theta", o.rotary.theta},
                 {"rope_scaling", nullptr},
                 {"attention_dropout", 0},
                 {"initializer_range", o.init_std},
                 {"tie_word_embeddings", o.tied}};
  if (const auto& s = o.rotary.scaling)
    config["rope_scaling"] = {{"rope_type", "llama3"},
                              {"factor", s->factor},
                              {"low_freq_factor", s->low_frequency},
                              {"high_freq_factor", s->high_frequency},
                              {"original_max_position_embeddings", s->original_context}};
  if (o.qkv_bias || o.qk_norm) config["use_sliding_window"] = false;
  if (!o.qkv_bias) config["attention_bias"] = false;
  return config;
}

}}}  // namespace damla::DAMLA_ABI::detail
