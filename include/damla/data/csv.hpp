#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "damla/core/matrix.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// A table from a CSV file (RFC 4180), whose first row names the columns. Spreadsheets of any
/// country: columns are separated by comma, semicolon or tab, whichever the first row has
/// (semicolon first); where it is no comma, numbers may have a decimal comma. Lines before the
/// first row that begin with # are comments; empty lines do not count.
struct CsvTable {
  std::string path;
  std::vector<std::string> columns;             ///< names, in the file's order
  std::vector<std::vector<std::string>> cells;  ///< rows of as many cells
  std::vector<Index> lines;                     ///< of the file: where each row begins, from 1
  char separator = ',';

  bool has(const std::string& column) const;
  /// The named columns as numbers (N, as many as names). Throws Error with path and line for a
  /// column that is missing and for a cell that is no number.
  Matrix numbers(std::initializer_list<std::string> names) const;
  /// A column of classes: their positions in `classes`. Throws Error with path and line for any
  /// other name, and with the path when one of the classes does not occur at all: from one class
  /// only nothing can be learned.
  Tokens classes(const std::string& column, const std::vector<std::string>& classes) const;

 private:
  std::size_t position(const std::string& column) const;
};

/// Reads a CSV file. Throws Error with the path, and the line where there is one, when it cannot be
/// read, is empty, is not UTF-8, has two columns of one name, a row of another length, or a quote
/// that never ends.
CsvTable read_csv(const std::string& path);

}}  // namespace damla::DAMLA_ABI
