#pragma once

#include <string>

#include "damla/text/any_tokenizer.hpp"

namespace damla { inline namespace DAMLA_ABI { namespace detail {

/// What begins and ends a text, where the folder's tokenizer_config.json (add_bos_token, bos_token,
/// eos_token) and config.json (eos_token_id) say so. Throws Error with the file's path.
void read_text_limits(const std::string& folder, AnyTokenizer& tokenizer);

/// With names for the rows that the folder's model has beyond the tokenizer's tokens, as Qwen's.
AnyTokenizer padded(AnyTokenizer tokenizer, const std::string& folder);

}}}  // namespace damla::DAMLA_ABI::detail
