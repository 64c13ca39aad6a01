#pragma once

#include "damla/core/error.hpp"
#include "damla/core/matrix.hpp"
#include "damla/core/random.hpp"
#include "damla/core/view.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// Dropout (Srivastava et al., 2014), inverted as in PyTorch: in training each number is set to 0
/// with probability p and the others are divided by 1 − p, so that the mean stays; otherwise y = x.
struct Dropout {
  Scalar p;
  Random random;
  bool training = true;
  Matrix mask;   // (N, C): 0 or 1/(1 − p)
  Matrix y, dx;  // (N, C)

  /// Throws Error unless 0 ≤ p < 1.
  Dropout(Scalar p_, Random random_) : p(p_), random(random_) {
    expect_number("Dropout", "p", static_cast<double>(p), below_one);
  }

  const Matrix& forward(const ConstMatrixRef& x) {
    expect_apart("Dropout::forward", {{"x", x}}, {{"mask", mask}, {"y", y}});
    if (!active()) return y = x;
    expect_number("Dropout::forward", "p", static_cast<double>(p), below_one);
    mask.resize(x.rows(), x.cols());
    for (Index i = 0; i < mask.size(); ++i)
      mask.data()[i] = random.chance(static_cast<double>(p)) ? Scalar(0) : 1 / (1 - p);
    return y = x.cwiseProduct(mask);
  }
  const Matrix& backward(const ConstMatrixRef& x, const ConstMatrixRef& dy) {
    expect_shape("Dropout::backward", "dy", dy, x.rows(), x.cols(), "as x");
    expect_apart("Dropout::backward", {{"x", x}, {"dy", dy}}, {{"dx", dx}});
    if (!active()) return dx = dy;
    expect_shape("Dropout::backward", "x", x, mask.rows(), mask.cols(), "as at the latest forward");
    return dx = dy.cwiseProduct(mask);
  }
  bool active() const { return training && p != 0; }
  void set_training(bool on) { training = on; }
  void visit_generators(auto&& visit) { visit(random); }
  void visit_parameters(auto&&) {}
};

/// Switches dropout off in a model that has it, for measuring and generating; at the end it is
/// again as it was.
template <class Model>
struct WithoutDropout {
  static constexpr bool possible = requires(Model & m) { m.set_training(false); };
  Model& model;
  bool before = false;

  explicit WithoutDropout(Model& m) : model(m) {
    if constexpr (possible) {
      static_assert(
          requires { m.training(); },
          "a model with set_training(bool) also needs training(): whether dropout is on");
      before = model.training(), model.set_training(false);
    }
  }
  WithoutDropout(const WithoutDropout&) = delete;
  WithoutDropout& operator=(const WithoutDropout&) = delete;
  ~WithoutDropout() {
    if constexpr (possible) model.set_training(before);
  }
};

}}  // namespace damla::DAMLA_ABI
