#include "damla/data/csv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "damla/core/error.hpp"
#include "damla/text/read_text.hpp"
#include "data/cells.hpp"

namespace damla { inline namespace DAMLA_ABI {

namespace {
using detail::list_of, detail::name_of, detail::shown_cell, detail::trimmed;

constexpr std::string_view separators = ";\t,";

[[noreturn]] void fail(const std::string& path, Index line, const std::string& what) {
  throw Error(fmt::format("read_csv: {}: line {}: {}", path, line, what));
}

std::string count_of(std::size_t n, const char* what) {
  return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s");
}

bool is_separator(char c) { return separators.find(c) != std::string_view::npos; }

bool all_empty(std::span<const std::string> cells) {
  return std::all_of(cells.begin(), cells.end(),
                     [](const std::string& c) { return trimmed(c).empty(); });
}

/// Reads one row after the other.
struct Reader {
  const std::string& path;
  std::string_view text;
  std::size_t at = 0;
  Index line = 1;
  char separator = 0;

  bool done() const { return at >= text.size(); }
  bool at_line_end() const { return text[at] == '\n' || text[at] == '\r'; }
  void skip_line_end() {
    at += text.substr(at).starts_with("\r\n") ? 2 : 1;
    ++line;
  }
  std::string_view rest_of_line() const {
    return text.substr(at, text.find_first_of("\r\n", at) - at);
  }
  void skip_line() {
    at += rest_of_line().size();
    if (!done()) skip_line_end();
  }

  bool at_empty_line() const { return trimmed(rest_of_line()).empty(); }
  bool at_comment() const {  // but the first column may be named #
    return text[at] == '#' && (at + 1 == text.size() || !is_separator(text[at + 1]));
  }

  /// Takes a line such as `sep=;`, which is Excel's, if it is here.
  bool take_separator_line() {
    const std::string_view rest = rest_of_line();
    if (separator != 0 || rest.size() != 5 ||
        !(rest.starts_with("sep=") || rest.starts_with("SEP=")))
      return false;
    separator = rest[4];
    if (!is_separator(separator))
      fail(path, line,
           fmt::format("columns are separated by ; or tab or comma, not by {}", separator));
    skip_line();
    return true;
  }

  /// The first of the separators that the row here has outside quotes, which may hold line ends.
  char find_separator() const {
    bool quoted = false, cell_begins = true;
    std::string outside;
    for (std::size_t i = at; i < text.size(); ++i) {
      const char c = text[i];
      if (quoted && c == '"' && text.substr(i).starts_with("\"\"")) ++i;
      else if (c == '"' && (quoted || cell_begins)) quoted = !quoted;
      else if (!quoted && (c == '\n' || c == '\r')) break;
      else if (!quoted) outside += c;
      cell_begins = !quoted && (is_separator(c) || (cell_begins && c == ' '));
    }
    for (const char c : separators)
      if (outside.find(c) != std::string::npos) return c;
    return ',';
  }

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
        const std::size_t begin = at;
        while (!done() && text[at] != separator && !at_line_end()) ++at;
        cells.push_back(trimmed(text.substr(begin, at - begin)));
      }
      if (done()) return cells;
      if (at_line_end()) return skip_line_end(), cells;
      ++at;  // the separator
    }
  }
};

void read_heading(Reader& reader, CsvTable& table) {
  if (reader.separator == 0) reader.separator = reader.find_separator();
  table.separator = reader.separator;
  table.heading = reader.line;
  for (const std::string& cell : reader.row()) table.columns.push_back(name_of(cell));
  while (!table.columns.empty() && table.columns.back().empty()) table.columns.pop_back();
  std::set<std::string> names;
  for (const std::string& name : table.columns)
    if (!name.empty() && !names.insert(name).second)
      fail(table.path, table.heading,
           fmt::format("two columns are named \"{}\"", shown_cell(name)));
}

std::string wrong_length(const CsvTable& table, std::size_t cells) {
  const char* separator = table.separator == ';'    ? "semicolon"
                          : table.separator == '\t' ? "tab"
                                                    : "comma";
  return fmt::format("the row has {}, but line {} names {} ({}); a cell with a {} needs quotes{}",
                     count_of(cells, "cell"), table.heading,
                     count_of(table.columns.size(), "column"), list_of(table.columns), separator,
                     table.cells.empty()
                         ? fmt::format(", and if line {} is a title, remove it", table.heading)
                         : "");
}
}  // namespace

CsvTable read_csv(const std::string& path) {
  const std::string text = read_text(path);
  Reader reader{path, text};
  while (!reader.done()) {
    if (reader.at_empty_line() || reader.at_comment()) reader.skip_line();
    else if (!reader.take_separator_line()) break;
  }
  if (reader.done())
    throw Error(fmt::format(
        "read_csv: {}: the file is empty; its first row needs to name the columns", path));

  CsvTable table;
  table.path = path;
  read_heading(reader, table);
  while (!reader.done()) {
    const Index line = reader.line;
    std::vector<std::string> cells = reader.row();
    if (all_empty(cells)) continue;
    const std::size_t columns = table.columns.size();
    if (cells.size() > columns && all_empty(std::span(cells).subspan(columns)))
      cells.resize(columns);
    if (cells.size() != columns) fail(path, line, wrong_length(table, cells.size()));
    table.lines.push_back(line);
    table.cells.push_back(std::move(cells));
  }
  if (table.cells.empty())
    throw Error(fmt::format("read_csv: {}: the file names its columns, but has no rows", path));
  return table;
}

}}  // namespace damla::DAMLA_ABI
