#pragma once

#include <string>
#include <vector>

#include "damla/align/tuning.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// The chat template: `<soru> question <cevap> answer <son>`. These tokens are in the vocabulary
/// from the start, but no text of pre-training has them.
inline std::vector<std::string> chat_tokens() { return {"<soru>", "<cevap>", "<son>"}; }

/// A question as the model reads it, up to where the answer begins.
inline std::string chat_prompt(const std::string& question) {
  return "<soru> " + question + " <cevap>";
}

/// A question and the answer that is to be learned, with its end.
TuningExample chat_example(const auto& tokenizer, const std::string& question,
                           const std::string& answer) {
  return TuningExample::of(tokenizer.encode(chat_prompt(question)),
                           tokenizer.encode(answer + " <son>"));
}

/// What a tuned model answers when it always says the likeliest word: up to `longest` tokens.
template <class Model>
std::string answer(Model& model, const auto& tokenizer, const std::string& question,
                   Index longest = 8) {
  return tokenizer.decode(generate_greedy(model, tokenizer.encode(chat_prompt(question)), longest,
                                          {tokenizer.token("<son>")}));
}

}}  // namespace damla::DAMLA_ABI
