#pragma once

#include <damla/check/homework.hpp>
#include <damla/core/parameter.hpp>

namespace student {
using namespace damla;

struct LayerNorm {
  Parameter weight;  // (1, C)
  Parameter bias;    // (1, C)
  Scalar epsilon = Scalar(1e-5);
  Matrix hat;        // (N, C)
  RowVector spread;  // N
  Matrix y, dx;

  explicit LayerNorm(Index channels) : weight(1, channels), bias(1, channels) {
    weight.value.setOnes();
  }

  const Matrix& forward(const Matrix& x) {
    const Index N = x.rows(), C = x.cols();
    hat.resize(N, C), y.resize(N, C), spread.resize(N);
    for (Index n = 0; n < N; ++n) {
      Scalar mean = 0, variance = 0;
      for (Index c = 0; c < C; ++c) mean += x(n, c) / static_cast<Scalar>(C);
      for (Index c = 0; c < C; ++c) variance += (x(n, c) - mean) * (x(n, c) - mean);
      variance /= static_cast<Scalar>(C);
      spread(n) = std::sqrt(variance + epsilon);
      for (Index c = 0; c < C; ++c) {
        hat(n, c) = (x(n, c) - mean) / spread(n);
        y(n, c) = hat(n, c) * weight.value(0, c) + bias.value(0, c);
      }
    }
    return y;
  }

  const Matrix& backward(const Matrix& x, const Matrix& dy) {
    const Index N = x.rows(), C = x.cols();
    dx.resize(N, C);
    for (Index n = 0; n < N; ++n) {
      Scalar mean_g = 0, mean_gh = 0;
      for (Index c = 0; c < C; ++c) {
        const Scalar g = dy(n, c) * weight.value(0, c);
        mean_g += g / static_cast<Scalar>(C);
        mean_gh += g * hat(n, c) / static_cast<Scalar>(C);
        weight.grad()(0, c) += dy(n, c) * hat(n, c);
        bias.grad()(0, c) += dy(n, c);
      }
      for (Index c = 0; c < C; ++c) {
        const Scalar g = dy(n, c) * weight.value(0, c);
        dx(n, c) = (g - mean_g - hat(n, c) * mean_gh) / spread(n);
      }
    }
    return dx;
  }

  void visit_parameters(auto&& visit) { visit("weight", weight), visit("bias", bias); }
};

}  // namespace student
