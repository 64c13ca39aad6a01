#include "damla/core/format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace damla { inline namespace DAMLA_ABI {

namespace {
/// Which of n rows or columns are shown; -1 stands for those left out.
std::vector<Index> shown(Index n) {
  if (n > 8) return {0, 1, 2, -1, n - 3, n - 2, n - 1};
  std::vector<Index> all;
  for (Index i = 0; i < n; ++i) all.push_back(i);
  return all;
}
}  // namespace

std::string matrix_text(ConstView m) {
  const std::vector<Index> rows = shown(m.height()), cols = shown(m.width());
  std::string text = fmt::format("{}×{}", m.height(), m.width());
  if (cols.empty()) return text;
  const auto number = [&](Index r, Index c) -> std::string {
    if (r < 0 || c < 0) return "…";
    return fmt::format("{:.4g}", m.transposed ? m.row(c)[r] : m.row(r)[c]);
  };
  std::vector<std::size_t> widths;
  for (const Index c : cols) {
    std::size_t width = 1;
    for (const Index r : rows)
      if (r >= 0 && c >= 0) width = std::max(width, number(r, c).size());
    widths.push_back(width);
  }
  for (const Index r : rows) {
    text += '\n';
    for (std::size_t c = 0; c < cols.size(); ++c)
      text += fmt::format("  {:>{}}", number(r, cols[c]), widths[c]);
  }
  return text;
}

}}  // namespace damla::DAMLA_ABI
