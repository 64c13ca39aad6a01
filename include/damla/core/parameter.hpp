#pragma once

#include <cstring>
#include <string_view>

#include "damla/core/error.hpp"
#include "damla/core/matrix.hpp"

namespace damla::inline DAMLA_ABI {

/// A matrix that is learned, and the gradient of the loss for each of its numbers. Gradients add up until
/// `zero_gradients`.
struct Parameter {
  Matrix value;
  Matrix grad;  // same shape as value

  Parameter() = default;
  /// All zero.
  Parameter(Index rows, Index cols) : value(Matrix::Zero(rows, cols)), grad(Matrix::Zero(rows, cols)) {}
};

/// Visits a part's parameters with the part's name and a dot in front: "attn" and "c_proj.weight" give
/// "attn.c_proj.weight". Names live on the stack: visiting allocates nothing.
void visit_part(std::string_view part_name, auto& part, auto&& visit) {
  part.visit_parameters([&](std::string_view name, Parameter& parameter) {
    char full[128];
    require(part_name.size() + 1 + name.size() <= sizeof full, "visit_part: the parameter's name is over 128 letters");
    std::memcpy(full, part_name.data(), part_name.size());
    full[part_name.size()] = '.';
    std::memcpy(full + part_name.size() + 1, name.data(), name.size());
    visit(std::string_view(full, part_name.size() + 1 + name.size()), parameter);
  });
}

namespace detail {
/// Accepts any parameter: with it the concepts ask for visit_parameters.
struct AnyVisitor {
  void operator()(std::string_view, Parameter&) const {}
};
}  // namespace detail

/// Switches dropout on or off in a part, if it has any inside.
void set_training(auto& part, bool on) {
  if constexpr (requires { part.set_training(on); }) part.set_training(on);
}

/// Visits every generator of random numbers inside a part, in a fixed order: what a checkpoint needs of it besides parameters.
void visit_generators(auto& part, auto&& visit) {
  if constexpr (requires { part.visit_generators(visit); }) part.visit_generators(visit);
}

/// Sets all gradients to zero: before each step, since `backward` adds.
void zero_gradients(auto& model) {
  model.visit_parameters([](std::string_view, Parameter& p) { p.grad.setZero(); });
}

/// How many numbers the model learns. Tied weights count once.
Index parameter_count(auto& model)
  requires requires { model.visit_parameters(detail::AnyVisitor{}); }
{
  Index count = 0;
  model.visit_parameters([&](std::string_view, Parameter& p) { count += p.value.size(); });
  return count;
}

}  // namespace damla::inline DAMLA_ABI
