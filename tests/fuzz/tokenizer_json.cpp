// Any bytes as a tokenizer.json, beginning with what damla hands on and with Llama 2's kind.
#include "damla/hub/tokenizer_json.hpp"

#include <fmt/format.h>

#include "fuzz.hpp"

using namespace damla;

namespace {

AnyTokenizer metaspace() {
  BytePairParts parts{.rules = {.pre_tokenization = PreTokenization::metaspace,
                                .space_in_front = SpaceInFront::every_part},
                      .pieces = {"<s>", " ", "a", " a"},
                      .special_tokens = {0},
                      .merges = {{1, 2}}};
  for (unsigned byte = 0; byte < 256; ++byte) {
    parts.byte_tokens.push_back(static_cast<Token>(parts.pieces.size()));
    parts.pieces.push_back(std::string(1, static_cast<char>(static_cast<unsigned char>(byte))));
  }
  AnyTokenizer tokenizer = BytePairTokenizer(parts);
  tokenizer.set_text_limits(0, {});
  return tokenizer;
}

}  // namespace

std::vector<std::string> seeds() {
  std::vector<std::string> all = {
      written([](const std::string& path) { save_tokenizer_json(path, metaspace()); })};
  for (const auto rule : {PreTokenization::turkish, PreTokenization::gpt2, PreTokenization::llama3,
                          PreTokenization::qwen2, PreTokenization::smollm2})
    all.push_back(written([&](const std::string& path) {
      save_tokenizer_json(
          path, BytePairTokenizer::train(
                    "damlaya damlaya",
                    {.vocab_size = 260, .pre_tokenization = rule, .special_tokens = {"<s>"}}));
    }));
  return all;
}

void check(std::string_view bytes) {
  const std::string path = memory_file(bytes), text = "Göl'ün 12\xFF\n <s>";
  may_refuse([&] {
    const AnyTokenizer tokenizer = load_tokenizer_json(path);
    const Tokens plain = tokenizer.encode(text), special = tokenizer.encode_with_special(text);
    for (const Tokens& tokens : {plain, special})
      for (const Token t : tokens) must(t >= 0 && t < tokenizer.vocab_size());
    const bool exact = tokenizer.visit([](const auto& t) {
      if constexpr (requires { t.rules(); }) return !t.rules().nfc;
      else return false;
    });
    if (exact) must(tokenizer.decode(plain) == text);
    // What damla hands on it reads again.
    const std::string again =
        written([&](const std::string& to) { save_tokenizer_json(to, tokenizer); });
    must(load_tokenizer_json(memory_file(again)).encode(text) == plain);
  });
}
