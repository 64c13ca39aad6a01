#include "damla/data/csv.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <locale>
#include <sstream>

#include "damla/core/error.hpp"
#include "damla/text/read_text.hpp"

namespace damla { inline namespace DAMLA_ABI {

namespace {
std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t");
  return first == std::string::npos ? ""
                                    : text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

[[noreturn]] void fail(const std::string& path, Index line, const std::string& what) {
  throw Error(fmt::format("read_csv: {}: line {}: {}", path, line, what));
}

/// Reads one row after the other.
struct Reader {
  const std::string& path;
  const std::string& text;
  std::size_t at = 0;
  Index line = 1;
  char separator = ',';

  bool done() const { return at >= text.size(); }
  void skip_line_end() {
    at += text.compare(at, 2, "\r\n") == 0 ? 2 : 1;
    ++line;
  }
  bool at_line_end() const { return text[at] == '\n' || text[at] == '\r'; }
  std::size_t line_end() const { return std::min(text.find_first_of("\r\n", at), text.size()); }

  std::string quoted_cell() {
    const Index start = line;
    std::string cell;
    for (++at;;) {
      if (done()) fail(path, start, "a quote (\") is opened here and never closed");
      if (text[at] == '"') {
        ++at;
        if (done() || text[at] != '"') break;  // two quotes are one
      }
      if (at_line_end()) {
        cell += '\n';
        skip_line_end();
      } else {
        cell += text[at++];
      }
    }
    while (!done() && !at_line_end() && text[at] != separator)
      if (text[at++] != ' ')
        fail(path, line, "text follows a closing quote (\"); write a quote inside a cell twice");
    return cell;
  }

  /// The cells of the row here; leaves `at` behind its line end.
  std::vector<std::string> row() {
    std::vector<std::string> cells;
    for (;;) {
      const std::size_t start = std::min(text.find_first_not_of(' ', at), text.size());
      if (start < text.size() && text[start] == '"') {
        at = start;
        cells.push_back(quoted_cell());
      } else {
        std::size_t end = at;
        while (end < text.size() && text[end] != separator && text[end] != '\n' &&
               text[end] != '\r')
          ++end;
        cells.push_back(trimmed(text.substr(at, end - at)));
        at = end;
      }
      if (done()) return cells;
      if (at_line_end()) return skip_line_end(), cells;
      ++at;  // the separator
    }
  }
};
}  // namespace

CsvTable read_csv(const std::string& path) {
  const std::string text = read_text(path);
  Reader reader{path, text, 0, 1, ','};
  while (!reader.done() &&
         (text[reader.at] == '#' ||
          trimmed(text.substr(reader.at, reader.line_end() - reader.at)).empty())) {
    reader.at = reader.line_end();
    if (!reader.done()) reader.skip_line_end();
  }
  if (reader.done())
    throw Error(fmt::format(
        "read_csv: {}: the file is empty; its first row needs to name the columns", path));

  CsvTable table;
  table.path = path;
  std::string first = text.substr(reader.at, reader.line_end() - reader.at);
  bool inside_quotes = false;
  std::erase_if(first, [&](char c) {
    return c == '"' ? (inside_quotes = !inside_quotes, true) : inside_quotes;
  });
  for (const char c : {',', '\t', ';'})
    if (first.find(c) != std::string::npos) table.separator = c;
  reader.separator = table.separator;
  const Index heading = reader.line;
  for (const std::string& name : reader.row()) table.columns.push_back(trimmed(name));
  for (const std::string& name : table.columns)
    if (std::count(table.columns.begin(), table.columns.end(), name) > 1)
      fail(path, heading, fmt::format("two columns are named \"{}\"", name));

  while (!reader.done()) {
    if (trimmed(text.substr(reader.at, reader.line_end() - reader.at)).empty()) {
      reader.at = reader.line_end();
      if (!reader.done()) reader.skip_line_end();
      continue;
    }
    const Index line = reader.line;
    std::vector<std::string> cells = reader.row();
    if (cells.size() != table.columns.size())
      fail(path, line,
           fmt::format("the row has {} cells, but there are {} columns ({})", cells.size(),
                       table.columns.size(), fmt::join(table.columns, ", ")));
    table.lines.push_back(line);
    table.cells.push_back(std::move(cells));
  }
  if (table.cells.empty())
    throw Error(fmt::format("read_csv: {}: the file names its columns, but has no rows", path));
  return table;
}

bool CsvTable::has(const std::string& column) const {
  return std::find(columns.begin(), columns.end(), column) != columns.end();
}

std::size_t CsvTable::position(const std::string& column) const {
  const auto found = std::find(columns.begin(), columns.end(), column);
  if (found == columns.end())
    throw Error(fmt::format("read_csv: {}: there is no column \"{}\"; the columns are: {}", path,
                            column, fmt::join(columns, ", ")));
  return static_cast<std::size_t>(found - columns.begin());
}

Matrix CsvTable::numbers(std::initializer_list<std::string> names) const {
  Matrix result(std::ssize(cells), std::ssize(names));
  Index column = 0;
  for (const std::string& name : names) {
    const std::size_t place = position(name);
    for (std::size_t row = 0; row < cells.size(); ++row) {
      std::string cell = trimmed(cells[row][place]);
      if (separator != ',' && std::count(cell.begin(), cell.end(), ',') == 1 &&
          cell.find('.') == std::string::npos)
        cell[cell.find(',')] = '.';
      std::istringstream in(cell);
      in.imbue(std::locale::classic());
      double number = 0;
      if (!(in >> number) || in.peek() != std::istringstream::traits_type::eof() ||
          !std::isfinite(static_cast<Scalar>(number)))
        fail(path, lines[row],
             fmt::format("{} is \"{}\", which is no number{}", name, cells[row][place],
                         separator == ',' && cell.find(',') != std::string::npos
                             ? " (for decimal commas, separate the columns by semicolons)"
                             : ""));
      result(static_cast<Index>(row), column) = static_cast<Scalar>(number);
    }
    ++column;
  }
  return result;
}

Tokens CsvTable::classes(const std::string& column, const std::vector<std::string>& classes) const {
  const std::size_t place = position(column);
  Tokens result;
  for (std::size_t row = 0; row < cells.size(); ++row) {
    const auto found = std::find(classes.begin(), classes.end(), trimmed(cells[row][place]));
    if (found == classes.end())
      fail(path, lines[row],
           fmt::format("{} is \"{}\", but needs to be one of: {}", column, cells[row][place],
                       fmt::join(classes, ", ")));
    result.push_back(static_cast<Token>(found - classes.begin()));
  }
  for (std::size_t c = 0; c < classes.size(); ++c)
    if (std::find(result.begin(), result.end(), static_cast<Token>(c)) == result.end())
      throw Error(
          fmt::format("read_csv: {}: no row has {} = {}; to learn a difference, examples of each "
                      "class are needed "
                      "({})",
                      path, column, classes[c], fmt::join(classes, ", ")));
  return result;
}

}}  // namespace damla::DAMLA_ABI
