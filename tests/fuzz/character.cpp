// Any bytes as a character tokenizer's file.
#include "damla/text/character_tokenizer.hpp"

#include "fuzz.hpp"

using namespace damla;

std::vector<std::string> seeds() {
  const auto tokenizer = CharacterTokenizer::from_text("gölün suyu");
  return {written([&](const std::string& path) { tokenizer.save(path); })};
}

void check(std::string_view bytes) {
  const std::string path = memory_file(bytes);
  may_refuse([&] {
    const auto tokenizer = CharacterTokenizer::load(path);
    tokenizer.decode(tokenizer.encode("Göl'ün 12\xFF"));
  });
}
