// Any bytes as a word tokenizer's file: its words are words, one each.
#include "damla/text/word_tokenizer.hpp"

#include "fuzz.hpp"

using namespace damla;

std::vector<std::string> seeds() {
  const auto tokenizer =
      WordTokenizer::from_text("Göl'ün suyu 1.000 yıl!", {.special_tokens = {"<son>"}});
  return {written([&](const std::string& path) { tokenizer.save(path); })};
}

void check(std::string_view bytes) {
  const std::string path = memory_file(bytes);
  may_refuse([&] {
    const auto tokenizer = WordTokenizer::load(path);
    tokenizer.decode(tokenizer.encode("Göl'ün 12\xFF<son>"));
    for (Token t = 1; t < tokenizer.vocab_size(); ++t)
      must(tokenizer.token(tokenizer.piece(t)) == t);
  });
}
