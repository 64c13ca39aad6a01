#include "report/text_table.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>

#ifdef _WIN32
#include <io.h>
#define DAMLA_ISATTY(file) _isatty(_fileno(file))
#else
#include <unistd.h>
#define DAMLA_ISATTY(file) isatty(fileno(file))
#endif

namespace damla::report {

Index text_width(std::string_view text) {
  Index width = 0;
  const auto* at = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  auto left = static_cast<utf8proc_ssize_t>(text.size());
  while (left > 0) {
    utf8proc_int32_t letter = 0;
    const utf8proc_ssize_t bytes = utf8proc_iterate(at, left, &letter);
    if (bytes <= 0) {
      ++width, ++at, --left;  // an invalid byte is shown as one replacement sign
      continue;
    }
    width += utf8proc_charwidth(letter);
    at += bytes, left -= bytes;
  }
  return width;
}

std::string text_table(const std::vector<std::vector<std::string>>& rows) {
  std::vector<Index> widths;
  for (const auto& row : rows)
    for (std::size_t c = 0; c < row.size(); ++c) {
      if (c == widths.size()) widths.push_back(0);
      widths[c] = std::max(widths[c], text_width(row[c]));
    }
  std::string result;
  const auto line = [&](const std::vector<std::string>& row) {
    std::string text;
    for (std::size_t c = 0; c < row.size(); ++c) {
      const std::string pad(static_cast<std::size_t>(widths[c] - text_width(row[c])), ' ');
      const bool number =
          !row[c].empty() && row[c].find_first_not_of("0123456789.,-+−%eE ×") == std::string::npos;
      text += (number ? pad + row[c] : row[c] + pad) + "  ";
    }
    text.erase(text.find_last_not_of(' ') + 1);
    result += text + "\n";
  };
  for (std::size_t r = 0; r < rows.size(); ++r) {
    line(rows[r]);
    if (r == 0) {
      std::vector<std::string> rule;
      for (const Index w : widths) {
        std::string dashes;
        for (Index i = 0; i < w; ++i) dashes += "─";
        rule.push_back(dashes);
      }
      line(rule);
    }
  }
  return result;
}

bool colours_wanted() {
  const char* no_color = std::getenv("NO_COLOR");
  return (no_color == nullptr || *no_color == '\0') && DAMLA_ISATTY(stdout) != 0;
}

}  // namespace damla::report
