// Any bytes as GPT-2's two files: vocab.json, a byte of 0, merges.txt.
#include "damla/text/byte_pair_tokenizer.hpp"
#include "fuzz.hpp"

using namespace damla;

std::vector<std::string> seeds() {
  const auto tokenizer = BytePairTokenizer::train(
      "damlaya damlaya",
      {.vocab_size = 260, .pre_tokenization = PreTokenization::gpt2, .special_tokens = {"<s>"}});
  std::string merges;
  const std::string vocab = written([&](const std::string& path) {
    merges = written([&](const std::string& other) { tokenizer.save_gpt2(path + "v", other); });
    std::filesystem::rename(path + "v", path);
  });
  return {vocab + '\0' + merges};
}

void check(std::string_view bytes) {
  static const std::string merges_path = "/dev/shm/damla_fuzz_merges_" + std::to_string(getpid());
  const std::size_t cut = std::min(bytes.find('\0'), bytes.size());
  std::ofstream(merges_path, std::ios::binary) << bytes.substr(std::min(cut + 1, bytes.size()));
  const std::string path = memory_file(bytes.substr(0, cut)), text = "Göl'ün 12\xFF<s>";
  may_refuse([&] {
    const auto tokenizer = BytePairTokenizer::load_gpt2(path, merges_path);
    must(tokenizer.decode(tokenizer.encode(text)) == text);
    must(tokenizer.decode(tokenizer.encode_with_special(text)) == text);
  });
}
