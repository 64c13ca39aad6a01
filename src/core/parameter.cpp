#include "damla/core/parameter.hpp"

#include <fmt/format.h>

#include <new>

namespace damla { inline namespace DAMLA_ABI { namespace detail {

Matrix zeros(Index rows, Index cols, const char* of) {
  if (rows < 1 || cols < 1)
    throw Error(
        fmt::format("{}: its parameters would be {}, but need at least one row and one column", of,
                    shape_text(rows, cols)));
  // Asked before memory is: a product of sizes may be too large for Index, too.
  const bool sensible = static_cast<double>(rows) * static_cast<double>(cols) <= 0x1p36;
  try {
    if (sensible) return Matrix::Zero(rows, cols);
  } catch (const std::bad_alloc&) {  // this machine's memory holds less
  }
  throw Error(
      fmt::format("{}: its parameters would be {}, for which there is no memory: try a "
                  "smaller size",
                  of, shape_text(rows, cols)));
}

}}}  // namespace damla::DAMLA_ABI::detail
