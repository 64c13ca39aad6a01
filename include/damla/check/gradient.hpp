#pragma once

#include <functional>
#include <string>

#include "damla/core/parameter.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// The worst disagreement that a gradient check found.
struct GradientCheck {
  double error = 0;   ///< |analytic − numeric| / max(|analytic|, |numeric|, 1e-3 of the largest
                      ///< gradient, 1e-4), at its worst
  std::string where;  ///< "weight(3, 0): backward says 0.12, central differences 0.24"
};

namespace detail {
/// Compares `grad` with central differences of `loss` while each number of `value` moves by ±step.
void check_gradient(std::string_view name, Matrix& value, const Matrix& grad,
                    const std::function<double()>& loss, double step, GradientCheck& worst);
}  // namespace detail

/// Compares each of a model's gradients, which must have been computed already, with (loss(w+h) −
/// loss(w−h)) / 2h. `loss` runs forward only and depends on nothing random. Needs double (the
/// `damla_double` target): float rounds the difference away.
template <class Model>
GradientCheck check_gradients(Model& model, const std::function<double()>& loss,
                              double step = 1e-5) {
  static_assert(sizeof(Scalar) == sizeof(double) || sizeof(Model) == 0,
                "gradient checks need damla_double: link to damla::damla_double");
  GradientCheck worst;
  visit_learned(model, [&](std::string_view name, Parameter& p) {
    detail::check_gradient(name, p.value, p.grad(), loss, step, worst);
  });
  return worst;
}

/// The same for an input x of a layer and the dx that its backward returned.
inline GradientCheck check_input_gradient(Matrix& x, const Matrix& dx,
                                          const std::function<double()>& loss, double step = 1e-5) {
  GradientCheck worst;
  detail::check_gradient("x", x, dx, loss, step, worst);
  return worst;
}

}}  // namespace damla::DAMLA_ABI
