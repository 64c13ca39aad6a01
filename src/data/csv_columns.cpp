#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <locale>
#include <numeric>
#include <sstream>
#include <unordered_map>

#include "damla/core/error.hpp"
#include "damla/data/csv.hpp"
#include "damla/text/unicode.hpp"
#include "data/cells.hpp"

namespace damla { inline namespace DAMLA_ABI {

namespace {
using detail::list_of, detail::name_of, detail::plain_number, detail::shown_cell, detail::trimmed;
using Columns = std::vector<std::size_t>;

[[noreturn]] void fail(const CsvTable& table, std::size_t row, const std::string& what) {
  throw Error(fmt::format("read_csv: {}: line {}: {}", table.path, table.lines[row], what));
}

/// ENERGY and ENERGİ are energy and energi: capital letters of either language.
std::string without_case(const std::string& name) {
  const std::string small = to_lower(name);  // code_points are views of it
  std::string result;
  for (const std::string_view letter : code_points(small)) result += letter == "ı" ? "i" : letter;
  return result;
}

/// The column of this name, or the only one that differs from it in capital letters alone.
std::optional<std::size_t> find_column(const std::vector<std::string>& columns,
                                       const std::string& name) {
  const auto exact = std::find(columns.begin(), columns.end(), name);
  if (exact != columns.end()) return static_cast<std::size_t>(exact - columns.begin());
  const std::string wanted = without_case(name);
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < columns.size(); ++i)
    if (without_case(columns[i]) == wanted) {
      if (found) return {};
      found = i;
    }
  return found;
}

/// Where the first number stands that needs a decimal point, where the first that needs a decimal
/// comma, and the first that is one number with the one and another with the other: 1.234, 1,234.
struct Decimals {
  struct Place {
    std::size_t row, column;
  };
  std::optional<Place> point, comma, either_by_point, either_by_comma;

  Decimals(const CsvTable& table, const Columns& columns) {
    for (std::size_t row = 0; row < table.cells.size(); ++row)
      for (const std::size_t column : columns) {
        const std::string cell = trimmed(table.cells[row][column]);
        const auto with_point = plain_number(cell, '.'), with_comma = plain_number(cell, ',');
        if (with_point == with_comma) continue;
        auto& first = !with_comma                           ? point
                      : !with_point                         ? comma
                      : cell.find('.') != std::string::npos ? either_by_point
                                                            : either_by_comma;
        if (!first) first = Place{row, column};
      }
  }
  bool tell() const { return point.has_value() != comma.has_value(); }
};

/// The character that stands before the fractions of the numbers in these columns.
char decimal_of(const CsvTable& table, const Columns& columns) {
  const Decimals asked(table, columns);
  const auto cell = [&](Decimals::Place p) { return shown_cell(table.cells[p.row][p.column]); };
  if (asked.point && asked.comma)
    fail(
        table, asked.comma->row,
        fmt::format("{} is \"{}\", but line {} has \"{}\": write all numbers with a decimal comma, "
                    "or all with a decimal point",
                    shown_cell(table.columns[asked.comma->column]), cell(*asked.comma),
                    table.lines[asked.point->row], cell(*asked.point)));
  if (asked.tell()) return asked.comma ? ',' : '.';
  const auto either = asked.either_by_comma ? asked.either_by_comma : asked.either_by_point;
  if (!either) return '.';

  Columns all(table.columns.size());
  std::iota(all.begin(), all.end(), 0);
  const Decimals others(table, all);
  if (others.tell()) return others.comma ? ',' : '.';
  if (table.separator == ',' && !asked.either_by_comma) return '.';
  const std::string text = trimmed(table.cells[either->row][either->column]);
  const std::string whole = *plain_number(text, asked.either_by_comma ? '.' : ',');
  fail(table, either->row,
       fmt::format("{} is \"{}\", and no number of the table tells whether that is {} or a decimal "
                   "fraction; write {} or {}0",
                   shown_cell(table.columns[either->column]), shown_cell(text), whole, whole,
                   shown_cell(text)));
}

std::string why_no_number(const std::string& cell) {
  if (cell.empty()) return "empty; write a number, or remove the row";
  if (plain_number(cell, '.') || plain_number(cell, ','))
    return fmt::format("{}, which is too large", shown_cell(cell));
  return fmt::format("\"{}\", which is no number{}", shown_cell(cell),
                     cell.find('%') == std::string::npos ? "" : "; write it without %");
}
}  // namespace

bool CsvTable::has(const std::string& column) const {
  return find_column(columns, column).has_value();
}

std::size_t CsvTable::position(const std::string& column) const {
  const auto found = find_column(columns, column);
  if (!found)
    throw Error(
        fmt::format("read_csv: {}: there is no column \"{}\"; line {}, which needs to name the "
                    "columns, has: {}",
                    path, column, heading, list_of(columns)));
  return *found;
}

Matrix CsvTable::numbers(std::initializer_list<std::string> names) const {
  Columns asked;
  for (const std::string& name : names) asked.push_back(position(name));
  const char decimal = decimal_of(*this, asked);
  std::istringstream in;
  in.imbue(std::locale::classic());
  Matrix result(std::ssize(cells), std::ssize(names));
  for (std::size_t row = 0; row < cells.size(); ++row)
    for (std::size_t i = 0; i < asked.size(); ++i) {
      const std::string cell = trimmed(cells[row][asked[i]]);
      const auto plain = plain_number(cell, decimal);
      double value = 0;
      in.clear(), in.str(plain.value_or(""));
      if (!(in >> value) || !std::isfinite(static_cast<Scalar>(value)))
        fail(*this, row,
             fmt::format("{} is {}", shown_cell(columns[asked[i]]), why_no_number(cell)));
      result(static_cast<Index>(row), static_cast<Index>(i)) = static_cast<Scalar>(value);
    }
  return result;
}

Tokens CsvTable::classes(const std::string& column, const std::vector<std::string>& classes) const {
  std::unordered_map<std::string, std::size_t> numbers;
  for (std::size_t c = 0; c < classes.size(); ++c) numbers.emplace(name_of(classes[c]), c);
  const std::size_t place = position(column);
  std::vector<bool> occurs(classes.size());
  Tokens result;
  for (std::size_t row = 0; row < cells.size(); ++row) {
    const std::string& cell = cells[row][place];
    const auto found = numbers.find(name_of(cell));
    if (found == numbers.end())
      fail(*this, row,
           fmt::format("{} is \"{}\", but needs to be one of: {}", column, shown_cell(cell),
                       list_of(classes)));
    occurs[found->second] = true;
    result.push_back(static_cast<Token>(found->second));
  }
  for (std::size_t c = 0; c < classes.size(); ++c)
    if (!occurs[c])
      throw Error(
          fmt::format("read_csv: {}: no row has {} = {}; to learn a difference, examples of "
                      "each class are needed ({})",
                      path, column, shown_cell(classes[c]), list_of(classes)));
  return result;
}

}}  // namespace damla::DAMLA_ABI
