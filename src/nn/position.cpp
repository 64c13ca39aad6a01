#include "damla/nn/position.hpp"

#include <fmt/format.h>

namespace damla { inline namespace DAMLA_ABI { namespace detail {

void expect_positions(const char* call, const ConstMatrixRef& x, Index T, Index first,
                      const Matrix& table) {
  expect_shape(call, "x", x, any, table.cols(), "as many as the positions have channels");
  if (T < 1 || x.rows() % T != 0)
    throw Error(
        fmt::format("{}: x has {} rows, which is no multiple of T = {}", call, x.rows(), T));
  if (first < 0 || T > table.rows() - first)
    throw Error(
        fmt::format("{}: sequences of {} tokens from position {} do not fit a context of {} "
                    "positions: shorten the text, or build with a larger context",
                    call, T, first, table.rows()));
}

}}}  // namespace damla::DAMLA_ABI::detail
