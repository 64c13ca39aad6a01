#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "damla/core/scalar.hpp"

namespace damla::report {

/// The columns that a text takes on a terminal: wide letters take two, combining marks none.
Index text_width(std::string_view text);

/// Rows as aligned columns; the first row is the heading, underlined. Cells that look like numbers
/// stand to the right.
std::string text_table(const std::vector<std::vector<std::string>>& rows);

/// Whether colours may be used on the standard output: it is a terminal, and NO_COLOR is not set.
bool colours_wanted();

}  // namespace damla::report
