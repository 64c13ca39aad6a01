#pragma once

#include <string>

#include "damla/models/gpt.hpp"
#include "damla/text/any_tokenizer.hpp"
#include "damla/train/safetensors.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// What a model's folder holds.
struct ModelFolder {
  Gpt<> model;
  AnyTokenizer tokenizer;
  Settings settings;  ///< names and texts that were saved with it; none in others' folders
};

/// Saves a model with its tokenizer as a folder that other programs read too: Hugging Face's layout
/// for GPT-2.
///
///     config.json            sizes and settings
///     model.safetensors      weights, under GPT-2's names, as Scalar
///     tokenizer.json         see save_tokenizer_json
///     tokenizer_config.json
///
/// and what load_model_folder reads the tokenizer from: vocab.json and merges.txt for byte pairs by
/// GPT-2's rule, damla_tokenizer.json for any other. In Python:
///
///     model = transformers.GPT2LMHeadModel.from_pretrained(folder)
///     tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
///
/// The folder is made where it is missing; each file is written whole or not at all. Throws Error
/// with the path, and when the tokenizer has not the model's vocabulary.
void save_model_folder(const std::string& folder, Gpt<>& model, const AnyTokenizer& tokenizer,
                       const Settings& settings = {});

/// Reads a folder of save_model_folder, or GPT-2 as it is published: config.json, vocab.json,
/// merges.txt, and the weights, with 16, 32 or 64 bits, in model.safetensors or in several files by
/// model.safetensors.index.json. Takes the memory of the weights as Scalar, no more. Throws Error
/// with the file's path, what is wrong with it, and what to do.
ModelFolder load_model_folder(const std::string& folder);

/// The tokenizer of such a folder alone: damla_tokenizer.json, tokenizer.json (as
/// load_tokenizer_json reads it), or vocab.json and merges.txt; with what begins and ends a text by
/// tokenizer_config.json, config.json and generation_config.json. Throws Error with the path.
AnyTokenizer load_tokenizer(const std::string& folder);

}}  // namespace damla::DAMLA_ABI
