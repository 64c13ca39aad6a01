#include "damla/core/parameter.hpp"

#include <string>
#include <type_traits>
#include <vector>

#include "helpers/catch.hpp"

using namespace damla;

namespace {
struct Part {
  Parameter weight{2, 3};
  void visit_parameters(auto&& visit) { visit("weight", weight); }
};
struct Model {
  Part part;
  Parameter bias{1, 3};
  void visit_parameters(auto&& visit) { visit_part("part", part, visit), visit("bias", bias); }
};
}  // namespace

TEST_CASE("a gradient takes memory from its first use on, as zeros of value's shape", "[core]") {
  Parameter p(2, 3);
  const Parameter& seen = p;
  CHECK(seen.grad().size() == 0);
  CHECK(p.grad() == Matrix::Zero(2, 3));
  CHECK(seen.grad().size() == 6);
  p.grad()(1, 1) = 4;
  CHECK(p.grad()(1, 1) == 4);  // and is not made anew
}

TEST_CASE("a const model can be visited, and only read", "[core]") {
  const Model model;
  std::vector<std::string> names;
  visit_parameters(model, [&](std::string_view name, auto& p) {
    STATIC_REQUIRE(std::is_same_v<decltype(p), const Parameter&>);
    names.emplace_back(name);
    CHECK(p.grad().size() == 0);
  });
  CHECK(names == std::vector<std::string>{"part.weight", "bias"});
  CHECK(parameter_count(model) == 9);
}

TEST_CASE("the parameters of a model that is not const can be changed", "[core]") {
  Model model;
  visit_parameters(model, [](std::string_view, Parameter& p) { p.value.setConstant(5); });
  CHECK(model.part.weight.value == Matrix::Constant(2, 3, 5));
  model.bias.grad().setConstant(7);
  zero_gradients(model);
  CHECK(model.bias.grad().isZero(0));
}

TEST_CASE("what is frozen is passed over", "[core]") {
  Model model;
  model.bias.grad().setConstant(7);
  model.bias.freeze();
  CHECK(std::as_const(model.bias).grad().size() == 0);
  std::vector<std::string> names;
  visit_learned(model, [&](std::string_view name, Parameter&) { names.emplace_back(name); });
  CHECK(names == std::vector<std::string>{"part.weight"});
  zero_gradients(model);
  CHECK(std::as_const(model.bias).grad().size() == 0);
  CHECK(parameter_count(model) == 9);
  CHECK(learned_count(model) == 6);
  freeze(model);
  CHECK(learned_count(model) == 0);
}

TEST_CASE("a name that would be over 128 letters long is an error", "[core]") {
  Part part;
  CHECK_NOTHROW(visit_part(std::string(121, 'x'), part, [](std::string_view, Parameter&) {}));
  CHECK_THROWS_AS(visit_part(std::string(122, 'x'), part, [](std::string_view, Parameter&) {}),
                  Error);
}
