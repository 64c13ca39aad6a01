// A libFuzzer entry: any bytes as a text and as a tokenizer's file.
//
//     clang++ -std=c++20 -g -O1 -fsanitize=fuzzer,address,undefined
//         -Iinclude -Isrc -I/usr/include/eigen3 tests/fuzz/fuzz_text.cpp src/core/error.cpp
//         src/text/*.cpp -lfmt -lutf8proc -o fuzz_text
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "damla/core/error.hpp"
#include "damla/text/byte_pair_tokenizer.hpp"
#include "damla/text/character_tokenizer.hpp"
#include "damla/text/unicode.hpp"
#include "damla/text/word_tokenizer.hpp"

using namespace damla;

namespace {

void must(bool holds) {
  if (!holds) std::abort();
}

template <class T>
void read_as(const std::string& path) {
  try {
    const T tokenizer = T::load(path);
    tokenizer.decode(tokenizer.encode("Göl'ün 12\xFF"));
  } catch (const Error&) {  // the only way in which a file may be refused
  }
}

void check(std::string_view text) {
  static const auto turkish =
      BytePairTokenizer::train("Damlaya damlaya göl'ün göl'ün <son>\n\n", {.vocab_size = 300});
  static const auto gpt2 = BytePairTokenizer::train(
      "I'll say I'll damlaya damlaya",
      {.vocab_size = 300, .pre_tokenization = PreTokenization::gpt2, .special_tokens = {"<s>"}});
  for (const auto* tokenizer : {&turkish, &gpt2}) {
    must(tokenizer->decode(tokenizer->encode(text)) == text);
    must(tokenizer->decode(tokenizer->encode_with_special(text)) == text);
  }
  must(valid_utf8(repair_utf8(text)));
  must(complete_utf8_prefix(text) <= text.size() && complete_utf8_prefix(text) + 3 >= text.size());
  must(nfc(nfc(text)) == nfc(text));
  const auto characters = CharacterTokenizer::from_text(text);
  must(characters.decode(characters.encode(text)) == normalize(text));
  const auto words = WordTokenizer::from_text(text, {.special_tokens = {"<son>"}});
  for (const Token t : words.encode(text)) must(t != WordTokenizer::unknown);
  const auto trained = BytePairTokenizer::train(text, {.vocab_size = 280});
  must(trained.decode(trained.encode(text)) == text);

  static const std::string path =
      (std::filesystem::temp_directory_path() / "damla_fuzz_text.json").string();
  words.save(path);
  must(WordTokenizer::load(path).encode(text) == words.encode(text));
  trained.save(path);
  must(BytePairTokenizer::load(path).encode(text) == trained.encode(text));
  std::ofstream(path, std::ios::binary) << text;
  read_as<CharacterTokenizer>(path);
  read_as<WordTokenizer>(path);
  read_as<BytePairTokenizer>(path);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  check({reinterpret_cast<const char*>(data), size});
  return 0;
}
