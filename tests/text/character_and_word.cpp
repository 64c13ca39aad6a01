#include "damla/core/error.hpp"
#include "damla/text/character_tokenizer.hpp"
#include "damla/text/tokenizer.hpp"
#include "damla/text/word_tokenizer.hpp"
#include "helpers/catch.hpp"
#include "helpers/error_says.hpp"
#include "helpers/temporary_file.hpp"

#include <clocale>
#include <ctime>

using namespace damla;

static_assert(Tokenizer<CharacterTokenizer> && Tokenizer<WordTokenizer> && !Tokenizer<std::string>);

using Words = std::vector<std::string>;

TEST_CASE(
    "the character tokenizer has a token for each character of its text, and gives the text back",
    "[text]") {
  const auto tokenizer = CharacterTokenizer::from_text("damlaya damlaya göl olur");
  CHECK(tokenizer.vocab_size() == 12);  // � and: space a d g l m o r u y ö
  CHECK(tokenizer.encode("göl").size() == 3);
  CHECK(tokenizer.decode(tokenizer.encode("göl olur")) == "göl olur");
  CHECK(tokenizer.encode("go\u0308l") == tokenizer.encode("göl"));
  CHECK(tokenizer.encode("\uFEFFgöl") == tokenizer.encode("göl"));
  CHECK(tokenizer.encode("").empty());
  CHECK(tokenizer.decode({}).empty());
  CHECK(tokenizer.encode("x\xFF") == Tokens{0, 0});
  CHECK(tokenizer.decode(tokenizer.encode("çöl")) == "\uFFFDöl");
  const auto with_nul = CharacterTokenizer::from_text(std::string_view("a\0\xED\xA0\x80", 5));
  CHECK(with_nul.decode(with_nul.encode(std::string_view("\0a", 2))) == std::string("\0a", 2));
  CHECK(CharacterTokenizer::from_text("").vocab_size() == 1);
  const Tokens bad{12};
  CHECK(error_says([&] { tokenizer.decode(bad); }, {"12", "0 … 11"}));
  CHECK_THROWS_AS(tokenizer.piece(-1), Error);
}

TEST_CASE("Turkish text is cut into words, suffixes after an apostrophe and punctuation",
          "[text]") {
  WordOptions lower, keep{.casing = Casing::keep, .special_tokens = {"<son>", "<|soru|>"}};
  for (const char* locale : {"C", "tr_TR.UTF-8"}) {
    std::setlocale(LC_ALL, locale);
    CHECK(split_words("Gençlerbirliği’nin IŞIĞI!", lower) ==
          Words{"gençlerbirliği", "'nin", "ışığı", "!"});
  }
  std::setlocale(LC_ALL, "C");
  CHECK(split_words("Ankara'da", keep) == split_words("Ankara’da", keep));
  CHECK(split_words("1923'te 1.000.000 kişi, %3,5.", keep) ==
        Words{"1923", "'te", "1.000.000", "kişi", ",", "%", "3,5", "."});
  CHECK(split_words("'merhaba' dedi", keep) == Words{"'", "merhaba", "'", "dedi"});
  CHECK(split_words("Son<son><|soru|>Adın ne?", keep) ==
        Words{"Son", "<son>", "<|soru|>", "Adın", "ne", "?"});
  CHECK(split_words("<son", keep) == Words{"<", "son"});
  CHECK(split_words("a\u00A0b\tc\r\n\u2003d", keep) == Words{"a", "b", "c", "d"});
  CHECK(split_words("go\u0308l e-posta...", keep) ==
        Words{"göl", "e", "-", "posta", ".", ".", "."});
  CHECK(split_words("\uFEFFgöl\xFFx", keep) == Words{"göl", "\uFFFD", "x"});
  CHECK(split_words(std::string_view("a\0b", 3), keep) == Words{"a", std::string(1, '\0'), "b"});
  CHECK(split_words("q\u0323a ❤\uFE0F", keep) == Words{"q\u0323a", "❤\uFE0F"});
  CHECK(split_words("a\uFEFFb \uFEFF", keep) == Words{"a", "b"});
  CHECK(split_words("", keep).empty());
  CHECK(split_words("Ali'", keep) == Words{"Ali", "'"});
}

TEST_CASE("an emoji is one word, and comes back as it was", "[text]") {
  for (const char* emoji : {"👨‍👩‍👧", "🇹🇷", "👍🏽", "❤\uFE0F"}) {
    const auto tokenizer = WordTokenizer::from_text(emoji);
    CHECK(tokenizer.vocab_size() == 2);
    CHECK(tokenizer.decode(tokenizer.encode(emoji)) == emoji);
    const auto characters = CharacterTokenizer::from_text(emoji);
    CHECK(characters.decode(characters.encode(emoji)) == emoji);
  }
  CHECK(split_words("👍👍🏽gol🇹🇷🇩🇪!", {}) ==
        Words{"👍", "👍🏽", "gol", "🇹🇷", "🇩🇪", "!"});
}

TEST_CASE("a word is the same word with what nobody sees in it", "[text]") {
  const auto tokenizer = WordTokenizer::from_text("gençler izmir'e geldi");
  for (const char* text :
       {"gen\u00ADçler i\u0307zmi\u0307r'e gel\u200Bdi", "\u200Egenc\u0327ler İzmir’e gel\u2060di",
        "gen\u200Dçler İZMİR'E geldi"})
    CHECK(tokenizer.decode(tokenizer.encode(text)) == "gençler izmir'e geldi");
}

TEST_CASE("a text from outside has no special tokens", "[text]") {
  const auto tokenizer =
      WordTokenizer::from_text("ankara < cevap >", {.special_tokens = {"<cevap>"}});
  CHECK(tokenizer.encode("ankara <cevap>") == Tokens{tokenizer.token("ankara"), 1});
  const Tokens plain = tokenizer.encode_plain("ankara <cevap>");
  CHECK(plain.size() == 4);
  CHECK(tokenizer.decode(plain) == "ankara < cevap >");
  CHECK(plain[2] == tokenizer.token("cevap"));
}

TEST_CASE("a long text is cut into the words of its lines", "[text]") {
  // It is worked on in pieces; no word and no special token is cut between them.
  const std::string line = "Gençlerbirliği'nin 1.000,5 <son>\u00A0ığdır\n";
  const WordOptions options{.special_tokens = {"<son>"}};
  const Words words = split_words(line, options);
  CHECK(words.size() == 5);
  std::string text;
  Words expected;
  for (int i = 0; i < 6000; ++i) {
    const std::string more(static_cast<std::size_t>(i % 5), 'x');
    text += more + (more.empty() ? "" : " ") + line;
    if (!more.empty()) expected.push_back(more);
    expected.insert(expected.end(), words.begin(), words.end());
  }
  CHECK(split_words(text, options) == expected);
}

TEST_CASE("thousands of special tokens cost little", "[text]") {
  WordOptions options;
  for (int i = 0; i < 20'000; ++i) options.special_tokens.push_back("<t" + std::to_string(i) + ">");
  const std::clock_t start = std::clock();
  const auto tokenizer = WordTokenizer::from_text("gol", options);
  CHECK(tokenizer.encode(std::string(100'000, '<')) == Tokens(100'000, WordTokenizer::unknown));
  CHECK(tokenizer.encode("<t19999><t1><t10>gol") == Tokens{20000, 2, 11, 20001});
  std::vector<std::string> many;
  for (int i = 0; i < 20'000; ++i) many.push_back("w" + std::to_string(i));
  CHECK(WordTokenizer::from_words(many, options).vocab_size() == 40'001);
  CHECK(static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC < 5);  // each pair: minutes
}

TEST_CASE(
    "the word vocabulary is ordered by frequency, then by bytes, and its limit counts everything",
    "[text]") {
  const std::string text = "göl damla göl su damla göl ay.";
  const auto all = WordTokenizer::from_text(text, {.special_tokens = {"<son>"}});
  Words pieces;
  for (Token t = 0; t < all.vocab_size(); ++t) pieces.push_back(all.piece(t));
  CHECK(pieces == Words{"<unk>", "<son>", "göl", "damla", ".", "ay", "su"});
  const auto some = WordTokenizer::from_text(text, {.vocab_limit = 4, .special_tokens = {"<son>"}});
  CHECK(some.vocab_size() == 4);
  CHECK(some.encode("su damla göl <son>") == Tokens{WordTokenizer::unknown, 3, 2, 1});
  CHECK(some.decode(Tokens{0, 3, 1}) == "<unk> damla <son>");
  CHECK(some.encode("<unk>").size() == 3);
  CHECK(some.token("göl") == 2);
  CHECK(some.contains("<son>"));
  CHECK_FALSE(some.contains("su"));
  CHECK(error_says([&] { some.token("su"); }, {"su"}));
  CHECK_THROWS_AS(WordTokenizer::from_text(text, {.vocab_limit = 1, .special_tokens = {"<son>"}}),
                  Error);
  for (const char* bad : {"", "son", "< son>", "<unk>", "<>"})
    CHECK_THROWS_AS(WordTokenizer::from_text(text, {.special_tokens = {bad}}), Error);
  CHECK_THROWS_AS(WordTokenizer::from_text(text, {.special_tokens = {"<son>", "<son>"}}), Error);
  CHECK(WordTokenizer::from_text("").vocab_size() == 1);
}

TEST_CASE("decoding words puts the spaces back", "[text]") {
  for (const char* text : {"Gençlerbirliği'nin kupası var mı? Evet, var: 1.000 tane; bitti!",
                           "(evet) [bak] %85'i, “güzel” sözler…", "Ne harika bir gol yedik..."}) {
    const auto tokenizer = WordTokenizer::from_text(text, {.casing = Casing::keep});
    CHECK(tokenizer.decode(tokenizer.encode(text)) == text);
  }
  const auto lower = WordTokenizer::from_text("Işık İzmir'de.");
  CHECK(lower.decode(lower.encode("IŞIK  İZMİR’DE .")) == "ışık izmir'de.");
}

TEST_CASE("a word list gives its tokens in its order", "[text]") {
  const Words words{"kutu", "'nin", "Balkon", "."};
  const auto tokenizer = WordTokenizer::from_words(words);
  CHECK(tokenizer.encode("Kutu’nin balkon. zebra") == Tokens{1, 2, 3, 4, 0});
  CHECK(error_says([&] { WordTokenizer::from_words(Words{"ne harika"}); }, {"ne | harika"}));
  CHECK_THROWS_AS(WordTokenizer::from_words(Words{""}), Error);
  CHECK_THROWS_AS(WordTokenizer::from_words(Words{"Işık", "ışık"}), Error);
}

TEST_CASE("character and word tokenizers come back from their files as they were", "[text]") {
  const TemporaryFile file("words_1.json");
  const std::string text = std::string("Gençlerbirliği'nin 3,5 \"kupası\" ❤\uFE0F var.\n\\") + '\0';
  const auto characters = CharacterTokenizer::from_text(text);
  characters.save(file.path);
  const auto characters_again = CharacterTokenizer::load(file.path);
  CHECK(characters_again.vocab_size() == characters.vocab_size());
  CHECK(characters_again.decode(characters.encode(text)) == text);
  for (const Casing casing : {Casing::lower, Casing::keep}) {
    const auto words =
        WordTokenizer::from_text(text, {.casing = casing, .special_tokens = {"<son>"}});
    words.save(file.path);
    const auto again = WordTokenizer::load(file.path);
    REQUIRE(again.vocab_size() == words.vocab_size());
    for (Token t = 0; t < words.vocab_size(); ++t) CHECK(again.piece(t) == words.piece(t));
    CHECK(again.encode(text + "<son>") == words.encode(text + "<son>"));
    CHECK(error_says([&] { CharacterTokenizer::load(file.path); },
                     {file.path, "damla word tokenizer"}));
  }
  CHECK(error_says([&] { characters.save("/no such folder/x.json"); }, {"/no such folder/x.json"}));
}

TEST_CASE("files that are not what they should be are refused with their path", "[text]") {
  const TemporaryFile file("words_2.json");
  CHECK(error_says([&] { WordTokenizer::load("/no such folder/x.json"); },
                   {"/no such folder/x.json"}));
  const std::string word =
      R"({"kind": "damla word tokenizer", "casing": "lower", "vocab_limit": 0, )"
      R"("special_tokens": [], "words": )";
  for (const std::string& bad :
       {std::string(), std::string("{"), std::string("[]"), std::string("{\"kind\": 3}"),
        std::string("\xFF\xFE"), std::string("{\"kind\": \"damla word tokenizer\"}"), word + "3}",
        word + "[3]}", word + "[\"a b\"]}", word + "[\"a\", \"a\"]}", word + "[\"\"]}",
        word + "[\"\xFF\"]}"}) {
    file.write(bad);
    INFO(bad);
    CHECK(error_says([&] { WordTokenizer::load(file.path); }, {file.path}));
  }
  file.write(word + "[\"a\"]}");
  CHECK(WordTokenizer::load(file.path).vocab_size() == 2);
  const std::string character = R"({"kind": "damla character tokenizer", "pieces": )";
  for (const std::string& bad :
       {character + "[]}", character + "[\"a\"]}", character + "[\"�\", \"ab\"]}",
        character + "[\"�\", \"\"]}", character + "[\"�\", \"a\", \"a\"]}"}) {
    file.write(bad);
    INFO(bad);
    CHECK(error_says([&] { CharacterTokenizer::load(file.path); }, {file.path}));
  }
}
