#include "damla/align/lora.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "damla/core/files.hpp"
#include "text/text_files.hpp"

namespace damla { inline namespace DAMLA_ABI { namespace detail {
namespace {

using nlohmann::json;

constexpr std::string_view wrapper = "base_model.model.";  // what PEFT puts before each name
constexpr const char *config_file = "/adapter_config.json",
                     *weights_file = "/adapter_model.safetensors";

[[noreturn]] void fail(const std::string& path, const std::string& what) {
  throw Error(fmt::format("{}: {}", path, what));
}

/// Whether an end of the name is `wanted`: PEFT's rule.
bool names(std::string_view wanted, std::string_view name) {
  return name == wanted || name.ends_with("." + std::string(wanted));
}

/// "wte.weight" is of the part "wte".
std::string part_of(const std::string& parameter) {
  return parameter.substr(0, parameter.find_last_of('.'));
}

/// The layer's name without its block's: "attn.c_attn".
std::string in_block(const std::string& layer) {
  return layer.substr(layer.find('.', layer.find('.') + 1) + 1);
}

bool of_attention(const std::string& layer) { return in_block(layer).find("attn.") != layer.npos; }

[[noreturn]] void fail_unknown(const char* option, const std::string& wanted,
                               const std::set<std::string>& known) {
  throw Error(fmt::format("with_lora: {} names \"{}\", but this model has {}", option,
                          shown(wanted), fmt::join(known, ", ")));
}

std::string in_file(const LoraParts& parts, const std::string& name) {
  const char* prefix = parts.gpt2 ? "transformer." : "model.";
  return fmt::format("{}{}{}", wrapper, name.starts_with("lm_head.") ? "" : prefix, name);
}

/// Which layers have matrices: by the names that they have in every block, if that says it all.
std::vector<std::string> targets_of(const LoraParts& parts) {
  std::set<std::string> short_names, full_names;
  for (const auto& [name, layer] : parts.layers)
    if (layer->rank() > 0) short_names.insert(in_block(name)), full_names.insert(name);
  const bool everywhere =
      std::all_of(parts.layers.begin(), parts.layers.end(), [&](const Named<LoraLinear>& place) {
        return short_names.contains(in_block(place.name)) == (place.it->rank() > 0);
      });
  const auto& chosen = everywhere ? short_names : full_names;
  return {chosen.begin(), chosen.end()};
}

std::vector<std::string> texts(const std::string& path, const json& config, const char* key) {
  const auto found = config.find(key);
  if (found == config.end() || found->is_null()) return {};
  if (!found->is_array() ||
      !std::all_of(found->begin(), found->end(), [](const json& j) { return j.is_string(); }))
    fail(path,
         fmt::format("{} is {}, but damla reads only a list of names", key, shown(found->dump())));
  return found->get<std::vector<std::string>>();
}

}  // namespace

void add_lora(const LoraParts& parts, const LoraOptions& o, Random& random) {
  for (const Named<Parameter>& p : parts.plain) p.it->freeze();
  std::set<std::string> layers, others;
  for (const auto& [name, layer] : parts.layers) layers.insert(in_block(name));
  if (layers.empty()) throw Error("with_lora: the model has no layer that could have the matrices");
  for (const auto& [name, p] : parts.plain)
    if (!layers.contains(in_block(part_of(name)))) others.insert(in_block(part_of(name)));

  std::set<std::string> found;
  for (const auto& [name, layer] : parts.layers) {
    const auto wanted = [&, &name = name](const std::string& t) { return names(t, name); };
    for (const std::string& t : o.targets)
      if (wanted(t)) found.insert(t);
    if (o.targets.empty() ? of_attention(name)
                          : std::any_of(o.targets.begin(), o.targets.end(), wanted))
      *layer = LoraLinear(std::move(*layer), o.rank, o.alpha, random);
  }
  for (const std::string& w : o.whole)
    for (const auto& [name, p] : parts.plain) {
      const bool head = parts.tied && w == "lm_head" && p == parts.plain.front().it;
      if (head || (others.contains(in_block(part_of(name))) && names(w, part_of(name))))
        p->frozen = false, found.insert(w);
    }
  for (const std::string& t : o.targets)
    if (!found.contains(t)) fail_unknown("targets", t, layers);
  for (const std::string& w : o.whole)
    if (!found.contains(w)) fail_unknown("whole", w, others);
}

void write_lora(const std::string& folder, const LoraParts& parts, const std::string& base) {
  std::vector<NamedTensor> tensors;
  std::set<std::pair<Index, double>> kinds;  // rank and alpha
  for (const auto& [name, layer] : parts.layers) {
    if (layer->rank() == 0) continue;
    kinds.emplace(layer->rank(), layer->alpha);
    // PyTorch's Linear is (out, in).
    tensors.push_back({in_file(parts, name + ".lora_A.weight"), layer->A.value.transpose(), true});
    tensors.push_back({in_file(parts, name + ".lora_B.weight"), layer->B.value.transpose(), true});
  }
  if (kinds.size() != 1)
    fail(folder, fmt::format("an adapter has one rank and alpha, but this model's layers have {}",
                             kinds.empty() ? "none: begin with with_lora" : "several"));
  std::set<std::string> whole;
  for (const auto& [name, p] : parts.plain) {
    if (p->frozen) continue;
    tensors.push_back({in_file(parts, name), p->value});
    whole.insert(part_of(name));
    if (parts.tied && p == parts.plain.front().it) {  // PEFT unties what is learned whole
      tensors.push_back({in_file(parts, "lm_head.weight"), p->value});
      whole.insert("lm_head");
    }
  }
  const auto [rank, alpha] = *kinds.begin();
  json config = {{"peft_type", "LORA"},
                 {"task_type", "CAUSAL_LM"},
                 {"base_model_name_or_path", base},
                 {"r", rank},
                 {"lora_alpha", alpha},
                 {"lora_dropout", 0.0},
                 {"target_modules", targets_of(parts)},
                 {"modules_to_save", nullptr},
                 {"fan_in_fan_out", parts.gpt2},
                 {"bias", "none"},
                 {"inference_mode", true}};
  if (!whole.empty()) config["modules_to_save"] = whole;
  std::error_code failure;
  std::filesystem::create_directories(system_path(folder), failure);
  if (failure) fail(folder, "cannot be made: " + failure.message());
  write_tensors(folder + weights_file, tensors, {{"format", "pt"}});
  save_json("save_lora", folder + config_file, config);
}

LoraFolder read_lora(const std::string& folder) {
  const std::string path = folder + config_file;
  const json config = load_json("load_lora", path, "");
  if (!config.is_object()) fail(path, "is no JSON object");
  const auto expect = [&](const char* key, const json& expected) {
    const auto found = config.find(key);
    if (found != config.end() && !found->is_null() && *found != expected)
      fail(path, fmt::format("{} is {}, but damla knows only {}", key, shown(found->dump()),
                             expected.dump()));
  };
  expect("peft_type", "LORA"), expect("bias", "none");
  expect("use_dora", false), expect("use_rslora", false);
  expect("rank_pattern", json::object()), expect("alpha_pattern", json::object());
  for (const char* key : {"layers_to_transform", "exclude_modules", "trainable_token_indices"})
    expect(key, nullptr);
  LoraFolder result;
  result.path = folder + weights_file;
  const json rank = config.value("r", json()), alpha = config.value("lora_alpha", json());
  if (!rank.is_number_integer())
    fail(path, "r is missing, or no whole number: is it an adapter of LoRA?");
  if (!alpha.is_number()) fail(path, "lora_alpha is missing, or no number");
  result.options.rank = rank.get<Index>();
  result.options.alpha = alpha.get<double>();
  result.options.targets = texts(path, config, "target_modules");
  if (result.options.targets.empty()) fail(path, "target_modules names no layer");
  result.options.whole = texts(path, config, "modules_to_save");
  result.file = read_tensors(result.path);
  for (const auto& [name, values] : result.file.tensors)
    if (name.ends_with(".wte.weight") || name.ends_with(".embed_tokens.weight"))
      result.vocab_size = values.rows(), result.channels = values.cols();
  return result;
}

void take_lora(const LoraFolder& from, const LoraParts& to) {
  std::set<std::string> taken;
  const auto take = [&](const std::string& name, Index rows, Index cols) -> const Matrix& {
    taken.insert(in_file(to, name));
    return tensor_for({in_file(to, name), rows, cols}, from.file, from.path);
  };
  for (const auto& [name, layer] : to.layers) {
    if (layer->rank() == 0) continue;
    Matrix &A = layer->A.value, &B = layer->B.value;
    A = Matrix(take(name + ".lora_A.weight", A.cols(), A.rows()).transpose());
    B = Matrix(take(name + ".lora_B.weight", B.cols(), B.rows()).transpose());
  }
  for (const auto& [name, p] : to.plain)
    if (!p->frozen) p->value = take(name, p->value.rows(), p->value.cols());
  if (to.tied) taken.insert(in_file(to, "lm_head.weight"));
  for (const auto& [name, values] : from.file.tensors)
    if (!taken.contains(name))
      fail(from.path, fmt::format("has {}, for which the model has no place: is the adapter of "
                                  "another model?",
                                  shown(name)));
}

}}}  // namespace damla::DAMLA_ABI::detail
