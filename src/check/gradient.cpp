#include <fmt/format.h>

#include <cmath>

#include "damla/check/gradient.hpp"

namespace damla { inline namespace DAMLA_ABI { namespace detail {

void check_gradient(std::string_view name, Matrix& value, const Matrix& grad,
                    const std::function<double()>& loss, double step, GradientCheck& worst) {
  expect_number("check_gradients", "step", step, positive);
  expect_shape("check_gradients", std::string(name) + ".grad", grad, value.rows(), value.cols());
  const double largest = value.size() == 0 ? 0 : static_cast<double>(grad.cwiseAbs().maxCoeff());
  for (Index i = 0; i < value.rows(); ++i)
    for (Index j = 0; j < value.cols(); ++j) {
      const Scalar kept = value(i, j);
      value(i, j) = kept + static_cast<Scalar>(step);
      const double above = loss();
      value(i, j) = kept - static_cast<Scalar>(step);
      const double below = loss();
      value(i, j) = kept;
      const double numeric = (above - below) / (2 * step),
                   analytic = static_cast<double>(grad(i, j));
      // Central differences cannot resolve gradients far below the largest one, nor any below the
      // rounding of the loss, which is about 1e-16/step: those are compared on that scale.
      const double scale = std::max({std::abs(numeric), std::abs(analytic), 1e-3 * largest, 1e-4});
      const double error = std::abs(analytic - numeric) / scale;
      if (!std::isnan(worst.error) && !(error <= worst.error))  // NaN is the worst of all
        worst = {error, fmt::format("{}({}, {}): backward says {:.9g}, central differences {:.9g}",
                                    name, i, j, analytic, numeric)};
    }
}

}}}  // namespace damla::DAMLA_ABI::detail
