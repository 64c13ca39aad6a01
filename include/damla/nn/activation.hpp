#pragma once

#include "damla/core/error.hpp"
#include "damla/core/view.hpp"
#include "damla/functional/activation.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// The activations of functional/activation.hpp as layers. Each is applied number by number; y and
/// dx have the shape of x.

/// max(0, x).
struct Relu {
  Matrix y, dx;

  const Matrix& forward(const ConstMatrixRef& x) {
    expect_apart("Relu::forward", {{"x", x}}, {{"y", y}});
    y.resize(x.rows(), x.cols());
    functional::relu(y, x);
    return y;
  }
  const Matrix& backward(const ConstMatrixRef& x, const ConstMatrixRef& dy) {
    expect_shape("Relu::backward", "dy", dy, x.rows(), x.cols(), "as x");
    expect_apart("Relu::backward", {{"x", x}, {"dy", dy}}, {{"dx", dx}});
    dx.resize(x.rows(), x.cols());
    functional::relu_backward(dx, x, dy);
    return dx;
  }
  void visit_parameters(auto&&) {}
};

/// No activation at all: y = x. Linear layers with this between them are one linear layer.
struct Identity {
  Matrix y, dx;

  const Matrix& forward(const ConstMatrixRef& x) {
    expect_apart("Identity::forward", {{"x", x}}, {{"y", y}});
    return y = x;
  }
  const Matrix& backward(const ConstMatrixRef& x, const ConstMatrixRef& dy) {
    expect_shape("Identity::backward", "dy", dy, x.rows(), x.cols(), "as x");
    expect_apart("Identity::backward", {{"x", x}, {"dy", dy}}, {{"dx", dx}});
    return dx = dy;
  }
  void visit_parameters(auto&&) {}
};

/// tanh(x).
struct Tanh {
  Matrix y, dx;

  const Matrix& forward(const ConstMatrixRef& x) {
    expect_apart("Tanh::forward", {{"x", x}}, {{"y", y}});
    y.resize(x.rows(), x.cols());
    functional::tanh(y, x);
    return y;
  }
  const Matrix& backward(const ConstMatrixRef& x, const ConstMatrixRef& dy) {
    expect_shape("Tanh::backward", "dy", dy, x.rows(), x.cols(), "as x");
    expect_shape("Tanh::backward", "x", x, y.rows(), y.cols(), "as at the latest forward");
    expect_apart("Tanh::backward", {{"x", x}, {"dy", dy}}, {{"dx", dx}});
    dx.resize(x.rows(), x.cols());
    functional::tanh_backward(dx, y, dy);
    return dx;
  }
  void visit_parameters(auto&&) {}
};

/// 1 / (1 + exp(−x)).
struct Sigmoid {
  Matrix y, dx;

  const Matrix& forward(const ConstMatrixRef& x) {
    expect_apart("Sigmoid::forward", {{"x", x}}, {{"y", y}});
    y.resize(x.rows(), x.cols());
    functional::sigmoid(y, x);
    return y;
  }
  const Matrix& backward(const ConstMatrixRef& x, const ConstMatrixRef& dy) {
    expect_shape("Sigmoid::backward", "dy", dy, x.rows(), x.cols(), "as x");
    expect_shape("Sigmoid::backward", "x", x, y.rows(), y.cols(), "as at the latest forward");
    expect_apart("Sigmoid::backward", {{"x", x}, {"dy", dy}}, {{"dx", dx}});
    dx.resize(x.rows(), x.cols());
    functional::sigmoid_backward(dx, y, dy);
    return dx;
  }
  void visit_parameters(auto&&) {}
};

/// GELU in the form with tanh that GPT-2 uses.
struct Gelu {
  Matrix y, dx;

  const Matrix& forward(const ConstMatrixRef& x) {
    expect_apart("Gelu::forward", {{"x", x}}, {{"y", y}});
    y.resize(x.rows(), x.cols());
    functional::gelu(y, x);
    return y;
  }
  const Matrix& backward(const ConstMatrixRef& x, const ConstMatrixRef& dy) {
    expect_shape("Gelu::backward", "dy", dy, x.rows(), x.cols(), "as x");
    expect_shape("Gelu::backward", "x", x, y.rows(), y.cols(), "as at the latest forward");
    expect_apart("Gelu::backward", {{"x", x}, {"dy", dy}}, {{"dx", dx}});
    dx.resize(x.rows(), x.cols());
    functional::gelu_backward(dx, x, y, dy);
    return dx;
  }
  /// The same, for who needs dy no longer: dy becomes dx, and no second matrix is written.
  const Matrix& backward_in_place(const ConstMatrixRef& x, Matrix& dy) {
    expect_shape("Gelu::backward_in_place", "dy", dy, x.rows(), x.cols(), "as x");
    expect_shape("Gelu::backward_in_place", "x", x, y.rows(), y.cols(), "as at the latest forward");
    functional::gelu_backward(dy, x, y, dy);
    return dy;
  }
  void visit_parameters(auto&&) {}
};

/// GELU without the approximation, as in BERT and as PyTorch's default.
struct ExactGelu {
  Matrix y, dx;

  const Matrix& forward(const ConstMatrixRef& x) {
    expect_apart("ExactGelu::forward", {{"x", x}}, {{"y", y}});
    y.resize(x.rows(), x.cols());
    functional::exact_gelu(y, x);
    return y;
  }
  const Matrix& backward(const ConstMatrixRef& x, const ConstMatrixRef& dy) {
    expect_shape("ExactGelu::backward", "dy", dy, x.rows(), x.cols(), "as x");
    expect_apart("ExactGelu::backward", {{"x", x}, {"dy", dy}}, {{"dx", dx}});
    dx.resize(x.rows(), x.cols());
    functional::exact_gelu_backward(dx, x, dy);
    return dx;
  }
  void visit_parameters(auto&&) {}
};

}}  // namespace damla::DAMLA_ABI
