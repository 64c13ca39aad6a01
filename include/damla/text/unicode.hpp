#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "damla/core/scalar.hpp"

/// UTF-8, and the letters of Turkish. Nothing here asks the C locale.
namespace damla { inline namespace DAMLA_ABI {

/// One step through UTF-8 text.
struct CodePoint {
  char32_t value;      ///< U+FFFD where the bytes are not valid
  std::size_t length;  ///< in bytes
  bool valid;
};

/// The code point that begins at byte `position` (< text.size()). Where the bytes are not UTF-8
/// (overlong forms, lone surrogates, values above U+10FFFF, cut sequences), `length` covers what
/// Unicode calls the maximal subpart of a sequence: 1–3 bytes that count as one error (The Unicode
/// Standard, section 3.9).
inline CodePoint next_code_point(std::string_view text, std::size_t position);

/// Appends the UTF-8 bytes of a code point; U+FFFD for a surrogate or a value above U+10FFFF.
void append_utf8(std::string& text, char32_t code_point);

/// The text cut into its code points: "göl" → "g", "ö", "l". Invalid bytes are pieces too: nothing
/// is lost.
std::vector<std::string_view> code_points(std::string_view text);

bool valid_utf8(std::string_view text);

/// The text with each invalid sequence of bytes replaced by one U+FFFD (�).
std::string repair_utf8(std::string_view text);

/// How many bytes at the front can be shown now: all but the beginning of a code point at the very
/// end, which more bytes may complete. For text that arrives piece by piece: "g\xC3" → 1,
/// "g\xC3\xB6" → 3. Bytes that can never become valid count as shown (see repair_utf8).
std::size_t complete_utf8_prefix(std::string_view bytes);

/// Normalisation form C, after repair_utf8: "g" followed by a combining breve becomes the one code
/// point "ğ".
std::string nfc(std::string_view text);

/// What the character and word tokenizers read: nfc, without what nobody sees and other programs
/// leave behind: a byte order mark (U+FEFF) at the front, soft hyphens, spaces without width, marks
/// for the direction of writing, joiners beside letters (those within an emoji stay), the second
/// dot of i followed by U+0307. "gen\u00ADçler" → "gençler".
std::string normalize(std::string_view text);

/// Where the symbol that begins at byte `position` ends, with all that people see as one with it:
/// an emoji's colour of skin, a flag's second letter, a family's children (grapheme clusters:
/// Unicode Standard Annex 29). Never within a word.
std::size_t symbol_end(std::string_view text, std::size_t position);

/// Small letters by the rule of Turkish (I → ı, İ → i), after nfc: "IŞIK, İZMİR" → "ışık, izmir".
/// i followed by U+0307, which is İ in small letters by other rules, becomes i.
std::string to_lower(std::string_view text);

/// Capital letters by the rule of Turkish (ı → I, i → İ), after nfc: "ışık, izmir" → "IŞIK, İZMİR".
std::string to_upper(std::string_view text);

bool is_letter(char32_t c);  ///< categories L*
bool is_digit(char32_t c);   ///< categories N*: ½ and Ⅳ too
bool is_mark(char32_t c);    ///< categories M*: accents that follow their letter
bool is_space(char32_t c);   ///< Unicode's White_Space

namespace detail {
CodePoint next_long_code_point(std::string_view text, std::size_t position);  // not ASCII
}

inline CodePoint next_code_point(std::string_view text, std::size_t position) {
  const auto first = static_cast<unsigned char>(text[position]);
  return first < 0x80 ? CodePoint{first, 1, true} : detail::next_long_code_point(text, position);
}

/// U+0027 ' or U+2019 ’, which stand before the suffix of a Turkish proper name.
inline bool is_apostrophe(char32_t c) { return c == U'\'' || c == U'\u2019'; }

}}  // namespace damla::DAMLA_ABI
