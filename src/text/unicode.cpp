#include "damla/text/unicode.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>

#include "damla/core/error.hpp"

namespace damla { inline namespace DAMLA_ABI {
namespace {

unsigned byte_at(std::string_view text, std::size_t i) {
  return static_cast<unsigned char>(text[i]);
}

// Bytes that a sequence with this first byte has; 0 when none begins so.
std::size_t sequence_length(unsigned lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return 2;
  if (lead >= 0xE0 && lead <= 0xEF) return 3;
  if (lead >= 0xF0 && lead <= 0xF4) return 4;
  return 0;
}

// The letters of Turkish and its neighbours, and what ASCII has: what most of a text consists of is
// looked up in tables. Two letters below it never become one.
constexpr char32_t first_accent = 0x300;

unsigned category_bit(char32_t c) {
  const auto category = [](char32_t any) {
    return 1u << utf8proc_category(static_cast<utf8proc_int32_t>(any));
  };
  static const auto table = [&] {
    std::array<unsigned, first_accent> bits;
    for (char32_t i = 0; i < first_accent; ++i) bits[i] = category(i);
    return bits;
  }();
  return c < first_accent ? table[c] : category(c);
}

constexpr unsigned letters = 1u << UTF8PROC_CATEGORY_LU | 1u << UTF8PROC_CATEGORY_LL |
                             1u << UTF8PROC_CATEGORY_LT | 1u << UTF8PROC_CATEGORY_LM |
                             1u << UTF8PROC_CATEGORY_LO;
constexpr unsigned digits =
    1u << UTF8PROC_CATEGORY_ND | 1u << UTF8PROC_CATEGORY_NL | 1u << UTF8PROC_CATEGORY_NO;
constexpr unsigned marks =
    1u << UTF8PROC_CATEGORY_MN | 1u << UTF8PROC_CATEGORY_MC | 1u << UTF8PROC_CATEGORY_ME;

// Hyphens that show only at the end of a line, spaces without width, and marks for the direction of
// writing.
bool is_invisible(char32_t c) {
  return c == 0xAD || c == 0x61C || c == 0x200B || c == 0x200E || c == 0x200F ||
         (c >= 0x202A && c <= 0x202E) || c == 0x2060 || (c >= 0x2066 && c <= 0x2069);
}

bool is_joiner(char32_t c) { return c == 0x200C || c == 0x200D; }

// The small letter of İ in the names of a Mac's files and in other rules than that of Turkish: i
// and a dot above it.
bool is_second_dot(char32_t last, char32_t c) {
  return c == 0x307 && (last == U'i' || last == U'İ');
}

// Where the letters and signs below U+0300 end that are seen and stay what they are.
std::size_t plain_end(std::string_view text, std::size_t i) {
  while (i < text.size()) {
    const CodePoint c = next_code_point(text, i);
    if (c.value >= first_accent || c.value == 0xAD) break;
    i += c.length;
  }
  return i;
}

// The code points that people see. A joiner makes one picture of two emoji; beside a letter it
// shows nothing.
std::string visible(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  char32_t last = 0;
  for (std::size_t i = 0; i < text.size();) {
    const CodePoint c = next_code_point(text, i);
    i += c.length;
    if (is_invisible(c.value) || is_second_dot(last, c.value)) continue;
    if (is_joiner(c.value) && is_letter(last)) continue;
    if (is_joiner(last) && is_letter(c.value))
      while (result.ends_with("\u200C") || result.ends_with("\u200D"))
        result.resize(result.size() - 3);
    append_utf8(result, last = c.value);
    if (is_joiner(last)) continue;
    const std::size_t end = plain_end(text, i);
    if (end == i) continue;
    result += text.substr(i, end - i);
    last = next_code_point(text, end - (byte_at(text, end - 1) < 0x80 ? 1 : 2)).value;
    i = end;
  }
  return result;
}

// No code point below U+0300, whose first byte is 0xCC, composes with the one before it.
bool may_compose(std::string_view valid) {
  return std::any_of(valid.begin(), valid.end(),
                     [](char c) { return static_cast<unsigned char>(c) >= 0xCC; });
}

// Normalisation form C of valid UTF-8, a piece at a time: utf8proc needs many bytes for one.
std::string compose(std::string valid) {
  if (!may_compose(valid)) return valid;
  std::string result;
  result.reserve(valid.size());
  for (std::size_t begin = 0, end; begin < valid.size(); begin = end) {
    end = std::min(begin + 1024, valid.size());
    while (end < valid.size() && byte_at(valid, end) >= 0x80) ++end;
    const std::string_view piece = std::string_view(valid).substr(begin, end - begin);
    if (!may_compose(piece)) {
      result += piece;
      continue;
    }
    utf8proc_uint8_t* composed = nullptr;
    const auto length =
        utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(piece.data()),
                     static_cast<utf8proc_ssize_t>(piece.size()), &composed,
                     static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
    if (length < 0) throw Error(std::string("nfc: ") + utf8proc_errmsg(length));
    const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(composed, &std::free);
    result.append(reinterpret_cast<const char*>(composed), static_cast<std::size_t>(length));
  }
  return result;
}

template <class Change>
std::string change_each(std::string_view text, Change change) {
  static const auto table = [&] {
    std::array<char32_t, first_accent> changed;
    for (char32_t c = 0; c < first_accent; ++c) changed[c] = change(c);
    return changed;
  }();
  std::string source;
  if (plain_end(text, 0) < text.size()) text = source = nfc(text);
  std::string result;
  result.reserve(text.size());
  char32_t last = 0;
  std::size_t begin = 0;  // of what stays the same
  for (std::size_t i = 0; i < text.size();) {
    const CodePoint c = next_code_point(text, i);
    const char32_t now = c.value < first_accent ? table[c.value] : change(c.value);
    const bool dot = is_second_dot(last, c.value);
    if (!dot) last = c.value;
    if (dot || now != c.value) {
      result += text.substr(begin, i - begin);
      if (!dot) append_utf8(result, now);
      begin = i + c.length;
    }
    i += c.length;
  }
  result += text.substr(begin);
  // A small letter may compose with its accent where the capital does not: J̌, ǰ.
  return plain_end(result, 0) < result.size() ? nfc(result) : result;
}

}  // namespace

CodePoint detail::next_long_code_point(std::string_view text, std::size_t position) {
  const unsigned lead = byte_at(text, position);
  const std::size_t length = sequence_length(lead);
  if (length == 0) return {0xFFFD, 1, false};
  char32_t value = lead & (0xFFu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if (position + i == text.size()) return {0xFFFD, i, false};
    const unsigned next = byte_at(text, position + i);
    // The second byte's range excludes overlong forms, surrogates and what lies above U+10FFFF.
    const unsigned low = i > 1 ? 0x80 : lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    const unsigned high = i > 1 ? 0xBF : lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (next < low || next > high) return {0xFFFD, i, false};
    value = value << 6 | (next & 0x3F);
  }
  return {value, length, true};
}

void append_utf8(std::string& text, char32_t c) {
  if ((c >= 0xD800 && c <= 0xDFFF) || c > 0x10FFFF) c = 0xFFFD;
  const auto put = [&](char32_t byte) {
    text += static_cast<char>(static_cast<unsigned char>(byte));
  };
  if (c < 0x80) return put(c);
  if (c < 0x800) return put(0xC0 | c >> 6), put(0x80 | (c & 0x3F));
  if (c < 0x10000) return put(0xE0 | c >> 12), put(0x80 | (c >> 6 & 0x3F)), put(0x80 | (c & 0x3F));
  put(0xF0 | c >> 18), put(0x80 | (c >> 12 & 0x3F)), put(0x80 | (c >> 6 & 0x3F)),
      put(0x80 | (c & 0x3F));
}

std::vector<std::string_view> code_points(std::string_view text) {
  std::vector<std::string_view> result;
  for (std::size_t i = 0; i < text.size(); i += result.back().size())
    result.push_back(text.substr(i, next_code_point(text, i).length));
  return result;
}

bool valid_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const CodePoint c = next_code_point(text, i);
    if (!c.valid) return false;
    i += c.length;
  }
  return true;
}

std::string repair_utf8(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const CodePoint c = next_code_point(text, i);
    append_utf8(result, c.value);
    i += c.length;
  }
  return result;
}

std::size_t complete_utf8_prefix(std::string_view bytes) {
  const std::size_t n = bytes.size();
  for (std::size_t back = 1; back <= 3 && back <= n; ++back) {
    const unsigned lead = byte_at(bytes, n - back);
    if ((lead & 0xC0) == 0x80) continue;  // a later byte of a sequence: its first lies before
    const CodePoint c = next_code_point(bytes, n - back);
    const bool cut = !c.valid && c.length == back && sequence_length(lead) > back;
    return cut ? n - back : n;
  }
  return n;
}

std::string nfc(std::string_view text) {
  return plain_end(text, 0) == text.size() ? std::string(text) : compose(repair_utf8(text));
}

std::string normalize(std::string_view text) {
  if (text.starts_with("\uFEFF")) text.remove_prefix(3);
  return plain_end(text, 0) == text.size() ? std::string(text) : compose(visible(text));
}

std::size_t symbol_end(std::string_view text, std::size_t position) {
  utf8proc_int32_t state = 0;
  CodePoint before = next_code_point(text, position);
  for (position += before.length; position < text.size(); position += before.length) {
    const CodePoint c = next_code_point(text, position);
    if (is_letter(c.value) || is_digit(c.value) || is_space(c.value) ||
        utf8proc_grapheme_break_stateful(static_cast<utf8proc_int32_t>(before.value),
                                         static_cast<utf8proc_int32_t>(c.value), &state))
      break;
    before = c;
  }
  return position;
}

std::string to_lower(std::string_view text) {
  return change_each(text, [](char32_t c) -> char32_t {
    if (c == U'I') return U'ı';
    if (c == U'İ') return U'i';
    return static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(c)));
  });
}

std::string to_upper(std::string_view text) {
  return change_each(text, [](char32_t c) -> char32_t {
    if (c == U'i') return U'İ';
    if (c == U'ı') return U'I';
    return static_cast<char32_t>(utf8proc_toupper(static_cast<utf8proc_int32_t>(c)));
  });
}

bool is_letter(char32_t c) {
  if (c < 0x80) return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
  return category_bit(c) & letters;
}

bool is_digit(char32_t c) {
  if (c < 0x80) return c >= '0' && c <= '9';
  return category_bit(c) & digits;
}

bool is_mark(char32_t c) { return c >= 0x300 && (category_bit(c) & marks); }

bool is_space(char32_t c) {
  if (c < 0x80) return c == ' ' || (c >= '\t' && c <= '\r');
  return c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 ||
         c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

}}  // namespace damla::DAMLA_ABI
