#pragma once

#include "damla/core/view.hpp"

namespace damla { inline namespace DAMLA_ABI { namespace detail {

/// Which triangle of a square matrix a causal product may leave out: none, that of the result (its
/// entries right of the diagonal are then undefined), or that of the left factor (known to be 0
/// there).
enum class Triangle { none, out, left };

/// out = start + a·b on all threads, shapes checked; see core/matmul.hpp. That out shares no memory
/// with a and b has been asked already.
void matmul(View out, ConstView a, ConstView b, ConstView start, Triangle lower);

}}}  // namespace damla::DAMLA_ABI::detail
