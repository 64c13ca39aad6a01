#include "data/cells.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "damla/text/unicode.hpp"

namespace damla { inline namespace DAMLA_ABI { namespace detail {

namespace {
std::size_t digits_at(std::string_view text) {
  return std::min(text.find_first_not_of("0123456789"), text.size());
}

/// Takes a sign from the front, "-" or nothing; U+2212 is what word processors make of it.
std::string take_sign(std::string_view& text) {
  constexpr std::string_view minus = "\u2212";
  const bool negative = text.starts_with('-') || text.starts_with(minus);
  if (text.starts_with(minus)) text.remove_prefix(minus.size());
  else if (negative || text.starts_with('+')) text.remove_prefix(1);
  return negative ? "-" : "";
}
}  // namespace

std::string trimmed(std::string_view cell) {
  while (!cell.empty()) {
    const CodePoint first = next_code_point(cell, 0);
    if (!is_space(first.value)) break;
    cell.remove_prefix(first.length);
  }
  while (!cell.empty()) {
    std::size_t last = cell.size() - 1;
    while (last > 0 && (static_cast<unsigned char>(cell[last]) & 0xC0) == 0x80) --last;
    if (!is_space(next_code_point(cell, last).value)) break;
    cell.remove_suffix(cell.size() - last);
  }
  return std::string(cell);
}

std::string name_of(std::string_view cell) { return normalize(trimmed(cell)); }

std::string shown_cell(std::string_view cell) {
  std::string result;
  std::size_t at = 0;
  for (int n = 0; at < cell.size() && n < 40; ++n) {
    const CodePoint c = next_code_point(cell, at);
    result += c.value == '\n' ? " " : cell.substr(at, c.length);
    at += c.length;
  }
  return at < cell.size() ? result + "…" : result;
}

std::string list_of(const std::vector<std::string>& names) {
  constexpr std::size_t most = 12;
  std::string result;
  for (std::size_t i = 0; i < std::min(names.size(), most); ++i)
    result += (i > 0 ? ", " : "") + shown_cell(names[i]);
  return names.size() > most ? result + fmt::format(", … ({} in all)", names.size()) : result;
}

std::optional<std::string> plain_number(std::string_view text, char decimal) {
  const char thousands = decimal == '.' ? ',' : '.';
  std::string number = take_sign(text);

  const std::size_t whole = digits_at(text);
  std::size_t digits = whole;
  number += text.substr(0, whole);
  text.remove_prefix(whole);
  if (text.starts_with(thousands) &&
      (whole < 1 || whole > 3 || number[number.size() - whole] == '0'))
    return {};
  while (text.starts_with(thousands)) {
    if (digits_at(text.substr(1)) != 3) return {};
    number += text.substr(1, 3);
    text.remove_prefix(4);
  }
  if (text.starts_with(decimal)) {
    text.remove_prefix(1);
    const std::size_t fraction = digits_at(text);
    digits += fraction;
    number.append(".").append(text.substr(0, fraction));
    text.remove_prefix(fraction);
  }
  if (digits == 0) return {};
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    number.append("e").append(take_sign(text));
    const std::size_t exponent = digits_at(text);
    if (exponent == 0) return {};
    number += text.substr(0, exponent);
    text.remove_prefix(exponent);
  }
  return text.empty() ? std::optional(number) : std::nullopt;
}

}}}  // namespace damla::DAMLA_ABI::detail
