#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace damla { inline namespace DAMLA_ABI { namespace detail {

/// Without the white space around it, of any kind: Excel puts no-break spaces around numbers.
std::string trimmed(std::string_view cell);

/// A name of a column or class as it is compared.
std::string name_of(std::string_view cell);

/// For messages: a cell's beginning, on one line, and the first of many names.
std::string shown_cell(std::string_view cell);
std::string list_of(const std::vector<std::string>& names);

/// A number as spreadsheets of any country write it, as C++ writes it, when `decimal` ('.' or ',')
/// stands before its fraction and the other of the two may stand between thousands:
///
///     plain_number("1.234,5", ',')   // "1234.5"
///     plain_number("1.234,5", '.')   // none: that is no number with a decimal point
///     plain_number("1.234", ',')     // "1234"; with '.', "1.234": the text alone does not tell
std::optional<std::string> plain_number(std::string_view text, char decimal);

}}}  // namespace damla::DAMLA_ABI::detail
