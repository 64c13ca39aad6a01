#include "damla/hub/model_folder.hpp"

#include <filesystem>

#include "damla/core/files.hpp"
#include "damla/hub/tokenizer_json.hpp"
#include "damla/models/size.hpp"
#include "damla/text/unicode.hpp"
#include "hub/tokenizer_config.hpp"
#include "text/text_files.hpp"

namespace damla { inline namespace DAMLA_ABI {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr double epsilon = 1e-5;  // of LayerNorm

std::string in(const std::string& folder, const char* name) {
  return folder.empty() ? name : folder + "/" + name;
}

bool exists(const std::string& path) {
  std::error_code failure;
  return fs::exists(system_path(path), failure);
}

[[noreturn]] void fail(const std::string& path, const std::string& what) {
  throw Error(fmt::format("{}: {}", path, what));
}

json config_of(const GptOptions& o, const AnyTokenizer& tokenizer, const Settings& settings) {
  json config = {{"model_type", "gpt2"},
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
                 {"tie_word_embeddings", o.tied},
                 {"bos_token_id", nullptr},
                 {"eos_token_id", nullptr},
                 {"torch_dtype", sizeof(Scalar) == 4 ? "float32" : "float64"},
                 {"damla", settings}};
  if (const auto end = tokenizer.end_of_text())
    config["bos_token_id"] = config["eos_token_id"] = *end;
  return config;
}

json tokenizer_config_of(const GptOptions& o, const AnyTokenizer& tokenizer) {
  json config = {{"tokenizer_class", "PreTrainedTokenizerFast"},
                 {"model_max_length", o.context},
                 {"clean_up_tokenization_spaces", false}};
  if (tokenizer.kind() != "byte pairs") config["unk_token"] = tokenizer.piece(0);
  const auto begin = tokenizer.begin_of_text(), end = tokenizer.end_of_text();
  if (end) config["bos_token"] = config["eos_token"] = tokenizer.piece(*end);
  if (begin) config["bos_token"] = tokenizer.piece(*begin), config["add_bos_token"] = true;
  return config;
}

/// Fields of a config.json, each with GPT-2's default.
struct Config {
  const std::string& path;
  const json& fields;

  template <class T>
  T get(const char* key, T missing) const {
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

  Index size(const char* key, Index least = 1) const {
    const Index n = get<Index>(key, -1);
    if (n < least) fail(path, fmt::format("{} is missing, or is less than {}", key, least));
    if (n > largest_size)
      fail(path, fmt::format("{} is {}, but can be {} at most", key, n, largest_size));
    return n;
  }

  /// A field with which GPT-2 would compute something else than damla's.
  template <class T>
  void expect(const char* key, const T& expected) const {
    if (get<T>(key, expected) != expected)
      fail(path, fmt::format("{} is {}, but damla's GPT-2 knows only {}", key,
                             detail::shown(fields.at(key).dump()), json(expected).dump()));
  }
};

GptOptions options_of(const Config& config) {
  const auto type = config.get<std::string>("model_type", "missing");
  if (type != "gpt2")
    fail(config.path,
         fmt::format("model_type is {}, but damla reads only gpt2", detail::shown(type)));
  GptOptions o{.vocab_size = config.size("vocab_size"),
               .context = config.size("n_positions"),
               .channels = config.size("n_embd"),
               .heads = config.size("n_head"),
               .layers = config.size("n_layer", 0)};
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
  return o;
}

Settings settings_of(const Config& config) {
  Settings settings;
  const auto found = config.fields.find("damla");
  if (found == config.fields.end()) return settings;
  if (!found->is_object()) fail(config.path, "\"damla\" needs to be an object of texts");
  for (const auto& [key, value] : found->items()) {
    if (!value.is_string())
      fail(config.path, fmt::format("\"damla\": {} needs to be a text", detail::shown(key)));
    settings[key] = value.get<std::string>();
  }
  return settings;
}

void expect_vocabulary(const std::string& path, const GptOptions& o,
                       const AnyTokenizer& tokenizer) {
  if (tokenizer.vocab_size() != o.vocab_size)
    fail(path,
         fmt::format("the tokenizer has {} tokens, but the model's vocabulary has {}: do they "
                     "come from one training?",
                     tokenizer.vocab_size(), o.vocab_size));
}

/// Before anything of the model's size is asked of memory: a config may say what it likes.
void expect_room(const std::string& weights, const GptOptions& o) {
  const auto V = static_cast<double>(o.vocab_size), C = static_cast<double>(o.channels);
  const double numbers = V * C + static_cast<double>(o.context) * C +
                         static_cast<double>(o.layers) * (12 * C * C + 13 * C);
  double bytes = 0;
  for (const std::string& file : detail::weight_files(weights)) {
    std::error_code failure;  // load_model names it
    bytes += static_cast<double>(fs::file_size(system_path(file), failure));
  }
  constexpr double least = 2;  // bytes of a number
  if (numbers * least > bytes)
    fail(weights, fmt::format("has {:.3g} MB, but the model in config.json needs {:.3g}: it is cut "
                              "off, or of another model",
                              bytes / 1e6, numbers * least / 1e6));
}

}  // namespace

void save_model_folder(const std::string& folder, Gpt<>& model, const AnyTokenizer& tokenizer,
                       const Settings& settings) {
  expect_vocabulary(folder, model.options, tokenizer);
  for (const auto& [key, value] : settings)
    if (!valid_utf8(key) || !valid_utf8(value))
      fail(folder, fmt::format("cannot be written: setting \"{}\" is not UTF-8", key));
  std::error_code failure;
  fs::create_directories(system_path(folder), failure);
  if (failure) fail(folder, "cannot be made: " + failure.message());

  constexpr const char* call = "save_model_folder";
  bool own = true;
  save_tokenizer_json(in(folder, "tokenizer.json"), tokenizer);
  tokenizer.visit([&](const auto& concrete) {
    if constexpr (requires { concrete.save_gpt2("", ""); })
      if (concrete.pre_tokenization() == PreTokenization::gpt2) {
        concrete.save_gpt2(in(folder, "vocab.json"), in(folder, "merges.txt"));
        own = false;
      }
  });
  if (own) tokenizer.save(in(folder, "damla_tokenizer.json"));
  // Of a tokenizer that was there before, nothing stays.
  if (!own) fs::remove(system_path(in(folder, "damla_tokenizer.json")), failure);
  for (const char* name : {"vocab.json", "merges.txt"})
    if (own) fs::remove(system_path(in(folder, name)), failure);
  detail::save_json(call, in(folder, "tokenizer_config.json"),
                    tokenizer_config_of(model.options, tokenizer));

  std::vector<NamedTensor> tensors;
  model.visit_parameters([&](std::string_view name, Parameter& p) {
    const bool head = name.starts_with("lm_head.");
    tensors.push_back({(head ? "" : "transformer.") + std::string(name), p.value});
  });
  write_tensors(in(folder, "model.safetensors"), tensors, {{"format", "pt"}});
  detail::save_json(call, in(folder, "config.json"), config_of(model.options, tokenizer, settings));
}

AnyTokenizer load_tokenizer(const std::string& folder) {
  const std::string own = in(folder, "damla_tokenizer.json"), json = in(folder, "tokenizer.json"),
                    vocab = in(folder, "vocab.json"), merges = in(folder, "merges.txt");
  AnyTokenizer tokenizer = [&]() -> AnyTokenizer {
    if (exists(own)) return AnyTokenizer::load(own);
    if (exists(json)) return detail::padded(load_tokenizer_json(json), folder);
    if (exists(vocab) && exists(merges)) return BytePairTokenizer::load_gpt2(vocab, merges);
    fail(folder,
         "has no tokenizer that damla reads: neither damla_tokenizer.json, tokenizer.json, nor "
         "vocab.json and merges.txt (from tokenizer.model, transformers can save tokenizer.json)");
  }();
  detail::read_text_limits(folder, tokenizer);
  return tokenizer;
}

ModelFolder load_model_folder(const std::string& folder) {
  const std::string config_path = in(folder, "config.json"),
                    one_file = in(folder, "model.safetensors"), index = one_file + ".index.json";
  std::error_code failure;
  if (!fs::is_directory(system_path(folder), failure)) fail(folder, "there is no such folder");
  if (!exists(config_path)) fail(folder, "has no config.json: is it a model's folder?");
  const json fields = detail::load_json("load_model_folder", config_path, "");
  if (!fields.is_object()) fail(config_path, "is no JSON object");
  const Config config{config_path, fields};
  const GptOptions options = options_of(config);
  Settings settings = settings_of(config);
  const std::string weights = exists(one_file) ? one_file : index;
  if (!exists(weights))
    fail(folder,
         "has no model.safetensors (older folders have pytorch_model.bin, which transformers can "
         "save anew)");
  AnyTokenizer tokenizer = load_tokenizer(folder);
  expect_vocabulary(folder, options, tokenizer);
  expect_room(weights, options);

  Random zeros = Random::zeros();
  ModelFolder loaded{Gpt<>(options, zeros), std::move(tokenizer), std::move(settings)};
  load_model(weights, loaded.model);
  return loaded;
}

}}  // namespace damla::DAMLA_ABI
