#pragma once

#include <string>

#include "damla/core/compact_matrix.hpp"
#include "damla/models/gpt.hpp"
#include "damla/models/llama.hpp"
#include "damla/text/any_tokenizer.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// Writes a model with its tokenizer as one file for llama.cpp, and for the programs that are built
/// on it: GGUF, version 3 (ggml's docs/gguf.md).
///
///     save_gguf("model.gguf", model, tokenizer, WeightType::q8_0);
///
/// llama.cpp then has the same tokens for a text, special ones too, and the same logits up to
/// rounding. Its own rounding is coarser than damla's: what it multiplies with f16, bf16 or q8_0
/// weights it rounds to that type, too. Norms, biases and positions are F32. It knows no
/// normalisation form C, which Qwen's tokenizers bring a text into: give it texts that have it; and
/// it takes the piece </s> for a special token even where it is none, as in Qwen's vocabulary.
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
