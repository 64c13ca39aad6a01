#include "damla/nn/position.hpp"

#include "damla/nn/rotary.hpp"

namespace damla { inline namespace DAMLA_ABI { namespace detail {

void expect_positions(const char* call, const ConstMatrixRef& x, Index T, Index first,
                      const Matrix& table) {
  expect_shape(call, "x", x, any, table.cols(), "as many as the positions have channels");
  expect_context(call, x, T, first, table.rows());
}

}}}  // namespace damla::DAMLA_ABI::detail
