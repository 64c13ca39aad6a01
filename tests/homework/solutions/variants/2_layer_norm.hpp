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
    hat.resize(x.rows(), x.cols()), y.resize(x.rows(), x.cols()), spread.resize(x.rows());
    for (Index n = 0; n < x.rows(); ++n) {
      spread(n) = std::sqrt(x.row(n).squaredNorm() / static_cast<Scalar>(x.cols()) + epsilon);
      hat.row(n) = x.row(n) / spread(n);
      y.row(n) = hat.row(n).cwiseProduct(weight.value.row(0)) + bias.value.row(0);
    }
    return y;
  }

  const Matrix& backward(const Matrix& x, const Matrix& dy) {
    dx.resize(x.rows(), x.cols());
    for (Index n = 0; n < x.rows(); ++n) {
      const RowVector g = dy.row(n).cwiseProduct(weight.value.row(0));
      dx.row(n) = (g - hat.row(n) * g.cwiseProduct(hat.row(n)).mean()) / spread(n);
      weight.grad().row(0) += dy.row(n).cwiseProduct(hat.row(n));
      bias.grad().row(0) += dy.row(n);
    }
    return dx;
  }

  void visit_parameters(auto&& visit) { visit("weight", weight), visit("bias", bias); }
};

}  // namespace student
