#pragma once

#include "engine/matmul.hpp"

namespace damla { inline namespace DAMLA_ABI { namespace detail {

/// out = start + a·b on the caller's thread, for shapes that fit. `start` is out itself, one row
/// for all (its stride is 0), or nothing. In which order a number of `out` is added up depends on
/// the shapes of a and b alone, not on the columns or the tiles of rows it is computed with: the
/// same bits however the work is cut.
void product(View out, ConstView a, ConstView b, ConstView start, Triangle lower = Triangle::none);

/// A product is cut into threads' shares at multiples of these: no share ends with a tile half
/// used.
Index product_rows();
Index product_columns();

}}}  // namespace damla::DAMLA_ABI::detail
