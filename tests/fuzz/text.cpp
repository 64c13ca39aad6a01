// Any bytes as a text for the three tokenizers.
#include "damla/text/byte_pair_tokenizer.hpp"
#include "damla/text/character_tokenizer.hpp"
#include "damla/text/unicode.hpp"
#include "damla/text/word_tokenizer.hpp"
#include "fuzz.hpp"

using namespace damla;

std::vector<std::string> seeds() {
  return {"Göl'ün suyu, 1.000,5 yıl önce… <son>", "I'll say\t\tno\r\n\n  <s> 12",
          "İIıi\xCC\x87 ŞşĞğ\xFF"};
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
}
