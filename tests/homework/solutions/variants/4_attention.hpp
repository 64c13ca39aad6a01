#pragma once

#include <damla/check/homework.hpp>
#include <damla/nn/attention.hpp>

namespace student {
using namespace damla;

struct Attention {
  Linear qkv, projection;
  Index heads;
  Matrix weights;  // (B·H·T, T)
  Matrix mixed;    // (B·T, C)
  Matrix dqkv;     // (B·T, 3C)

  Attention(const BlockOptions& o, Random& random)
      : qkv(o.channels, 3 * o.channels, random, true, o.init_std),
        projection(o.channels, o.channels, random, true, o.projection_std),
        heads(o.heads) {}

  const Matrix& forward(const Matrix& x, Index T) {
    const Matrix& q_k_v = qkv.forward(x);
    const Index B = x.rows() / T, C = x.cols(), d = C / heads;
    weights.setZero(B * heads * T, T), mixed.setZero(x.rows(), C);
    for (Index b = 0; b < B; ++b)
      for (Index h = 0; h < heads; ++h)
        for (Index t = 0; t < T; ++t) {
          auto w = weights.row((b * heads + h) * T + t);
          const Index begin = std::max<Index>(0, t - 3), seen = t + 1 - begin;
          for (Index j = begin; j <= t; ++j) {
            for (Index c = 0; c < d; ++c)
              w(j) += q_k_v(b * T + t, h * d + c) * q_k_v(b * T + j, C + h * d + c);
            w(j) /= std::sqrt(static_cast<Scalar>(d));
          }
          const Scalar most = w.segment(begin, seen).maxCoeff();
          for (Index j = begin; j <= t; ++j) w(j) = std::exp(w(j) - most);
          w.segment(begin, seen) /= w.segment(begin, seen).sum();
          for (Index j = begin; j <= t; ++j)
            for (Index c = 0; c < d; ++c)
              mixed(b * T + t, h * d + c) += w(j) * q_k_v(b * T + j, 2 * C + h * d + c);
        }
    return projection.forward(mixed);
  }

  const Matrix& backward(const Matrix& x, const Matrix& dy, Index T) {
    const Matrix& dmixed = projection.backward(mixed, dy);
    const Matrix& q_k_v = qkv.y;
    const Index B = x.rows() / T, C = x.cols(), d = C / heads;
    const Scalar scale = 1 / std::sqrt(static_cast<Scalar>(d));
    dqkv.setZero(x.rows(), 3 * C);
    for (Index b = 0; b < B; ++b)
      for (Index h = 0; h < heads; ++h)
        for (Index t = 0; t < T; ++t) {
          const auto w = weights.row((b * heads + h) * T + t);
          RowVector dw = RowVector::Zero(T);
          for (Index j = 0; j < T; ++j)
            for (Index c = 0; c < d; ++c) {
              dw(j) += dmixed(b * T + t, h * d + c) * q_k_v(b * T + j, 2 * C + h * d + c);
              dqkv(b * T + j, 2 * C + h * d + c) += w(j) * dmixed(b * T + t, h * d + c);
            }
          const Scalar dot = w.dot(dw);
          for (Index j = 0; j < T; ++j) {
            const Scalar ds = w(j) * (dw(j) - dot) * scale;
            for (Index c = 0; c < d; ++c) {
              dqkv(b * T + t, h * d + c) += ds * q_k_v(b * T + j, C + h * d + c);
              dqkv(b * T + j, C + h * d + c) += ds * q_k_v(b * T + t, h * d + c);
            }
          }
        }
    return qkv.backward(x, dqkv);
  }

  void visit_parameters(auto&& visit) {
    visit_part("c_attn", qkv, visit), visit_part("c_proj", projection, visit);
  }
};

}  // namespace student
