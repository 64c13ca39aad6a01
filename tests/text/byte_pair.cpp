#include "damla/core/random.hpp"
#include "damla/text/byte_pair_tokenizer.hpp"
#include "damla/text/character_tokenizer.hpp"
#include "damla/text/tokenizer.hpp"
#include "damla/text/unicode.hpp"
#include "damla/text/word_tokenizer.hpp"
#include "helpers/catch.hpp"
#include "helpers/error_says.hpp"
#include "helpers/temporary_file.hpp"
#include "text/frequent_words.hpp"
#include "text/parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <clocale>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

using namespace damla;

static_assert(Tokenizer<BytePairTokenizer>);

namespace {

const std::string fixtures = DAMLA_FIXTURES "/text/";

nlohmann::json json_file(const std::string& path) {
  return nlohmann::json::parse(std::ifstream(path));
}

using Pieces = std::vector<std::string>;

std::string all_bytes() {
  std::string bytes;
  for (int b = 0; b < 256; ++b) bytes += static_cast<char>(static_cast<unsigned char>(b));
  return bytes;
}

Pieces merged(const Pieces& word, const std::string& left, const std::string& right) {
  Pieces result;
  for (std::size_t i = 0; i < word.size(); ++i)
    if (i + 1 < word.size() && word[i] == left && word[i + 1] == right)
      result.push_back(left + right), ++i;
    else result.push_back(word[i]);
  return result;
}

Pieces single_bytes(std::string_view text) {
  Pieces result;
  for (const char c : text) result.push_back(std::string(1, c));
  return result;
}

// GPT-2's algorithm as it is published: the best pair of the word is merged everywhere, again and
// again.
Pieces plain_encode(std::string_view text, PreTokenization rule,
                    const std::vector<std::pair<std::string, std::string>>& merges) {
  Pieces result;
  for (const auto token : pre_tokens(text, rule)) {
    Pieces word = single_bytes(token);
    while (true) {
      std::size_t best = merges.size();
      for (std::size_t i = 0; i + 1 < word.size(); ++i)
        for (std::size_t m = 0; m < best; ++m)
          if (merges[m].first == word[i] && merges[m].second == word[i + 1]) best = m;
      if (best == merges.size()) break;
      word = merged(word, merges[best].first, merges[best].second);
    }
    result.insert(result.end(), word.begin(), word.end());
  }
  return result;
}

Pieces pieces_of(const BytePairTokenizer& tokenizer, const Tokens& tokens) {
  Pieces result;
  for (const Token t : tokens) result.push_back(std::string(tokenizer.bytes(t)));
  return result;
}

// GPT-2's files for these merges, in any order, over letters.
void write_gpt2(const TemporaryFile& vocab, const TemporaryFile& merges, const Pieces& results,
                const std::vector<std::pair<std::string, std::string>>& pairs) {
  auto json = json_file(fixtures + "small_gpt2_vocab.json");
  for (auto it = json.begin(); it != json.end();) it = *it >= 256 ? json.erase(it) : std::next(it);
  for (const auto& piece : results) json[piece] = json.size();
  vocab.write(json.dump());
  std::string lines;
  for (const auto& [left, right] : pairs) lines += left + " " + right + "\n";
  merges.write(lines);
}

std::string random_text(Random& random, std::string_view alphabet, Index length) {
  std::string text;
  for (; length > 0; --length)
    text += alphabet[static_cast<std::size_t>(random.below(static_cast<Index>(alphabet.size())))];
  return text;
}

const std::string proverbs =
    "Damlaya damlaya göl olur. Ağaç yaşken eğilir. Sakla samanı, gelir zamanı. Gençlerbirliği'nin "
    "gölü, göl'ün ağacı. "
    "Damlaya damlaya göl olur, sakla samanı gelir zamanı; 1923'te ve 1924’te ağaçlar eğildi.\n";

}  // namespace

TEST_CASE("text is cut into words as the regular expressions say", "[text]") {
  for (const char* locale : {"C", "tr_TR.UTF-8"}) {
    std::setlocale(LC_ALL, locale);
    for (const auto& c : json_file(fixtures + "pre_tokens.json")) {
      const std::string text = c["text"];
      for (const auto& [rule, name] : {std::pair{PreTokenization::turkish, "turkish"},
                                       {PreTokenization::gpt2, "gpt2"},
                                       {PreTokenization::llama3, "llama3"},
                                       {PreTokenization::qwen2, "qwen2"},
                                       {PreTokenization::smollm2, "smollm2"},
                                       {PreTokenization::metaspace, "metaspace"}}) {
        const auto words = pre_tokens(text, rule);
        INFO(name << ": " << text);
        CHECK(Pieces(words.begin(), words.end()) == c[name].get<Pieces>());
      }
    }
  }
  std::setlocale(LC_ALL, "C");
}

TEST_CASE(
    "training merges what a count from scratch would merge, and encoding what GPT-2's algorithm "
    "would",
    "[text]") {
  Random random(3);
  for (int n = 0; n < 60; ++n) {
    const auto rule = n % 2 ? PreTokenization::gpt2 : PreTokenization::turkish;
    std::string text = random_text(random, n % 3 ? "ab c" : "aab ", 40 + random.below(260));
    if (n % 5 == 0) text += "aaaaaaaaaaaaaaaa bbbbbbb abababababab";
    const auto tokenizer =
        BytePairTokenizer::train(text, {.vocab_size = 256 + 40, .pre_tokenization = rule});
    REQUIRE(tokenizer.merges().size() > 3);
    Pieces known = single_bytes(all_bytes());
    std::vector<Pieces> words;
    for (const auto word : pre_tokens(text, rule)) words.push_back(single_bytes(word));
    std::vector<std::pair<std::string, std::string>> merges;
    for (std::size_t m = 0; m <= tokenizer.merges().size() && m < 40; ++m) {
      std::map<std::pair<Index, Index>, Index>
          counts;  // in the order of tokens: the first of the most frequent wins
      const auto number = [&](const std::string& p) {
        return std::find(known.begin(), known.end(), p) - known.begin();
      };
      for (const auto& word : words)
        for (std::size_t i = 0; i + 1 < word.size(); ++i)
          if (number(word[i] + word[i + 1]) == static_cast<Index>(known.size()))
            ++counts[{number(word[i]), number(word[i + 1])}];
      auto best = counts.begin();
      for (auto it = counts.begin(); it != counts.end(); ++it)
        if (it->second > best->second) best = it;
      if (m == tokenizer.merges().size()) {
        CHECK((counts.empty() || best->second < 2));
        break;
      }
      REQUIRE((best != counts.end() && best->second >= 2));
      const auto [left, right] = best->first;
      REQUIRE(tokenizer.merges()[m].left == left);
      REQUIRE(tokenizer.merges()[m].right == right);
      merges.emplace_back(known[static_cast<std::size_t>(left)],
                          known[static_cast<std::size_t>(right)]);
      for (auto& word : words) word = merged(word, merges[m].first, merges[m].second);
      known.push_back(merges[m].first + merges[m].second);
    }
    const std::string other = random_text(random, "abc ", 300) + "aaaaaaaaa";
    CHECK(pieces_of(tokenizer, tokenizer.encode(other)) == plain_encode(other, rule, merges));
  }
}

TEST_CASE("merges in an order that no training gives are applied as GPT-2 applies them", "[text]") {
  const TemporaryFile vocab("vocab_3.json"), merges("merges_3.txt");
  Random random(5);
  for (int n = 0; n < 60; ++n) {
    Pieces known{"a", "b", "c"}, results;
    std::vector<std::pair<std::string, std::string>> pairs;
    while (pairs.size() < 12) {
      const std::string left = random.pick(known), right = random.pick(known);
      if (left.size() + right.size() > 6 ||
          std::find(known.begin(), known.end(), left + right) != known.end())
        continue;
      known.push_back(left + right), results.push_back(left + right),
          pairs.emplace_back(left, right);
    }
    random.shuffle(pairs);
    write_gpt2(vocab, merges, results, pairs);
    const auto tokenizer = BytePairTokenizer::load_gpt2(vocab.path, merges.path);
    // One long word, words that just are long, and short ones.
    for (const std::string& text :
         {random_text(random, "aabbc", 200), random_text(random, "aabbc", 60 + n % 10),
          random_text(random, "aabbc ", 200)})
      CHECK(pieces_of(tokenizer, tokenizer.encode(text)) ==
            plain_encode(text, PreTokenization::gpt2, pairs));
  }
}

TEST_CASE("GPT-2's files are read and written, and its special token is known", "[text]") {
  const auto tokenizer = BytePairTokenizer::load_gpt2(fixtures + "small_gpt2_vocab.json",
                                                      fixtures + "small_gpt2_merges.txt");
  CHECK(tokenizer.vocab_size() == 256 + 40 + 1);
  CHECK(tokenizer.special("<|endoftext|>") == 296);
  const TemporaryFile vocab("vocab_4.json"), merges("merges_4.txt"), own("byte_pair_4.json");
  tokenizer.save_gpt2(vocab.path, merges.path);
  CHECK(json_file(vocab.path) == json_file(fixtures + "small_gpt2_vocab.json"));
  const auto again = BytePairTokenizer::load_gpt2(vocab.path, merges.path);
  again.save(own.path);
  const auto third = BytePairTokenizer::load(own.path);
  CHECK(third.pre_tokenization() == PreTokenization::gpt2);
  for (const auto& c : json_file(fixtures + "small_gpt2_cases.json")) {
    const std::string text = c["text"];
    INFO(text);
    for (const auto* t : {&tokenizer, &again, &third}) {
      CHECK(t->encode(text) == c["tokens"].get<Tokens>());
      CHECK(t->decode(t->encode(text)) == text);
    }
  }
}

TEST_CASE("GPT-2's own vocabulary gives GPT-2's tokens", "[text]") {
  const char* folder = std::getenv("DAMLA_GPT2_DIR");
  if (!folder) {
    WARN("skipped: set DAMLA_GPT2_DIR to the folder of GPT-2's vocab.json and merges.txt");
    return;
  }
  const auto tokenizer = BytePairTokenizer::load_gpt2(std::string(folder) + "/vocab.json",
                                                      std::string(folder) + "/merges.txt");
  CHECK(tokenizer.vocab_size() == 50257);
  CHECK(tokenizer.special("<|endoftext|>") == 50256);
  for (const auto& c : json_file(fixtures + "gpt2_tokens.json")) {
    INFO(c["text"]);
    CHECK(tokenizer.encode(c["text"].get<std::string>()) == c["tokens"].get<Tokens>());
  }
}

TEST_CASE("any bytes come back from byte-pair tokens", "[text]") {
  Random random(11);
  for (const auto rule : {PreTokenization::turkish, PreTokenization::gpt2}) {
    const auto tokenizer =
        BytePairTokenizer::train(proverbs, {.vocab_size = 320, .pre_tokenization = rule});
    CHECK(tokenizer.encode("").empty());
    CHECK(tokenizer.decode({}).empty());
    const auto check = [&](const std::string& text) {
      CHECK(tokenizer.decode(tokenizer.encode(text)) == text);
    };
    for (const std::string_view text :
         {std::string_view("\0", 1), std::string_view("a\0\0'n", 5),
          std::string_view("\xED\xA0\x80'x"), std::string_view("\uFEFFgöl"),
          std::string_view("\xFF\xFE"), std::string_view("g\xC3"),
          std::string_view("go\u0308l \xE2"), std::string_view("\xE2\x80\x99nin \xE2\x80")})
      check(std::string(text));
    check(all_bytes());
    for (int n = 0; n < 500; ++n)
      check(random_text(random, n % 2 ? all_bytes() : "Damlaya göl'ünü\xE2\x80\x99 12 \n",
                        random.below(60)));
    // One token after the other, never half a character: what a reader sees while a text is
    // generated.
    std::string shown, waiting;
    for (const Token t : tokenizer.encode("Ağaç çöl 🎈 şıp")) {
      waiting += tokenizer.decode(Tokens{t});
      const std::size_t ready = complete_utf8_prefix(waiting);
      CHECK(valid_utf8(waiting.substr(0, ready)));
      shown += waiting.substr(0, ready);
      waiting.erase(0, ready);
    }
    CHECK(shown == "Ağaç çöl 🎈 şıp");
  }
}

TEST_CASE("special tokens are never cut, and plain text never becomes one", "[text]") {
  const std::string text = proverbs + "<son>" + proverbs + "<son><|soru|>" + proverbs;
  auto tokenizer = BytePairTokenizer::train(
      text, {.vocab_size = 320, .special_tokens = {"<son>", "<|soru|>", "<son><son>"}});
  const Token end = tokenizer.special("<son>"), question = tokenizer.special("<|soru|>"),
              twice = tokenizer.special("<son><son>");
  CHECK(tokenizer.vocab_size() == 320);
  CHECK(std::set<Token>{end, question, twice} == std::set<Token>{317, 318, 319});
  for (const auto& m : tokenizer.merges())
    CHECK(tokenizer.bytes(m.result).find('<') == std::string::npos);
  const auto plain = tokenizer.encode(text);
  for (const Token special : {end, question, twice})
    CHECK(std::count(plain.begin(), plain.end(), special) == 0);
  const auto special = tokenizer.encode_with_special(text);
  CHECK(std::count(special.begin(), special.end(), end) == 2);
  CHECK(std::count(special.begin(), special.end(), question) == 1);
  CHECK(tokenizer.encode_with_special("<son><son><son>") == Tokens{twice, end});
  CHECK(tokenizer.encode_with_special("<son").size() > 1);
  for (const auto& tokens : {plain, special}) CHECK(tokenizer.decode(tokens) == text);
  CHECK(tokenizer.piece(end) == "<son>");

  const Token added = tokenizer.add_special("<cevap>");
  CHECK(added == 320);
  CHECK(tokenizer.encode_with_special("<cevap>") == Tokens{added});
  CHECK(error_says([&] { tokenizer.add_special("<cevap>"); }, {"<cevap>"}));
  CHECK_THROWS_AS(tokenizer.add_special(""), Error);
  CHECK(error_says([&] { tokenizer.special("<yok>"); }, {"<yok>"}));
  CHECK(error_says(
      [&] { BytePairTokenizer::train(text, {.vocab_size = 256, .special_tokens = {"<son>"}}); },
      {"257"}));
  for (const Index size : {Index{0}, Index{-1}, std::numeric_limits<Index>::min()})
    CHECK(error_says([&] { BytePairTokenizer::train(text, {.vocab_size = size}); },
                     {std::to_string(size), "need 256"}));
  const TemporaryFile own("byte_pair_7.json");
  tokenizer.save(own.path);
  const auto again = BytePairTokenizer::load(own.path);
  CHECK(again.encode_with_special(text) == special);
  CHECK(again.special("<cevap>") == added);
}

TEST_CASE("of special tokens that begin alike the longest is taken", "[text]") {
  auto tokenizer = BytePairTokenizer::train("", {.vocab_size = 256});
  Random random(17);
  std::vector<std::string> special;
  while (special.size() < 40) {
    const std::string text = random_text(random, "<ab", 1 + random.below(6));
    if (std::find(special.begin(), special.end(), text) != special.end()) continue;
    special.push_back(text);
    tokenizer.add_special(text);
  }
  for (int n = 0; n < 300; ++n) {
    const std::string text = random_text(random, "<abc\xFF", 60);
    Tokens expected;
    for (std::size_t i = 0; i < text.size();) {
      std::string longest;
      for (const std::string& s : special)
        if (text.compare(i, s.size(), s) == 0 && s.size() > longest.size()) longest = s;
      expected.push_back(longest.empty() ? static_cast<unsigned char>(text[i])
                                         : tokenizer.special(longest));
      i += std::max<std::size_t>(longest.size(), 1);
    }
    CHECK(tokenizer.encode_with_special(text) == expected);
  }
}

TEST_CASE("thousands of special tokens are added and looked for without quadratic time", "[text]") {
  const std::clock_t start = std::clock();
  auto tokenizer = BytePairTokenizer::train("", {.vocab_size = 256});
  for (int i = 0; i < 20'000; ++i) tokenizer.add_special("<t" + std::to_string(i) + ">");
  CHECK(tokenizer.special("<t19999>") == 256 + 19999);
  CHECK(tokenizer.encode_with_special(std::string(1'000'000, '<')) == Tokens(1'000'000, '<'));
  CHECK(static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC < 5);  // each pair: minutes
}

TEST_CASE("of more different words than are remembered each is encoded as it is alone", "[text]") {
  const auto tokenizer = BytePairTokenizer::train(proverbs, {.vocab_size = 320});
  std::string text;
  Tokens expected;
  for (std::int64_t i = 0; i < 300'000; ++i) {
    const std::string word = " göl" + std::string(1, static_cast<char>('a' + i % 26)) + "\n" +
                             std::to_string(i * 7919 % 300'000);
    text += word;
    const Tokens tokens = tokenizer.encode(word);
    expected.insert(expected.end(), tokens.begin(), tokens.end());
  }
  CHECK(tokenizer.encode(text) == expected);
}

namespace {

// A text of characters at which tokenizers cut, or must not.
std::string random_words(Random& random, Index length) {
  const Pieces characters{"a", "b",  "ğ",      "1",      ".",  "'",      "’",      " ",  " ",
                          " ", "\n", "\u2003", "\u0306", "日", "\u00AD", "\u200D", "\r", "\t"};
  std::string text;
  for (; length > 0; --length) text += random.pick(characters);
  return text;
}

// The text in blocks of a few bytes.
void in_blocks(std::string_view text, Random& random, const ByteSink& sink) {
  for (std::size_t begin = 0, size; begin < text.size(); begin += size) {
    size = static_cast<std::size_t>(1 + random.below(9));
    sink(text.substr(begin, size));
  }
}

}  // namespace

TEST_CASE("the parts of a text have the words and tokens of the whole", "[text]") {
  Random random(19);
  for (int n = 0; n < 300; ++n) {
    const std::string text = random_words(random, 300);
    Pieces parts;
    detail::TextParts cut([&](std::string_view part) { parts.emplace_back(part); },
                          static_cast<std::size_t>(1 + n % 7));
    in_blocks(text, random, [&](std::string_view block) { cut.add(block); });
    cut.finish();
    CHECK(parts.size() > 3);
    for (const auto rule :
         {PreTokenization::turkish, PreTokenization::gpt2, PreTokenization::llama3,
          PreTokenization::qwen2, PreTokenization::smollm2}) {
      Pieces words;
      for (const std::string& part : parts)
        for (const auto word : pre_tokens(part, rule)) words.emplace_back(word);
      const auto whole = pre_tokens(text, rule);
      CHECK(words == Pieces(whole.begin(), whole.end()));
    }
    const auto characters = CharacterTokenizer::from_text(text);
    const auto word_tokenizer = WordTokenizer::from_text(text);
    Tokens of_characters, of_words;
    for (const std::string& part : parts) {
      for (const Token t : characters.encode(part)) of_characters.push_back(t);
      for (const Token t : word_tokenizer.encode(part)) of_words.push_back(t);
    }
    CHECK(of_characters == characters.encode(text));
    CHECK(of_words == word_tokenizer.encode(text));
    const std::size_t space = cut_between_words(text, 20, " ");
    Pieces both;
    for (const std::string& part : {text.substr(0, space), text.substr(space)})
      for (const auto word : pre_tokens(part, PreTokenization::metaspace)) both.emplace_back(word);
    const auto whole = pre_tokens(text, PreTokenization::metaspace);
    CHECK(both == Pieces(whole.begin(), whole.end()));
  }
}

TEST_CASE("a text that comes in blocks teaches what the whole teaches", "[text]") {
  Random random(23);
  std::string text;
  while (text.size() < 2'500'000) text += random_words(random, 500) + "<son>" + proverbs;
  for (const auto rule : {PreTokenization::turkish, PreTokenization::gpt2}) {
    const BytePairOptions options{
        .vocab_size = 1000, .pre_tokenization = rule, .special_tokens = {"<son>"}};
    const auto whole = BytePairTokenizer::train(text, options);
    const auto blocks = BytePairTokenizer::train(
        [&](const ByteSink& learn) { in_blocks(text, random, learn); }, options);
    REQUIRE(blocks.vocab_size() == whole.vocab_size());
    for (Token t = 0; t < whole.vocab_size(); ++t) CHECK(blocks.bytes(t) == whole.bytes(t));
    const auto same = [](const auto& a, const auto& b) {
      return a.left == b.left && a.right == b.right && a.result == b.result;
    };
    CHECK(std::equal(whole.merges().begin(), whole.merges().end(), blocks.merges().begin(),
                     blocks.merges().end(), same));
  }
  CHECK(error_says(
      [] { BytePairTokenizer::train([](const ByteSink&) {}, {.special_tokens = {"<a b>"}}); },
      {"<a b>", "white space"}));
}

TEST_CASE("of a text with too many different words the frequent ones are learned from", "[text]") {
  Random random(29);
  std::map<std::string, Index> truth;
  std::vector<std::string> text;
  for (int i = 0; i < 20'000; ++i) {
    text.push_back(fmt::format("once{}", i));
    if (i % 4 == 0) text.push_back(fmt::format("often{}", random.below(25)));
  }
  for (const std::string& word : text) ++truth[word];
  detail::FrequentWords few(1000), all(1'000'000);
  for (const std::string& word : text) few.add(word), all.add(word);

  std::size_t bytes = 0, often = 0;
  for (const auto& [word, count] : few.take()) {
    bytes += word.size();
    if (!word.starts_with("often")) continue;
    ++often;
    // A word is forgotten as long as it has come once, like the rare ones.
    CHECK((count <= truth[word] && count > truth[word] - 5));
  }
  CHECK(bytes <= 1000);
  CHECK(often == 25);
  CHECK((few.forgotten() > 0.75 && few.forgotten() < 0.9));  // 20,000 of 25,000 words
  const auto words = all.take();
  CHECK(std::map<std::string, Index>(words.begin(), words.end()) == truth);
  CHECK(all.forgotten() == 0);

  CHECK(error_says([] { BytePairTokenizer::train(std::string(40'000'000, 'a')); },
                   {"over half", "spaces"}));
}

TEST_CASE("tokenizers that encode in turns do not mix up their words", "[text]") {
  const auto first = BytePairTokenizer::train(proverbs, {.vocab_size = 270});
  auto second = BytePairTokenizer::train(proverbs, {.vocab_size = 400});
  const auto copy = second;
  second = first;
  Tokens expected_first, expected_copy;
  std::thread([&] { expected_first = first.encode(proverbs); }).join();
  std::thread([&] { expected_copy = copy.encode(proverbs); }).join();
  CHECK(expected_first != expected_copy);
  for (int i = 0; i < 2; ++i) {
    CHECK(first.encode(proverbs) == expected_first);
    CHECK(copy.encode(proverbs) == expected_copy);
    CHECK(second.encode(proverbs) == expected_first);
  }
  // Bytes of 0 at the end of a word are a part of it.
  const std::string zeros = std::string("a\0 a\0\0 a", 8);
  CHECK(first.decode(first.encode(zeros)) == zeros);
}

TEST_CASE("a long text is changed part by part before it is encoded as if it were the whole",
          "[text]") {
  BytePairParts parts;
  parts.rules = {.pre_tokenization = PreTokenization::qwen2, .nfc = true};
  parts.pieces = single_bytes(all_bytes());
  const BytePairTokenizer composes(parts);
  parts.rules = {.pre_tokenization = PreTokenization::metaspace};
  for (Token b = 0; b < 256; ++b) parts.byte_tokens.push_back(b);
  for (const char* piece : {"g", "ö", "l", " ", "gö", " gö"}) parts.pieces.push_back(piece);
  parts.merges = {{256, 257}, {259, 260}};
  const BytePairTokenizer plain(parts);
  parts.rules.space_in_front = SpaceInFront::every_part;
  const BytePairTokenizer with_space(parts);
  std::string line = " göl  göl▁göl\n göl gölgö";
  std::string text = line.substr(1), accents;
  Tokens expected = with_space.encode(text), bytes;
  for (int i = 0; i < 10'000; ++i) {
    text += line, accents += " go\u0308l\n";
    for (const Token t : plain.encode(line)) expected.push_back(t);
    for (const char c : std::string(" göl\n")) bytes.push_back(static_cast<unsigned char>(c));
  }
  CHECK(with_space.encode(text) == expected);
  CHECK(composes.encode(accents) == bytes);
}

TEST_CASE("a word of over a megabyte is encoded in pieces, and comes back", "[text]") {
  constexpr std::size_t piece = 1 << 20;
  const auto tokenizer = BytePairTokenizer::train("aa aa aa", {.vocab_size = 257});
  REQUIRE(tokenizer.merges().size() == 1);
  // A word of an odd length of its own: the a at the end of the first piece stays alone.
  const std::string text = "b" + std::string(2 * piece, 'a');
  const Tokens tokens = tokenizer.encode(text);
  CHECK(tokenizer.decode(tokens) == text);
  CHECK(std::count(tokens.begin(), tokens.end(), 'a') == 2);
}

TEST_CASE("suffixes stay apart from names, and training is the same every time", "[text]") {
  const auto tokenizer = BytePairTokenizer::train(proverbs + proverbs, {.vocab_size = 600});
  const auto pieces = pieces_of(tokenizer, tokenizer.encode(" Gençlerbirliği'nin 1923'te"));
  CHECK(pieces == Pieces{" Gençlerbirliği", "'nin", " 192", "3", "'te"});
  const auto again = BytePairTokenizer::train(proverbs + proverbs, {.vocab_size = 600});
  CHECK(again.vocab_size() == tokenizer.vocab_size());
  CHECK(again.vocab_size() < 600);  // no pair was left that occurs twice
  CHECK(again.encode(proverbs) == tokenizer.encode(proverbs));
  CHECK(BytePairTokenizer::train("").vocab_size() == 256);
  CHECK(BytePairTokenizer::train("ab").vocab_size() == 256);
  CHECK(tokenizer.piece(0xC4) == "\\xC4");
  CHECK(tokenizer.piece('a') == "a");
  CHECK(error_says([&] { tokenizer.decode(Tokens{600}); },
                   {"600", std::to_string(tokenizer.vocab_size() - 1)}));
  CHECK_THROWS_AS(tokenizer.bytes(-1), Error);
}

TEST_CASE("a megabyte without spaces is trained on and encoded without quadratic time", "[text]") {
  Random random(13);
  const auto seconds = [](auto call) {
    const auto start = std::clock();
    call();
    return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  };
  for (const std::string& text :
       {random_text(random, "abcçdefgğ", 1'000'000), std::string(1'000'000, 'a'),
        std::string(1'000'000, ' '), std::string(1'000'000, '\xC4'), std::string(1'000'000, '7')}) {
    Tokens tokens;
    auto tokenizer = BytePairTokenizer::train(proverbs);
    const double time = seconds([&] {
      tokenizer = BytePairTokenizer::train(text, {.vocab_size = 400});
      tokens = tokenizer.encode(text);
    });
    CHECK(time < 20);  // quadratic time would be hours
    CHECK(tokenizer.decode(tokens) == text);
  }
}

TEST_CASE("byte-pair files that are not what they should be are refused with their path",
          "[text]") {
  const TemporaryFile own("byte_pair_10.json"), vocab("vocab_10.json"), merges("merges_10.txt");
  const auto good =
      BytePairTokenizer::train(proverbs, {.vocab_size = 300, .special_tokens = {"<son>"}});
  good.save(own.path);
  const auto json = json_file(own.path);
  const auto refused = [&](auto change) {
    auto copy = json;
    change(copy);
    own.write(copy.dump());
    return error_says([&] { BytePairTokenizer::load(own.path); }, {own.path});
  };
  CHECK_FALSE(refused([](auto&) {}));
  CHECK(refused([](auto& j) { j["kind"] = "damla word tokenizer"; }));
  CHECK(refused([](auto& j) { j["pre_tokenization"] = "english"; }));
  CHECK(refused([](auto& j) { j.erase("merges"); }));
  CHECK(refused([](auto& j) { j["pieces"] = 3; }));
  CHECK(refused([](auto& j) { j["pieces"][7] = "ab"; }));  // the byte 7 is missing
  CHECK(refused([](auto& j) { j["pieces"][256] = ""; }));
  CHECK(refused([](auto& j) { j["pieces"][256] = "日"; }));  // stands for no byte
  CHECK(refused([](auto& j) { j["pieces"][256] = "a"; }));   // twice
  CHECK(refused([](auto& j) { j["merges"][0] = {0, 1}; }));  // gives no piece
  CHECK(refused([](auto& j) { j["merges"][1] = j["merges"][0]; }));
  CHECK(refused([](auto& j) { j["merges"][0] = {0, 300}; }));
  CHECK(refused([](auto& j) { j["merges"][0] = {-1, 0}; }));
  CHECK(refused([](auto& j) { j["merges"][0] = {1.5, 0}; }));
  CHECK(refused([](auto& j) { j["merges"][0] = {299, 0}; }));  // a special token
  CHECK(refused([](auto& j) { j["merges"][0] = {1}; }));
  CHECK(refused([](auto& j) { j["special_tokens"] = {300}; }));
  CHECK(refused([](auto& j) { j["special_tokens"] = "x"; }));
  own.write(json.dump().substr(0, 2000));
  CHECK(error_says([&] { BytePairTokenizer::load(own.path); }, {own.path}));
  CHECK(error_says([&] { good.save_gpt2(vocab.path, merges.path); }, {"turkish"}));

  const std::string gpt2_vocab = fixtures + "small_gpt2_vocab.json",
                    gpt2_merges = fixtures + "small_gpt2_merges.txt";
  const auto load = [&](const std::string& v, const std::string& m) {
    return [&] { BytePairTokenizer::load_gpt2(v, m); };
  };
  CHECK(error_says(load("/no such folder/v", gpt2_merges), {"/no such folder/v"}));
  CHECK(error_says(load(gpt2_vocab, "/no such folder/m"), {"/no such folder/m"}));
  for (const std::string bad :
       {"ab", "a m l", " a", "a ", "m \xFF", "a 日", "yok a", "z q", "l a"}) {
    merges.write("#version: 0.2\nl a\n" + bad + "\n");
    INFO(bad);
    CHECK(error_says(load(gpt2_vocab, merges.path), {merges.path, "line 3"}));
  }
  for (const std::string bad : {"", "[]", "{", "{\"a\": 0}", "{\"a\": 1}", "{\"a\": \"b\"}",
                                "{\"\": 0}", "{\"a\": 0, \"b\": 0}", "{\"a\": 1e99}"}) {
    vocab.write(bad);
    INFO(bad);
    CHECK(error_says(load(vocab.path, gpt2_merges), {vocab.path}));
  }
}

TEST_CASE("an empty special token is an error", "[text]") {
  CHECK(error_says(
      [] {
        BytePairTokenizer::train("damla", {.vocab_size = 260, .special_tokens = {""}})
            .encode("damla");
      },
      {"empty"}));
}
