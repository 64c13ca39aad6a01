#pragma once

#include <string>
#include <tuple>
#include <utility>

#include "damla/core/parameter.hpp"
#include "damla/core/view.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// Layers one after the other: y = lastₙ(… second(first(x))). `Sequential net(Linear(2, 8, random),
/// Relu(), Linear(8, 1, random));`
template <class... Layers>
struct Sequential {
  std::tuple<Layers...> layers;

  explicit Sequential(Layers... layers_) : layers(std::move(layers_)...) {}

  const Matrix& forward(const ConstMatrixRef& x) {
    each([&](const auto& layer) {
      if constexpr (requires { ConstView(layer.y); })
        expect_apart("Sequential::forward", {{"x", x}}, {{"a layer's y", layer.y}});
    });
    return forward_from<0>(x);
  }
  const Matrix& backward(const ConstMatrixRef& x, const ConstMatrixRef& dy) {
    expect_gradients_apart(x, dy);
    return backward_from<0>(x, dy);
  }

  /// The gradients of the parameters alone, where x is data, of which nobody asks for dx.
  void backward_parameters(const ConstMatrixRef& x, const ConstMatrixRef& dy) {
    expect_gradients_apart(x, dy);
    auto& first = std::get<0>(layers);
    const auto finish = [&](const ConstMatrixRef& d) {
      if constexpr (requires { first.backward_parameters(x, d); }) first.backward_parameters(x, d);
      else first.backward(x, d);
    };
    if constexpr (sizeof...(Layers) == 1) finish(dy);
    else finish(backward_from<1>(first.y, dy));
  }

  void visit_parameters(auto&& visit) {
    std::size_t i = 0;
    each([&](auto& layer) { visit_part(std::to_string(i++), layer, visit); });
  }
  void set_training(bool on) {
    each([&](auto& layer) { damla::set_training(layer, on); });
  }
  void visit_generators(auto&& visit) {
    each([&](auto& layer) { damla::visit_generators(layer, visit); });
  }

 private:
  void each(auto&& visit) {
    std::apply([&](auto&... layer) { (visit(layer), ...); }, layers);
  }
  /// The first layer reads x when all others have written their dx.
  void expect_gradients_apart(const ConstMatrixRef& x, const ConstMatrixRef& dy) {
    each([&](const auto& layer) {
      if constexpr (requires { ConstView(layer.dx); })
        expect_apart("Sequential::backward", {{"x", x}, {"dy", dy}}, {{"a layer's dx", layer.dx}});
    });
  }
  template <std::size_t I>
  const Matrix& forward_from(const ConstMatrixRef& x) {
    const Matrix& y = std::get<I>(layers).forward(x);
    if constexpr (I + 1 == sizeof...(Layers)) return y;
    else return forward_from<I + 1>(y);
  }
  // The gradient enters at the last layer and leaves at the first.
  template <std::size_t I>
  const Matrix& backward_from(const ConstMatrixRef& x, const ConstMatrixRef& dy) {
    auto& layer = std::get<I>(layers);
    if constexpr (I + 1 == sizeof...(Layers)) return layer.backward(x, dy);
    else return layer.backward(x, backward_from<I + 1>(layer.y, dy));
  }
};

}}  // namespace damla::DAMLA_ABI
