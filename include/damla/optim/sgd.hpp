#pragma once

#include <vector>

#include "damla/core/parameter.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// Stochastic gradient descent with momentum, as in PyTorch: velocity = momentum·velocity + grad,
/// value −= learning_rate·velocity.
struct Sgd {
  Scalar learning_rate = Scalar(0.1);
  Scalar momentum = 0;
  std::vector<Matrix>
      velocities{};  // one for each parameter that is learned, in the order of the model's visit

  /// One update. Throws Error for an option out of its range, and when the model has other
  /// parameters than at the first step with momentum.
  void step(auto& model) {
    expect_number("Sgd::step", "learning_rate", static_cast<double>(learning_rate), not_negative);
    expect_number("Sgd::step", "momentum", static_cast<double>(momentum), below_one);
    const bool first = velocities.empty();
    std::size_t i = 0;
    visit_learned(model, [&](std::string_view, Parameter& p) {
      if (momentum == 0) {
        p.value.noalias() -= learning_rate * p.grad();
        return;
      }
      if (first) velocities.push_back(Matrix::Zero(p.value.rows(), p.value.cols()));
      require(i < velocities.size(), other_model);
      Matrix& velocity = velocities[i++];
      expect_shape("Sgd::step", "velocity", velocity, p.value.rows(), p.value.cols(),
                   "one optimizer serves one model");
      velocity = momentum * velocity + p.grad();
      p.value.noalias() -= learning_rate * velocity;
    });
    require(momentum == 0 || i == velocities.size(), other_model);
  }

 private:
  static constexpr const char* other_model =
      "Sgd::step: this model has other parameters than that of the first step";
};

}}  // namespace damla::DAMLA_ABI
