#pragma once

#include <string>

#include "damla/text/any_tokenizer.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// Writes a tokenizer as Hugging Face's libraries read it (their tokenizer.json): the same text
/// gives the same tokens there, and the same tokens the same text. They always recognise special
/// tokens, as BytePairTokenizer::encode_with_special does.
///
/// Rare texts differ, in words only: final Σ, which JavaScript writes ς as a small letter; ’ behind
/// three or more marks; and <unk> spelt out in a text, which transformers takes for the unknown
/// word. Throws Error with the path.
void save_tokenizer_json(const std::string& path, const AnyTokenizer& tokenizer);

}}  // namespace damla::DAMLA_ABI
