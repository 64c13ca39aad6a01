#pragma once

// Homework 4: causal multi-head attention. Write the two functions; then ./grade 4.
//
// The library's own formula of one head, to compare with when yours works:
// damla/functional/attention.hpp.
#include <damla/check/homework.hpp>
#include <damla/nn/attention.hpp>

namespace student {
using namespace damla;

/// x (B·T, C) is B sequences of T tokens, row b*T + t. With H heads of d = C/H columns:
///     qkv(x) = x·W + b                    (B·T, 3C): queries, keys, values, side by side;
///                                         in each, head h has columns h·d … h·d + d − 1
/// and for each sequence and head, with q, k, v (T, d):
///     scores(t, j)  = q(t)·k(j) / √d      only for j ≤ t: itself and those before it
///     weights(t, j) = softmax over j      subtract the largest score first, or exp overflows
///     mixed(t)      = Σ_j weights(t, j)·v(j)
/// The heads' results stand side by side in mixed (B·T, C), and y = projection(mixed).
struct Attention {
  Linear qkv;         // (C, 3C)
  Linear projection;  // (C, C)
  Index heads;        // H

  Attention(const BlockOptions& o, Random& random)
      : qkv(o.channels, 3 * o.channels, random, true, o.init_std),
        projection(o.channels, o.channels, random, true, o.projection_std),
        heads(o.heads) {}

  /// Returns y (B·T, C). Keep in members what backward needs.
  const Matrix& forward(const Matrix& /*x*/, Index /*T*/) {
    homework::not_written("Attention::forward");
  }

  /// dy (B·T, C) says how the loss changes with y; x is what the latest forward took. Returns dx
  /// (B·T, C). Linear's own backward adds to the gradients of its parameters. In between, for each
  /// sequence and head:
  ///     dv = weightsᵀ·dmixed     dweights = dmixed·vᵀ
  ///     dscores(t, j) = weights(t, j)·(dweights(t, j) − Σ_i weights(t, i)·dweights(t, i))
  ///     dq = dscores·k / √d      dk = dscoresᵀ·q / √d
  const Matrix& backward(const Matrix& /*x*/, const Matrix& /*dy*/, Index /*T*/) {
    homework::not_written("Attention::backward");
  }

  void visit_parameters(auto&& visit) {
    visit_part("c_attn", qkv, visit), visit_part("c_proj", projection, visit);
  }
};

}  // namespace student
