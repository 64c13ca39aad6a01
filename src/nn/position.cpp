#include "damla/nn/position.hpp"

#include <fmt/format.h>

namespace damla { inline namespace DAMLA_ABI { namespace detail {

void expect_positions(const char* call, const ConstMatrixRef& x, Index T, Index first,
                      const Matrix& table) {
  expect_shape(call, "x", x, any, table.cols(), "as many as the positions have channels");
  if (T < 1 || x.rows() % T != 0 || first < 0 || first + T > table.rows())
    throw Error(fmt::format(
        "{}: sequences of {} tokens from position {} do not fit {} rows and a context of {} "
        "positions: shorten the text, or build with a larger context",
        call, T, first, x.rows(), table.rows()));
}

}}}  // namespace damla::DAMLA_ABI::detail
