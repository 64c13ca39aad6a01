#include "damla/text/unicode.hpp"
#include "damla/core/error.hpp"
#include "damla/core/random.hpp"
#include "damla/text/read_text.hpp"
#include "helpers/catch.hpp"
#include "helpers/error_says.hpp"
#include "helpers/temporary_file.hpp"

#include <clocale>
#include <filesystem>

using namespace damla;

TEST_CASE("invalid UTF-8 is replaced as the Unicode Standard recommends, sequence by sequence",
          "[text]") {
  const std::string r = "\uFFFD";
  // The Unicode Standard 15, tables 3-8 to 3-11.
  CHECK(repair_utf8("\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41") == r + r + r + r + r + r + r + r + "A");
  CHECK(repair_utf8("\xED\xA0\x80\xED\xBF\xBF\xED\xAF\x41") == r + r + r + r + r + r + r + r + "A");
  CHECK(repair_utf8("\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42") ==
        r + r + r + r + r + "A" + r + r + "B");
  CHECK(repair_utf8("\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41") == r + r + r + r + "A");
}

TEST_CASE("valid UTF-8 is told from invalid at the borders of every length", "[text]") {
  for (const char* good : {"", "\x7F", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF",
                           "\xEE\x80\x80", "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"})
    CHECK(valid_utf8(good));
  for (const char* bad :
       {"\x80", "\xC1\xBF", "\xC3", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xEF\xBF", "\xF0\x8F\xBF\xBF",
        "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "a\xC4"})
    CHECK_FALSE(valid_utf8(bad));
  CHECK(valid_utf8(std::string_view("a\0b", 3)));
  CHECK(nfc(std::string_view("ş\0ç", 5)) == std::string("ş\0ç", 5));
}

TEST_CASE("every code point survives being written and read", "[text]") {
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    std::string text;
    append_utf8(text, c);
    const CodePoint read = next_code_point(text, 0);
    const bool surrogate = c >= 0xD800 && c <= 0xDFFF;
    if (!read.valid || read.length != text.size() || read.value != (surrogate ? 0xFFFD : c))
      FAIL("code point " << static_cast<std::uint32_t>(c));
  }
}

TEST_CASE("a text cut after any byte shows exactly its whole code points", "[text]") {
  const std::string text = "göl, ağaç €5 𝔸🎈";
  std::size_t whole = 0;
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    if (cut == text.size() || (text[cut] & 0xC0) != 0x80) whole = cut;
    CHECK(complete_utf8_prefix(std::string_view(text).substr(0, cut)) == whole);
  }
  // What can never become a code point is not waited for.
  for (const char* bad :
       {"a\xFF", "a\x80", "a\xC0", "\xE0\x80", "\xED\xA0", "\xF5\x80", "\x80\x80\x80\x80"})
    CHECK(complete_utf8_prefix(bad) == std::string_view(bad).size());
}

TEST_CASE("letters are composed", "[text]") {
  CHECK(nfc("g\u0306o\u0308l") == "ğöl");
  CHECK(nfc("I\u0307zmir") == "İzmir");
  CHECK(nfc("s\u0327") == "ş");
  CHECK(nfc("ok\xFF") == "ok\uFFFD");
  CHECK(nfc("") == "");
  CHECK(normalize("\uFEFFgöl") == "göl");
  CHECK(nfc("\uFEFFgöl") == "\uFEFFgöl");
}

TEST_CASE("what nobody sees is no part of a normalised text", "[text]") {
  for (const char* seen :
       {"gen\u00ADçler", "gen\u200Bçler", "gen\u2060çler", "\u200Egençler\u200F", "gen\u200Dçler",
        "genç\u200C\u00ADler", "\u202Agençler\u202C", "genc\u00AD\u0327ler", "gençler\u200D"})
    CHECK(normalize(seen) == "gençler");
  CHECK(normalize("\u200D\u200Bgel") == "gel");
  // Where other rules than the Turkish made small letters of İ.
  CHECK(normalize("i\u0307zmi\u0307r İZMİR I\u0307") == "izmir İZMİR İ");
  CHECK(normalize("i\u0307\u0301") == "í");
  CHECK(to_lower("i\u0307yi") == "iyi");
  CHECK(to_upper("i\u0307yi") == "İYİ");
  for (const char* kept : {"👨‍👩‍👧", "🇹🇷", "👍🏽", "❤\uFE0F\u200D🔥",
                           "1\uFE0F\u20E3", "\u200D", "a\u0323\u0307"})
    CHECK(normalize(kept) == nfc(kept));
  const std::string dots = [] {
    std::string text;
    for (int i = 0; i < 300'000; ++i) text += "i\u0307\u00AD";
    return text;
  }();
  CHECK(normalize(dots) == std::string(300'000, 'i'));
}

TEST_CASE("a long text is composed across the pieces in which it is worked on", "[text]") {
  // Whatever the length of what stands before, accents find their letters.
  std::string accents, composed;
  for (int i = 0; i < 1500; ++i) {
    const std::string filler(static_cast<std::size_t>(i % 7), i % 2 ? 'x' : ' ');
    accents += filler + "g\u0306u\u0308’", composed += filler + "ğü’";
    if (i % 300 == 0) CHECK(nfc(accents) == composed);
  }
  CHECK(nfc(accents) == composed);
  CHECK(to_lower(accents) == composed);
}

TEST_CASE("a symbol ends where people see another", "[text]") {
  for (const std::string symbol : {"👨‍👩‍👧", "🇹🇷", "👍🏽", "❤\uFE0F\u200D🔥", "!",
                                   "!\u0323", "🏴\U000E0067\U000E007F"})
    for (const char* next : {"", "a", "5", " ", "🇹🇷", "👍", "."})
      CHECK(symbol_end(symbol + next, 0) == symbol.size());
}

TEST_CASE("capital and small letters follow the rule of Turkish, whatever the locale", "[text]") {
  const std::string small = "abcçdefgğhıijklmnoöprsştuüvyz âîû",
                    capital = "ABCÇDEFGĞHIİJKLMNOÖPRSŞTUÜVYZ ÂÎÛ";
  for (const char* locale : {"C", "tr_TR.UTF-8"}) {
    std::setlocale(LC_ALL, locale);  // stays as it was where the machine has no Turkish locale
    CHECK(to_lower(capital) == small);
    CHECK(to_upper(small) == capital);
    CHECK(to_lower("IŞIK, İZMİR") == "ışık, izmir");
    CHECK(to_lower("I\u0307ZMI\u0307R") == "izmir");
    CHECK(to_upper("diyarbakırlı") == "DİYARBAKIRLI");
    CHECK(to_lower("J\u030C") == "\u01F0");
    CHECK(to_lower("ΑΒΓ ДЕ") == "αβγ де");
  }
  std::setlocale(LC_ALL, "C");
}

TEST_CASE("characters know their kind", "[text]") {
  for (const char32_t c : U"aZıİğ語αʰª") CHECK((is_letter(c) || c == 0));
  for (const char32_t c : {U'0', U'9', U'٣', U'½', U'Ⅳ', U'²'})
    CHECK((is_digit(c) && !is_letter(c)));
  for (const char32_t c : {U'\u0306', U'\u0301', U'\u20DD', U'\u0903'})
    CHECK((is_mark(c) && !is_letter(c)));
  for (const char32_t c : {U' ', U'\t', U'\n', U'\u0085', U'\u00A0', U'\u2003', U'\u3000'})
    CHECK(is_space(c));
  for (const char32_t c :
       {U'_', U'\u200B', U'\uFEFF', U'\x1C', U'\0', U'@', U'[', U'`', U'{', U'€', U'🎈'})
    CHECK_FALSE((is_letter(c) || is_digit(c) || is_mark(c) || is_space(c)));
  CHECK((is_apostrophe(U'\'') && is_apostrophe(U'’') && !is_apostrophe(U'"')));
}

TEST_CASE("random bytes: repairing gives valid UTF-8 once and for all, and pieces join to the text",
          "[text]") {
  Random random(7);
  for (int n = 0; n < 3000; ++n) {
    std::string bytes;
    for (Index i = random.below(24); i > 0; --i) {
      const char interesting[] =
          "\x00\x41\x7F\x80\x8F\x90\x9F\xA0\xBF\xC0\xC3\xCC\xE0\xE2\xED\xEF\xF0\xF4\xF5\xFF";
      bytes += interesting[random.below(20)];
    }
    const std::string repaired = repair_utf8(bytes);
    CHECK(valid_utf8(repaired));
    CHECK(repair_utf8(repaired) == repaired);
    if (valid_utf8(bytes)) CHECK(repaired == bytes);
    CHECK(nfc(nfc(bytes)) == nfc(bytes));
    CHECK(to_lower(to_lower(bytes)) == to_lower(bytes));
    std::string joined;
    for (const auto piece : code_points(bytes)) joined += piece;
    CHECK(joined == bytes);
  }
}

TEST_CASE("a text file is read whole, and what is wrong with it is said with path and line",
          "[text]") {
  const TemporaryFile file("read_text.txt");
  const std::string& path = file.path;
  const auto write = [&](std::string_view bytes) { file.write(bytes); };
  write("\xEF\xBB\xBFgöl\r\nsu\r\r\n\r");  // line ends of Windows; a \r alone is the text's
  CHECK(read_text(path) == "göl\nsu\r\n\r");
  write("");
  CHECK(read_text(path).empty());
  write("bir\niki\nG\xFCzel");  // ü in Windows-1254
  CHECK(error_says([&] { read_text(path); }, {path, "line 3", "0xFC", "1254"}));
  write(std::string_view("\xFF\xFEg\0", 4));
  CHECK(error_says([&] { read_text(path); }, {path, "UTF-16"}));
  write(std::string_view("i\0\r\0\n\0k\0", 8));  // UTF-16 without its mark
  CHECK(error_says([&] { read_text(path); }, {path, "line 1", "UTF-16"}));
  std::remove(path.c_str());
  CHECK(error_says([&] { read_text(path); }, {path}));
  CHECK_THROWS_AS(read_text(std::filesystem::temp_directory_path().string()), Error);
}

TEST_CASE("a text file that comes in blocks is the file", "[text]") {
  const TemporaryFile file("read_blocks.txt");
  const auto blocks = [&] {
    std::string text;
    read_text(file.path, [&](std::string_view block) {
      CHECK(valid_utf8(block));
      text += block;
    });
    return text;
  };
  // Files are read by 65,536 bytes: what goes on behind them is a line end, a \r alone, a letter.
  const std::string most(65'535, 'a');
  for (const std::string next : {"\r\ng", "\r\rg", "ğ", "€", "\r"}) {
    file.write(most + next);
    const std::string text = next == "\r\ng" ? most + "\ng" : most + next;
    CHECK(blocks() == text);
    CHECK(read_text(file.path) == text);
  }
  file.write(most.substr(1) + "\n\ng\xFC");
  CHECK(error_says(blocks, {file.path, "line 3", "0xFC"}));
  file.write(most + "\xC4");
  CHECK(error_says(blocks, {file.path, "line 1", "0xC4"}));
}

TEST_CASE("what is seen, and what small letters are, follows one code point after the other",
          "[text]") {
  // As `normalize` says, without its short cuts.
  const auto seen = [](const std::u32string& text) {
    std::string result;
    char32_t last = 0;
    for (const char32_t c : text) {
      const auto joiner = [](char32_t j) { return j == 0x200C || j == 0x200D; };
      if (c == 0xAD || c == 0x200B || (c == 0x307 && (last == U'i' || last == U'İ'))) continue;
      if (joiner(c) && is_letter(last)) continue;
      if (joiner(last) && is_letter(c))
        while (result.ends_with("\u200C") || result.ends_with("\u200D"))
          result.resize(result.size() - 3);
      append_utf8(result, last = c);
    }
    return nfc(result);
  };
  const std::vector<char32_t> alphabet{U'a', U'i',   U'I',   U'İ',  U'ş',    U'Ş',   U' ',
                                       U'1', U'×',   U'ÿ',   0xAD,  0x300,   0x307,  0x200B,
                                       U'’', 0x200C, 0x200D, U'日', 0x1F388, 0x1E9E, 0x1C5};
  Random random(29);
  for (int n = 0; n < 3000; ++n) {
    std::u32string text;
    for (Index i = random.below(12); i > 0; --i) text += random.pick(alphabet);
    std::string bytes, small;
    for (const char32_t c : text) append_utf8(bytes, c);
    CHECK(normalize(bytes) == seen(text));
    if (text.find(char32_t{0x307}) != text.npos) continue;
    const std::string composed = nfc(bytes);
    for (const auto c : code_points(composed)) small += to_lower(c);
    CHECK(to_lower(bytes) == nfc(small));
  }
}
