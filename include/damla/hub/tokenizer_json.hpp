#pragma once

#include <string>

#include "damla/text/any_tokenizer.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// Writes a tokenizer as Hugging Face's libraries read it (their tokenizer.json): the same text
/// gives the same tokens there, and the same tokens the same text. They always recognise special
/// tokens, as BytePairTokenizer::encode_with_special does.
///
/// Rare texts differ. In words: ’ behind three or more marks; beside a symbol, a number sign of
/// Arabic (U+0600) and some marks of Burmese (U+102B); a special token with something invisible in
/// it; and <unk> spelt out in a text, which transformers takes for the unknown word. In characters
/// too: marks that are newer than the other library's Unicode. Throws Error with the path.
void save_tokenizer_json(const std::string& path, const AnyTokenizer& tokenizer);

/// Reads a tokenizer.json of byte pairs: GPT-2's kind with the pre-tokenisation of GPT-2, Llama 3,
/// Qwen 2 to 3 and SmolLM 2, Llama 2's kind with spaces as ▁ and bytes as <0x0A>, and what
/// save_tokenizer_json wrote of a BytePairTokenizer. Its encode_with_special gives the tokens of
/// Hugging Face's `encode(text, add_special_tokens=False)`; all added tokens are special here.
/// Begin and end of text are known too, where the file's post-processor names the first.
///
/// Throws Error with the path for another kind of model, another rule, and what would change tokens
/// and damla does not do.
AnyTokenizer load_tokenizer_json(const std::string& path);

}}  // namespace damla::DAMLA_ABI
