#pragma once

#include <string>

#include "damla/models/gpt.hpp"
#include "damla/models/llama.hpp"
#include "damla/text/any_tokenizer.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// How a file keeps weights. Norms, biases and positions are F32 with each.
enum class WeightType {
  f32,
  f16,
  q8_0  ///< eight bits: blocks of 32 numbers along the input side, with one F16 scale
};

/// Writes a model with its tokenizer as one file for llama.cpp, and for the programs that are built
/// on it: GGUF, version 3 (ggml's docs/gguf.md).
///
///     save_gguf("model.gguf", model, tokenizer, WeightType::q8_0);
///
/// llama.cpp then has the same tokens for a text, special ones too, and the same logits up to
/// rounding. Its own rounding is coarser than damla's: it multiplies F16 weights by activations in
/// F16, and Q8_0 by activations in eight bits. It knows no normalisation form C, which Qwen's
/// tokenizers bring a text into: give it texts that have it.
///
/// The file is written whole or not at all. Throws Error with the path: for a tokenizer that has
/// not the model's vocabulary, or that llama.cpp does not know (characters, words, byte pairs by
/// the Turkish rule); for q8_0 when a weight's inputs are no multiple of 32; for options that its
/// models do not have; for a weight that is not finite, or too large for F16.
void save_gguf(const std::string& path, Gpt<>& model, const AnyTokenizer& tokenizer,
               WeightType type);
void save_gguf(const std::string& path, Llama<>& model, const AnyTokenizer& tokenizer,
               WeightType type);

}}  // namespace damla::DAMLA_ABI
