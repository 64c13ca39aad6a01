#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "damla/core/matrix.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// A table from a CSV file (RFC 4180) as spreadsheets of any country write it. The first row names
/// the columns. Before it may stand lines that begin with #, and `sep=;`. Empty lines, rows of
/// empty cells, and empty cells behind the last column do not count. Columns are separated by
/// semicolon, tab or comma: the first of these that the first row has outside quotes.
struct CsvTable {
  std::string path;
  std::vector<std::string> columns;             ///< names, in the file's order
  std::vector<std::vector<std::string>> cells;  ///< rows of as many cells
  std::vector<Index> lines;                     ///< of the file: where each row begins, from 1
  char separator = ',';
  Index heading = 1;  ///< the line that names the columns

  /// Names of columns are found in capital letters too: ENERGY and ENERGİ are energy and energi.
  bool has(const std::string& column) const;
  /// Where a column stands. Throws Error with the columns that there are.
  std::size_t position(const std::string& column) const;

  /// The named columns as numbers (N, as many as names). With a decimal point or comma, whichever
  /// the cells show; the other may stand between thousands: 1.234 is 1234 beside 12,5, and 1.234
  /// beside 12.5. Where no cell of the table tells, columns separated by commas have decimal
  /// points; others are an error.
  /// Throws Error with path and line for a cell that is no number, and for both kinds of number in
  /// these columns.
  Matrix numbers(std::initializer_list<std::string> names) const;
  /// A column of classes: their positions in `classes`. Throws Error with path and line for any
  /// other name, and with the path when one of the classes does not occur at all: from one class
  /// only nothing can be learned.
  Tokens classes(const std::string& column, const std::vector<std::string>& classes) const;
};

/// Reads a CSV file. Throws Error with the path, and the line where there is one, when it cannot be
/// read, is empty, is not UTF-8, has two columns of one name, a row of another length, or a quote
/// that never ends.
CsvTable read_csv(const std::string& path);

}}  // namespace damla::DAMLA_ABI
