#pragma once

#include <cmath>
#include <vector>

#include "damla/core/parameter.hpp"
#include "damla/core/share.hpp"
#include "damla/functional/adamw.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// Adam with decoupled weight decay (Loshchilov and Hutter, 2019, algorithm 2), as PyTorch's AdamW:
///     m = β₁·m + (1−β₁)·g      v = β₂·v + (1−β₂)·g²
///     w = w − η·λ·w − η·(m/(1−β₁ᵗ)) / (√(v/(1−β₂ᵗ)) + ε)
/// What has one row does not decay: biases and weights of norms, and so a Linear with one input.
struct AdamW {
  Scalar learning_rate = Scalar(3e-3);  ///< η
  Scalar beta1 = Scalar(0.9);
  Scalar beta2 = Scalar(0.99);
  Scalar epsilon = Scalar(1e-8);       ///< over 0: with 0, which PyTorch takes, a weight whose
                                       ///< gradient was always 0 becomes 0/0
  Scalar weight_decay = Scalar(0.01);  ///< λ
  Share share{};                       ///< of each parameter's rows: those that it updates, all
                                       ///< unless others update the rest (see DataParallel)
  Index steps = 0;                     ///< t: updates so far

  struct Moments {
    Matrix first, second;  // as the parameter, or its share
  };
  std::vector<Moments>
      moments{};  // one for each parameter that is learned, in the order of the model's visit

  /// One update. grad_scale multiplies all gradients (see clip_scale). Throws Error for an option
  /// out of its range, and when the model has other parameters than at the first step.
  void step(auto& model, Scalar grad_scale = 1) {
    check(grad_scale);
    ++steps;
    functional::AdamWStep s{learning_rate,    beta1,        beta2,
                            epsilon,          weight_decay, 1 - power(beta1),
                            1 - power(beta2), grad_scale};
    const bool first = moments.empty();
    std::size_t i = 0;
    visit_learned(model, [&](std::string_view, Parameter& p) {
      const Index rows = share.size(p.value.rows());
      if (first)
        moments.push_back({Matrix::Zero(rows, p.value.cols()), Matrix::Zero(rows, p.value.cols())});
      require(i < moments.size(), other_model);
      Moments& m = moments[i++];
      expect_shape("AdamW::step", "moment", m.first, rows, p.value.cols(),
                   "one optimizer serves one model");
      s.weight_decay = p.value.rows() > 1 ? weight_decay : 0;
      functional::adamw(share.rows_of(p.value), m.first, m.second, share.rows_of(p.grad()), s);
    });
    require(i == moments.size(), other_model);
  }

 private:
  void check(Scalar grad_scale) const;
  static constexpr const char* other_model =
      "AdamW::step: this model has other parameters than that of the first step";
  Scalar power(Scalar beta) const {
    return static_cast<Scalar>(std::pow(static_cast<double>(beta), static_cast<double>(steps)));
  }
};

}}  // namespace damla::DAMLA_ABI
