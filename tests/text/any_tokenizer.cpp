#include "damla/text/any_tokenizer.hpp"

#include <algorithm>

#include "helpers/catch.hpp"
#include "helpers/error_says.hpp"
#include "helpers/temporary_file.hpp"

using namespace damla;

namespace {
const std::string proverb = "Damlaya damlaya göl olur. Gençlerbirliği'nin kupası var mı?";
}

TEST_CASE("any tokenizer does what the one inside does, and knows which it is", "[text]") {
  const auto check = [](const auto& concrete, std::string_view kind) {
    const AnyTokenizer any = concrete;
    CHECK(any.kind() == kind);
    CHECK(any.vocab_size() == concrete.vocab_size());
    const Tokens tokens = any.encode(proverb);
    CHECK(tokens == concrete.encode(proverb));
    CHECK(any.decode(tokens) == concrete.decode(tokens));
    CHECK(any.piece(tokens[1]) == concrete.piece(tokens[1]));
    CHECK(any.visit([](const auto& inside) { return inside.vocab_size(); }) ==
          concrete.vocab_size());

    const TemporaryFile file("damla_any_tokenizer.json");
    any.save(file.path);
    const AnyTokenizer loaded = AnyTokenizer::load(file.path);
    CHECK(loaded.kind() == kind);
    CHECK(loaded.vocab_size() == any.vocab_size());
    CHECK(loaded.encode(proverb) == tokens);
    CHECK(loaded.end_of_text() == any.end_of_text());
  };
  check(CharacterTokenizer::from_text(proverb), "characters");
  check(WordTokenizer::from_text(proverb), "words");
  check(BytePairTokenizer::train(proverb, {.vocab_size = 270}), "byte pairs");
  check(BytePairTokenizer::train(proverb, {.vocab_size = 270, .special_tokens = {"<|endoftext|>"}}),
        "byte pairs");
}

TEST_CASE("the end of a text is the special token of that name", "[text]") {
  const std::vector<std::string> special = {"<son>", "<|endoftext|>"};
  const AnyTokenizer words = WordTokenizer::from_text(proverb, {.special_tokens = special});
  CHECK(words.end_of_text() == 2);  // behind <unk> and <son>
  const AnyTokenizer pairs =
      BytePairTokenizer::train(proverb, {.vocab_size = 270, .special_tokens = special});
  REQUIRE(pairs.end_of_text());
  CHECK(pairs.piece(*pairs.end_of_text()) == "<|endoftext|>");
  CHECK_FALSE(AnyTokenizer(WordTokenizer::from_text(proverb + "<|endoftext|>")).end_of_text());
  CHECK_FALSE(AnyTokenizer(BytePairTokenizer::train(proverb, {.vocab_size = 256})).end_of_text());
  CHECK_FALSE(AnyTokenizer(CharacterTokenizer::from_text("<|endoftext|>")).end_of_text());
}

TEST_CASE("a file of no tokenizer is an error with the path", "[text]") {
  const TemporaryFile file("damla_any_tokenizer_bad.json");
  for (const std::string& bad : {std::string("{}"), std::string("[1]"), std::string("{\"kind\":3}"),
                                 std::string("{\"kind\":\"a cat\"}"), std::string("damla"),
                                 "{\"kind\":\"" + std::string(5000, 'x') + "\"}"}) {
    CAPTURE(bad);
    file.write(bad);
    CHECK(error_says([&] { AnyTokenizer::load(file.path); }, {file.path}));
  }
  file.write("{\"kind\":\"a cat\"}");
  CHECK(error_says([&] { AnyTokenizer::load(file.path); }, {"a cat"}));
  CHECK(error_says([] { AnyTokenizer::load("/no/such/file.json"); }, {"/no/such/file.json"}));
}

TEST_CASE("special tokens are found by name, added to byte pairs alone, and never read from text",
          "[text]") {
  const std::vector<std::string> names{"<soru>", "<son>"};
  AnyTokenizer pairs =
      BytePairTokenizer::train(proverb, {.vocab_size = 270, .special_tokens = {"<son>"}});
  const Index before = pairs.vocab_size();
  CHECK_FALSE(pairs.special("<soru>"));
  CHECK(error_says([&] { pairs.token("<soru>"); }, {"<soru>"}));
  pairs.add_special(names);
  pairs.add_special(names);  // they are there
  CHECK(pairs.vocab_size() == before + 1);
  CHECK(pairs.token("<soru>") == before);
  const Tokens plain = pairs.encode_plain("<soru> göl <son>");
  CHECK(pairs.decode(plain) == "<soru> göl <son>");
  CHECK(std::find(plain.begin(), plain.end(), pairs.token("<soru>")) == plain.end());

  AnyTokenizer words =
      WordTokenizer::from_text(proverb + " soru < >", {.special_tokens = {"<soru>"}});
  CHECK(words.token("<soru>") == 1);
  CHECK_FALSE(words.special("damlaya"));  // a word, but no special one
  CHECK(words.encode("<soru>") == Tokens{1});
  CHECK(words.encode_plain("<soru>").size() == 3);
  CHECK(error_says([&] { words.add_special(names); }, {"<son>", "words", "byte pairs"}));
  AnyTokenizer characters = CharacterTokenizer::from_text(proverb);
  CHECK(error_says([&] { characters.add_special(names); }, {"<soru>", "characters"}));
}
