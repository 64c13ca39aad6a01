#include "damla/optim/clip.hpp"

#include <fmt/format.h>

namespace damla { inline namespace DAMLA_ABI { namespace detail {

void throw_not_finite(std::string_view parameter) {
  throw Error(fmt::format(
      "gradient_norm: the gradient of {} is not finite (a smaller learning rate, or a look at the "
      "data for NaN, may help)",
      parameter));
}

}}}  // namespace damla::DAMLA_ABI::detail
