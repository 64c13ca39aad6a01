#pragma once

#include <cmath>
#include <limits>

#include "damla/core/parameter.hpp"
#include "damla/functional/sum.hpp"

namespace damla { inline namespace DAMLA_ABI {

namespace detail {
[[noreturn]] void throw_not_finite(std::string_view parameter);
inline constexpr Range norm_limit{.high = std::numeric_limits<double>::infinity(),
                                  .with_low = false};
}  // namespace detail

/// The length of all gradients put in one vector. Throws Error with the first parameter whose
/// gradient is not finite.
double gradient_norm(auto& model) {
  double sum = 0;
  visit_learned(model, [&](std::string_view name, Parameter& p) {
    const double part = functional::sum_of_squares(p.grad());
    if (!std::isfinite(part)) detail::throw_not_finite(name);
    sum += part;
  });
  return std::sqrt(sum);
}

/// The factor that makes the gradients' norm at most max_norm (Pascanu, Mikolov and Bengio, 2013,
/// section 3.2): for AdamW::step, which applies it in the same pass. Infinity only looks whether
/// all gradients are finite. Throws Error when max_norm is not over 0.
Scalar clip_scale(auto& model, double max_norm) {
  expect_number("clip_scale", "max_norm", max_norm, detail::norm_limit);
  const double norm = gradient_norm(model);
  return norm > max_norm ? static_cast<Scalar>(max_norm / norm) : Scalar(1);
}

}}  // namespace damla::DAMLA_ABI
