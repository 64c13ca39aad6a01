#include "damla/hub/model_folder.hpp"

#include <filesystem>

#include "damla/core/files.hpp"
#include "damla/hub/tokenizer_json.hpp"
#include "damla/text/unicode.hpp"
#include "hub/config.hpp"
#include "hub/tokenizer_config.hpp"
#include "text/text_files.hpp"
#include "train/tensor_places.hpp"

namespace damla { inline namespace DAMLA_ABI {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

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

/// What config.json tells of sizes, of the tokenizer, and of what was saved beside.
json whole_config(const auto& options, const AnyTokenizer& tokenizer, const Settings& settings) {
  json config = detail::config_of(options);
  config["bos_token_id"] = config["eos_token_id"] = nullptr;
  if (const auto end = tokenizer.end_of_text())
    config["bos_token_id"] = config["eos_token_id"] = *end;
  config["torch_dtype"] = sizeof(Scalar) == 4 ? "float32" : "float64";
  config["damla"] = settings;
  return config;
}

json tokenizer_config_of(Index context, const AnyTokenizer& tokenizer) {
  json config = {{"tokenizer_class", "PreTrainedTokenizerFast"},
                 {"model_max_length", context},
                 {"clean_up_tokenization_spaces", false}};
  if (tokenizer.kind() != "byte pairs") config["unk_token"] = tokenizer.piece(0);
  const auto begin = tokenizer.begin_of_text(), end = tokenizer.end_of_text();
  if (end) config["bos_token"] = config["eos_token"] = tokenizer.piece(*end);
  if (begin) config["bos_token"] = tokenizer.piece(*begin), config["add_bos_token"] = true;
  return config;
}

Settings settings_of(const detail::Config& config) {
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

void expect_vocabulary(const std::string& path, Index vocab_size, const AnyTokenizer& tokenizer) {
  if (tokenizer.vocab_size() != vocab_size)
    fail(path,
         fmt::format("the tokenizer has {} tokens, but the model's vocabulary has {}: do they "
                     "come from one training?",
                     tokenizer.vocab_size(), vocab_size));
}

/// How many numbers such a model has, biases and norms aside; in double, where nothing overflows.
double numbers_of(const GptOptions& o) {
  const auto V = static_cast<double>(o.vocab_size), C = static_cast<double>(o.channels);
  return V * C + static_cast<double>(o.context) * C + static_cast<double>(o.layers) * 12 * C * C;
}
double numbers_of(const LlamaOptions& o) {
  const auto V = static_cast<double>(o.vocab_size), C = static_cast<double>(o.channels);
  const double heads = static_cast<double>(2 * o.heads + 2 * o.key_value_heads);
  return V * C + static_cast<double>(o.layers) * C *
                     (heads * static_cast<double>(o.head_size) + 3 * static_cast<double>(o.inner));
}

/// Before anything of the model's size is asked of memory: a config may say what it likes.
void expect_room(const std::string& weights, double numbers) {
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

/// What the weights are looked for and written as: published names, and for Llama, whose files
/// are PyTorch's, the matrices of linear layers as (out, in).
template <class Model>
constexpr std::string_view prefix_of = std::is_same_v<Model, Gpt<>> ? "transformer." : "model.";

template <class Model>
bool is_transposed(std::string_view name) {
  return !std::is_same_v<Model, Gpt<>> && name.ends_with("_proj.weight");
}

template <class Model>
void save(const std::string& folder, Model& model, const AnyTokenizer& tokenizer,
          const Settings& settings) {
  expect_vocabulary(folder, model.options.vocab_size, tokenizer);
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
                    tokenizer_config_of(model.options.context, tokenizer));

  std::vector<NamedTensor> tensors;
  model.visit_parameters([&](std::string_view name, Parameter& p) {
    const bool head = name.starts_with("lm_head.");
    const ConstView values = p.value;
    tensors.push_back({std::string(head ? "" : prefix_of<Model>) + std::string(name),
                       is_transposed<Model>(name) ? values.transpose() : values});
  });
  write_tensors(in(folder, "model.safetensors"), tensors, {{"format", "pt"}});
  detail::save_json(call, in(folder, "config.json"),
                    whole_config(model.options, tokenizer, settings));
}

}  // namespace

void save_model_folder(const std::string& folder, Gpt<>& model, const AnyTokenizer& tokenizer,
                       const Settings& settings) {
  save(folder, model, tokenizer, settings);
}
void save_model_folder(const std::string& folder, Llama<>& model, const AnyTokenizer& tokenizer,
                       const Settings& settings) {
  save(folder, model, tokenizer, settings);
}

bool holds_llama(const std::string& folder) { return detail::read_config(folder).type() != "gpt2"; }

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

namespace {
/// What a folder holds beside the weights, which are in the file or by the index `weights`.
template <class Model>
struct Opened {
  decltype(Model::options) options;
  std::string weights;
  AnyTokenizer tokenizer;
  Settings settings;
};
template <class Model>
Opened<Model> open_folder(const std::string& folder) {
  const std::string one_file = in(folder, "model.safetensors"), index = one_file + ".index.json";
  const detail::Config config = detail::read_config(folder);
  constexpr bool gpt = std::is_same_v<Model, Gpt<>>;
  if (gpt != (config.type() == "gpt2"))
    fail(config.path, fmt::format("model_type is {}: load it with load_model_folder{}(…)",
                                  config.type(), gpt ? "<Llama<>>" : ""));
  decltype(Model::options) options;
  detail::read_options(options, config);
  Settings settings = settings_of(config);
  const std::string weights = exists(one_file) ? one_file : index;
  if (!exists(weights))
    fail(folder,
         "has no model.safetensors (older folders have pytorch_model.bin, which transformers can "
         "save anew)");
  AnyTokenizer tokenizer = load_tokenizer(folder);
  expect_vocabulary(folder, options.vocab_size, tokenizer);
  expect_room(weights, numbers_of(options));
  return {options, weights, std::move(tokenizer), std::move(settings)};
}

template <class Model>
ModelFolder<CompactModel> load_compact(const std::string& folder, WeightType type) {
  Opened<Model> opened = open_folder<Model>(folder);
  ModelFolder<CompactModel> loaded{CompactModel(opened.options, type), std::move(opened.tokenizer),
                                   std::move(opened.settings)};
  std::vector<CompactModel::Place> places;
  std::vector<detail::WantedTensor> wanted;
  for (const auto& [name, place] : loaded.model.places()) {
    const bool transposed = is_transposed<Model>(name);
    wanted.push_back({name, place.rows, place.cols, transposed});
    places.push_back(place);
    if (transposed) places.back().outputs_first = true;
  }
  detail::read_in_parts(
      wanted, opened.weights, prefix_of<Model>,
      [&](std::size_t i, Index first, const Matrix& rows) { places[i].put(rows, first); });
  return loaded;
}
}  // namespace

template <class Model>
ModelFolder<Model> load_model_folder(const std::string& folder) {
  Opened<Model> opened = open_folder<Model>(folder);
  Random zeros = Random::zeros();
  ModelFolder<Model> loaded{Model(opened.options, zeros), std::move(opened.tokenizer),
                            std::move(opened.settings)};
  std::vector<View> places;
  std::vector<detail::WantedTensor> wanted;
  loaded.model.visit_parameters([&](std::string_view name, Parameter& p) {
    places.push_back(p.value);
    wanted.push_back(
        {std::string(name), p.value.rows(), p.value.cols(), is_transposed<Model>(name)});
  });
  detail::read_into(places, wanted, 0, opened.weights, prefix_of<Model>);
  return loaded;
}
template ModelFolder<Gpt<>> load_model_folder(const std::string& folder);
template ModelFolder<Llama<>> load_model_folder(const std::string& folder);

ModelFolder<CompactModel> load_compact_folder(const std::string& folder, WeightType type) {
  return holds_llama(folder) ? load_compact<Llama<>>(folder, type)
                             : load_compact<Gpt<>>(folder, type);
}

}}  // namespace damla::DAMLA_ABI
