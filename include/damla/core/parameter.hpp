#pragma once

#include <cstring>
#include <string_view>
#include <utility>

#include "damla/core/error.hpp"
#include "damla/core/matrix.hpp"

namespace damla { inline namespace DAMLA_ABI {

namespace detail {
Matrix zeros(Index rows, Index cols, const char* of);
}  // namespace detail

/// A matrix that is learned, and the gradient of the loss by each of its numbers. Gradients add up
/// until `zero_gradients`. They take memory from the first time that something asks for them, so a
/// model that only generates has none.
struct Parameter {
  Matrix value;
  /// It stays as it is (PyTorch's requires_grad = False): layers compute no gradient for it, and
  /// optimizers pass over it.
  bool frozen = false;

  Parameter() = default;
  /// All zero. Throws Error, in the name of the layer `of` that asks, when either is under 1, and
  /// for more numbers than the memory holds.
  Parameter(Index rows, Index cols, const char* of = "Parameter")
      : value(detail::zeros(rows, cols, of)) {}

  /// The gradient, of value's shape: zeros at first.
  Matrix& grad() {
    if (grad_.size() != value.size()) grad_.setZero(value.rows(), value.cols());
    return grad_;
  }
  /// The gradient as it is: 0×0 as long as nothing has asked for it.
  const Matrix& grad() const { return grad_; }

  /// From now on it is frozen; its gradient's memory is given back.
  void freeze() { frozen = true, grad_ = Matrix(); }

 private:
  Matrix grad_;
};

/// Visits a part's parameters with the part's name and a dot in front: "attn" and "c_proj.weight"
/// give "attn.c_proj.weight". Names live on the stack: visiting allocates nothing.
void visit_part(std::string_view part_name, auto& part, auto&& visit) {
  part.visit_parameters([&](std::string_view name, Parameter& parameter) {
    char full[128];
    const std::size_t length = part_name.size() + 1 + name.size();
    require(length <= sizeof full, "visit_part: the parameter's name is over 128 letters");
    std::memcpy(full, part_name.data(), part_name.size());
    full[part_name.size()] = '.';
    std::memcpy(full + part_name.size() + 1, name.data(), name.size());
    visit(std::string_view(full, length), parameter);
  });
}

namespace detail {
/// Accepts any parameter: with it the concepts ask for visit_parameters.
struct AnyVisitor {
  void operator()(std::string_view, Parameter&) const {}
};
}  // namespace detail

/// Calls visit(name, parameter) for every parameter of a model or layer. Those of a const model can
/// only be read.
template <class Model>
void visit_parameters(Model& model, auto&& visit) requires requires(std::remove_const_t<Model> m) {
  m.visit_parameters(detail::AnyVisitor{});
}
{
  using Plain = std::remove_const_t<Model>;
  using Seen = std::conditional_t<std::is_const_v<Model>, const Parameter, Parameter>;
  // A visit hands out references and changes nothing itself, so one member function serves both.
  const_cast<Plain&>(model).visit_parameters(
      [&](std::string_view name, Parameter& p) { visit(name, static_cast<Seen&>(p)); });
}

/// Switches dropout on or off in a part, if it has any inside.
void set_training(auto& part, bool on) {
  if constexpr (requires { part.set_training(on); }) part.set_training(on);
}

/// Visits every generator of random numbers inside a part, in a fixed order: what a checkpoint
/// needs of it besides parameters.
void visit_generators(auto& part, auto&& visit) {
  if constexpr (requires { part.visit_generators(visit); }) part.visit_generators(visit);
}

/// Calls visit(name, parameter) for every parameter that is learned: that is not frozen.
void visit_learned(auto& model, auto&& visit) {
  model.visit_parameters([&](std::string_view name, Parameter& p) {
    if (!p.frozen) visit(name, p);
  });
}

/// Sets all gradients to zero: before each step, since `backward` adds.
void zero_gradients(auto& model) {
  visit_learned(model, [](std::string_view, Parameter& p) { p.grad().setZero(); });
}

/// Freezes all parameters of a model or layer.
void freeze(auto& model) {
  model.visit_parameters([](std::string_view, Parameter& p) { p.freeze(); });
}

/// How many numbers the model has, learned and frozen. Tied weights count once.
template <class Model>
Index parameter_count(const Model& model) requires requires(Model m) {
  m.visit_parameters(detail::AnyVisitor{});
}
{
  Index count = 0;
  visit_parameters(model, [&](std::string_view, const Parameter& p) { count += p.value.size(); });
  return count;
}

/// How many of them are learned.
template <class Model>
Index learned_count(const Model& model) requires requires(Model m) {
  m.visit_parameters(detail::AnyVisitor{});
}
{
  Index count = 0;
  visit_parameters(model, [&](std::string_view, const Parameter& p) {
    if (!p.frozen) count += p.value.size();
  });
  return count;
}

}}  // namespace damla::DAMLA_ABI
