#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "command/command.hpp"
#include "damla/generate/sampling.hpp"
#include "damla/hub/model_folder.hpp"

namespace damla::command {

/// The folder that nearly every verb begins with.
inline void add_folder(CLI::App* verb, std::string& folder) {
  verb->add_option(say("FOLDER", "KLASÖR"), folder, say("A model's folder", "Modelin klasörü"))
      ->required();
}

/// What its tokens are, for people.
inline const char* kind_text(const AnyTokenizer& tokenizer) {
  if (tokenizer.kind() == "characters") return say("characters", "karakter");
  if (tokenizer.kind() == "words") return say("words", "kelime");
  return say("byte pairs", "bayt çifti");
}

/// How the next token is chosen: the same options for all verbs that write.
void add_sampling(CLI::App* verb, SamplingOptions& sampling, std::uint64_t& seed);

/// A beginning as the model reads it: behind its begin_of_text, where it was trained so.
Tokens beginning(const AnyTokenizer& tokenizer, const std::string& text);

/// How weights are kept while a model writes: the same option for all verbs that write.
void add_weights(CLI::App* verb, std::string& weights);

/// A text given on the command line, or all of the standard input when it is "-".
std::string text_argument(const std::string& text);

}  // namespace damla::command
