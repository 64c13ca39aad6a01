#pragma once

#include <string>

#include "damla/generate/compact_model.hpp"
#include "damla/models/gpt.hpp"
#include "damla/models/llama.hpp"
#include "damla/text/any_tokenizer.hpp"
#include "damla/train/safetensors.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// What a model's folder holds: a Gpt<>, a Llama<> or, for generation, a CompactModel, and its
/// tokenizer.
template <class Model = Gpt<>>
struct ModelFolder {
  Model model;
  AnyTokenizer tokenizer;
  Settings settings;  ///< names and texts that were saved with it; none in others' folders
};

/// Saves a model with its tokenizer as a folder that other programs read too: Hugging Face's layout
/// for GPT-2, or for Llama (Qwen2 where it has biases, Qwen3 where it norms queries and keys).
///
///     config.json            sizes and settings
///     model.safetensors      weights, under their published names, as Scalar
///     tokenizer.json         see save_tokenizer_json
///     tokenizer_config.json
///
/// and what load_model_folder reads the tokenizer from: vocab.json and merges.txt for byte pairs by
/// GPT-2's rule, damla_tokenizer.json for any other. In Python:
///
///     model = transformers.AutoModelForCausalLM.from_pretrained(folder)
///     tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
///
/// The folder is made where it is missing; each file is written whole or not at all. Throws Error
/// with the path, and when the tokenizer has not the model's vocabulary.
void save_model_folder(const std::string& folder, Gpt<>& model, const AnyTokenizer& tokenizer,
                       const Settings& settings = {});
void save_model_folder(const std::string& folder, Llama<>& model, const AnyTokenizer& tokenizer,
                       const Settings& settings = {});

/// Reads a folder of save_model_folder, or a model as it is published: `load_model_folder(folder)`
/// GPT-2, `load_model_folder<Llama<>>(folder)` those whose config.json says llama, qwen2 or qwen3.
/// The weights, with 16, 32 or 64 bits, are in model.safetensors or in several files by
/// model.safetensors.index.json. Takes the memory of the weights as Scalar, no more. Throws Error
/// with the file's path, what is wrong with it, and what to do.
template <class Model = Gpt<>>
ModelFolder<Model> load_model_folder(const std::string& folder);
extern template ModelFolder<Gpt<>> load_model_folder(const std::string& folder);
extern template ModelFolder<Llama<>> load_model_folder(const std::string& folder);

/// The same for generation alone: weights are rounded to `type` while they are read, so that the
/// memory of the model is as much as is ever taken.
ModelFolder<CompactModel> load_compact_folder(const std::string& folder, WeightType type);

/// Whether a folder's config.json is of the Llama family. Throws Error when it is of no kind that
/// damla reads.
bool holds_llama(const std::string& folder);

/// Reads the model of a folder, whichever it is, and returns visit(m) for its ModelFolder:
///
///     visit_model_folder(folder, [](auto& m) { return parameter_count(m.model); });
///
decltype(auto) visit_model_folder(const std::string& folder, auto&& visit) {
  if (holds_llama(folder)) {
    auto m = load_model_folder<Llama<>>(folder);
    return visit(m);
  }
  auto m = load_model_folder(folder);
  return visit(m);
}

/// The tokenizer of such a folder alone: damla_tokenizer.json, tokenizer.json (as
/// load_tokenizer_json reads it), or vocab.json and merges.txt; with what begins and ends a text by
/// tokenizer_config.json, config.json and generation_config.json. Throws Error with the path.
AnyTokenizer load_tokenizer(const std::string& folder);

}}  // namespace damla::DAMLA_ABI
