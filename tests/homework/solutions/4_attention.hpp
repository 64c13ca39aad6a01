#pragma once

#include <damla/check/homework.hpp>
#include <damla/nn/attention.hpp>

namespace student {
using namespace damla;

struct Attention {
  Linear c_attn, c_proj;
  Index heads;
  Matrix weights;  // (B·H·T, T)
  Matrix mixed;    // (B·T, C)
  Matrix dqkv;     // (B·T, 3C)

  Attention(const BlockOptions& o, Random& random)
      : c_attn(o.channels, 3 * o.channels, random, true, o.init_std),
        c_proj(o.channels, o.channels, random, true, o.projection_std),
        heads(o.heads) {}

  const Matrix& forward(const Matrix& x, Index T) {
    const Matrix& qkv = c_attn.forward(x);
    const Index B = x.rows() / T, C = x.cols(), d = C / heads;
    weights.setZero(B * heads * T, T), mixed.setZero(x.rows(), C);
    for (Index b = 0; b < B; ++b)
      for (Index h = 0; h < heads; ++h)
        for (Index t = 0; t < T; ++t) {
          auto w = weights.row((b * heads + h) * T + t);
          const Index end = t + 1;
          for (Index j = 0; j < end; ++j) {
            for (Index c = 0; c < d; ++c)
              w(j) += qkv(b * T + t, h * d + c) * qkv(b * T + j, C + h * d + c);
            w(j) /= std::sqrt(static_cast<Scalar>(d));
          }
          const Scalar most = w.head(end).maxCoeff();
          for (Index j = 0; j < end; ++j) w(j) = std::exp(w(j) - most);
          w.head(end) /= w.head(end).sum();
          for (Index j = 0; j < end; ++j)
            for (Index c = 0; c < d; ++c)
              mixed(b * T + t, h * d + c) += w(j) * qkv(b * T + j, 2 * C + h * d + c);
        }
    return c_proj.forward(mixed);
  }

  const Matrix& backward(const Matrix& x, const Matrix& dy, Index T) {
    const Matrix& dmixed = c_proj.backward(mixed, dy);
    const Matrix& qkv = c_attn.y;
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
              dw(j) += dmixed(b * T + t, h * d + c) * qkv(b * T + j, 2 * C + h * d + c);
              dqkv(b * T + j, 2 * C + h * d + c) += w(j) * dmixed(b * T + t, h * d + c);
            }
          const Scalar dot = w.dot(dw);
          for (Index j = 0; j < T; ++j) {
            const Scalar ds = w(j) * (dw(j) - dot) * scale;
            for (Index c = 0; c < d; ++c) {
              dqkv(b * T + t, h * d + c) += ds * qkv(b * T + j, C + h * d + c);
              dqkv(b * T + j, C + h * d + c) += ds * qkv(b * T + t, h * d + c);
            }
          }
        }
    return c_attn.backward(x, dqkv);
  }

  void visit_parameters(auto&& visit) {
    visit_part("c_attn", c_attn, visit), visit_part("c_proj", c_proj, visit);
  }
};

}  // namespace student
