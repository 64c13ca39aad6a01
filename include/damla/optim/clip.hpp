#pragma once

#include <cmath>
#include <limits>

#include "damla/core/parameter.hpp"
#include "damla/core/share.hpp"
#include "damla/functional/sum.hpp"

namespace damla { inline namespace DAMLA_ABI {

namespace detail {
[[noreturn]] void throw_not_finite(std::string_view parameter);
inline constexpr Range norm_limit{.high = std::numeric_limits<double>::infinity(),
                                  .with_low = false};
}  // namespace detail

/// The length of all gradients, or a share of each one's rows, put in one vector. Throws Error with
/// the first parameter whose gradient is not finite.
double gradient_norm(auto& model, Share share = {}) {
  double sum = 0;
  visit_learned(model, [&](std::string_view name, Parameter& p) {
    const double part = functional::sum_of_squares(share.rows_of(p.grad()));
    if (!std::isfinite(part)) detail::throw_not_finite(name);
    sum += part;
  });
  return std::sqrt(sum);
}

/// The factor that makes the gradients' norm at most max_norm (Pascanu, Mikolov and Bengio, 2013,
/// section 3.2): for AdamW::step, which applies it in the same pass. Throws Error when max_norm is
/// not over 0.
inline Scalar clip_scale(double norm, double max_norm) {
  expect_number("clip_scale", "max_norm", max_norm, detail::norm_limit);
  return norm > max_norm ? static_cast<Scalar>(max_norm / norm) : Scalar(1);
}
/// The same for a model. Infinity only looks whether all gradients are finite.
template <class Model>
Scalar clip_scale(Model& model, double max_norm) requires(!std::is_arithmetic_v<Model>) {
  expect_number("clip_scale", "max_norm", max_norm, detail::norm_limit);
  return clip_scale(gradient_norm(model), max_norm);
}

}}  // namespace damla::DAMLA_ABI
