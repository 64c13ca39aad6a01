#pragma once

#include <string>
#include <vector>

#include "damla/align/tuning.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// The chat template: `<soru> question <cevap> answer <son>`. These tokens are in the vocabulary
/// from the start, but no text of pre-training has them. Who writes them in a question or an answer
/// has written words: only the template sets the tokens.
inline std::vector<std::string> chat_tokens() { return {"<soru>", "<cevap>", "<son>"}; }

/// A question as the model reads it, up to where the answer begins.
Tokens chat_prompt(const auto& tokenizer, const std::string& question) {
  Tokens prompt = tokenizer.encode_plain(question);
  prompt.insert(prompt.begin(), tokenizer.token("<soru>"));
  prompt.push_back(tokenizer.token("<cevap>"));
  return prompt;
}

/// A question and the answer that is to be learned, with its end.
TuningExample chat_example(const auto& tokenizer, const std::string& question,
                           const std::string& answer) {
  Tokens said = tokenizer.encode_plain(answer);
  said.push_back(tokenizer.token("<son>"));
  return TuningExample::of(chat_prompt(tokenizer, question), said);
}

/// What a tuned model answers when it always says the likeliest word: up to `longest` tokens.
template <class Model>
std::string answer(Model& model, const auto& tokenizer, const std::string& question,
                   Index longest = 8) {
  return tokenizer.decode(generate_greedy(model, chat_prompt(tokenizer, question), longest,
                                          {tokenizer.token("<son>")}));
}

}}  // namespace damla::DAMLA_ABI
