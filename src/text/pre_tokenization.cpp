#include "damla/text/pre_tokenization.hpp"

#include <algorithm>
#include <array>

#include "damla/text/unicode.hpp"

namespace damla { inline namespace DAMLA_ABI {
namespace {

enum class Kind : unsigned char { letter, digit, mark, space, other };

Kind kind_of(char32_t c) {
  if (is_letter(c)) return Kind::letter;
  if (is_digit(c)) return Kind::digit;
  if (is_space(c)) return Kind::space;
  return is_mark(c) ? Kind::mark : Kind::other;
}

struct Piece {
  Kind kind;
  std::size_t length;
};

Piece at(std::string_view text, std::size_t i) {
  // All that UTF-8 writes with two bytes: the alphabets of Europe and the Near East.
  static const auto kinds = [] {
    std::array<Kind, 0x800> table;
    for (std::size_t c = 0; c < table.size(); ++c) table[c] = kind_of(static_cast<char32_t>(c));
    return table;
  }();
  const CodePoint c = next_code_point(text, i);
  return {c.value < kinds.size() ? kinds[c.value] : kind_of(c.value), c.length};
}

Kind kind_before(std::string_view text, std::size_t end) {
  std::size_t i = end;
  while (i > 0 && end - i < 4)
    if ((static_cast<unsigned char>(text[--i]) & 0xC0) != 0x80) break;
  if (i == end) return Kind::other;
  const Piece piece = at(text, i);
  return i + piece.length == end ? piece.kind : Kind::other;
}

template <class Belongs>
std::size_t run(std::string_view text, std::size_t i, Belongs belongs) {
  while (i < text.size()) {
    const Piece piece = at(text, i);
    if (!belongs(piece.kind)) break;
    i += piece.length;
  }
  return i;
}

bool letter(Kind k) { return k == Kind::letter; }
bool letter_or_mark(Kind k) { return k == Kind::letter || k == Kind::mark; }
bool symbol_or_mark(Kind k) { return k == Kind::other || k == Kind::mark; }

// The end of an English contraction ('s, 're, …) that begins here, or `begin`; in capitals too,
// with the long ſ as Unicode's capital S, where `any_case`.
std::size_t contraction_end(std::string_view text, std::size_t begin, bool any_case = false) {
  for (const std::string_view c : {"s", "t", "re", "ve", "m", "ll", "d"}) {
    const std::string_view here = text.substr(begin + 1, c.size());
    const auto same = [&](char letter, char expected) {
      return letter == expected || (any_case && letter == expected - 'a' + 'A');
    };
    if (std::equal(here.begin(), here.end(), c.begin(), c.end(), same)) return begin + 1 + c.size();
  }
  if (any_case && text.substr(begin + 1).starts_with("ſ")) return begin + 3;
  return begin;
}

// The end of a Turkish suffix ('nin, ’da) that begins here, or `begin`.
std::size_t suffix_end(std::string_view text, std::size_t begin) {
  const CodePoint c = next_code_point(text, begin);
  const std::size_t next = begin + c.length;
  if (!is_apostrophe(c.value) || next == text.size() || at(text, next).kind != Kind::letter)
    return begin;
  const Kind before = kind_before(text, begin);
  return letter_or_mark(before) || before == Kind::digit ? run(text, next, letter_or_mark) : begin;
}

std::size_t digits_end(std::string_view text, std::size_t begin, std::size_t most) {
  return run(text, begin, [&](Kind k) { return k == Kind::digit && most-- > 0; });
}

// White space: all of it at the end of the text; before a word, all but the last, which may belong
// to the word.
std::size_t space_end(std::string_view text, std::size_t begin, bool all_before_digits = false) {
  std::size_t last = begin, end = begin;
  run(text, begin, [&](Kind k) {
    if (k != Kind::space) return false;
    last = end;
    end += at(text, end).length;
    return true;
  });
  if (end == text.size() || (all_before_digits && at(text, end).kind == Kind::digit)) return end;
  return last == begin ? end : last;
}

// Llama 3's rule, with so many digits together.
std::size_t llama_end(std::string_view text, std::size_t begin, std::size_t digits) {
  const auto line_end = [&](std::size_t i) { return text[i] == '\r' || text[i] == '\n'; };
  if (text[begin] == '\'')
    if (const std::size_t end = contraction_end(text, begin, true); end > begin) return end;
  const Piece first = at(text, begin);
  if (first.kind == Kind::letter) return run(text, begin, letter);
  if (first.kind == Kind::digit) return digits_end(text, begin, digits);
  const std::size_t second = begin + first.length;
  if (!line_end(begin) && second < text.size() && at(text, second).kind == Kind::letter)
    return run(text, second, letter);
  std::size_t end = run(text, begin + (text[begin] == ' '), symbol_or_mark);
  if (end > begin + (text[begin] == ' ')) {
    while (end < text.size() && line_end(end)) ++end;
    return end;
  }
  end = run(text, begin, [](Kind k) { return k == Kind::space; });
  const std::size_t last_line_end = text.substr(begin, end - begin).find_last_of("\r\n");
  return last_line_end != text.npos ? begin + last_line_end + 1 : space_end(text, begin);
}

}  // namespace

std::size_t pre_token_end(std::string_view text, std::size_t begin, PreTokenization rule) {
  using enum PreTokenization;
  if (rule == llama3) return llama_end(text, begin, 3);
  if (rule == qwen2) return llama_end(text, begin, 1);
  if (rule == metaspace)
    return std::min(text.find(' ', std::min(text.find_first_not_of(' ', begin), text.size())),
                    text.size());
  if (text[begin] == '\'' || (rule == turkish && text[begin] == '\xE2')) {
    const std::size_t end =
        rule == turkish ? suffix_end(text, begin) : contraction_end(text, begin);
    if (end > begin) return end;
  }
  const std::size_t word = begin + (text[begin] == ' ');
  if (word < text.size()) {
    const Piece first = at(text, word);
    if (first.kind == Kind::letter)
      return run(text, word, rule == turkish ? letter_or_mark : letter);
    if (first.kind == Kind::digit && rule == smollm2)
      return word > begin ? word : word + first.length;
    if (first.kind == Kind::digit) return digits_end(text, word, rule == turkish ? 3 : text.size());
    if (first.kind != Kind::space) return run(text, word, symbol_or_mark);
  }
  return space_end(text, begin, rule == smollm2);
}

std::size_t cut_between_words(std::string_view text, std::size_t from, std::string_view blanks) {
  while ((from = text.find_first_of(blanks, from)) != text.npos) {
    const Kind before = kind_before(text, from);
    if (before == Kind::letter || before == Kind::digit) return from;
    ++from;
  }
  return text.size();
}

std::vector<std::string_view> pre_tokens(std::string_view text, PreTokenization rule) {
  std::vector<std::string_view> result;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = pre_token_end(text, begin, rule);
    result.push_back(text.substr(begin, end - begin));
    begin = end;
  }
  return result;
}

}}  // namespace damla::DAMLA_ABI
