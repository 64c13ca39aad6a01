// Any bytes as a byte-pair tokenizer's file.
#include "damla/text/byte_pair_tokenizer.hpp"

#include "fuzz.hpp"

using namespace damla;

std::vector<std::string> seeds() {
  const auto tokenizer = BytePairTokenizer::train("Damlaya damlaya göl'ün göl'ün",
                                                  {.vocab_size = 262, .special_tokens = {"<son>"}});
  return {written([&](const std::string& path) { tokenizer.save(path); })};
}

void check(std::string_view bytes) {
  const std::string path = memory_file(bytes), text = "Göl'ün 12\xFF<son>";
  may_refuse([&] {
    const auto tokenizer = BytePairTokenizer::load(path);
    must(tokenizer.decode(tokenizer.encode(text)) == text);
    must(tokenizer.decode(tokenizer.encode_with_special(text)) == text);
  });
}
