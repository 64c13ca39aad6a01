#pragma once

#include <optional>
#include <string>

#include "damla/align/chat.hpp"
#include "damla/text/any_tokenizer.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// How the model of a folder was taught to chat: damla's own format where its tokens are in the
/// vocabulary, else that of the chat_template in tokenizer_config.json or chat_template.jinja;
/// nothing where there is none. Templates are recognised by their marks, not run: ChatML (Qwen,
/// SmolLM, with the system message that they write when none is given), Llama 3's (without the
/// dates that 3.1 puts before the first question) and Zephyr's (TinyLlama). Throws Error for any
/// other, and for marks that the vocabulary has not.
std::optional<ChatFormat> load_chat_format(const std::string& folder,
                                           const AnyTokenizer& tokenizer);

}}  // namespace damla::DAMLA_ABI
