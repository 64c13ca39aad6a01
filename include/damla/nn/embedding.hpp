#pragma once

#include <algorithm>

#include "damla/core/parameter.hpp"
#include "damla/core/random.hpp"
#include "damla/core/view.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// A table with one learned vector for each token: y(n, :) = weight(tokens[n], :).
struct Embedding {
  Parameter weight;  // (V, C)
  Matrix y;          // (N, C)

  /// Throws Error for a size under 1 or a deviation under 0.
  Embedding(Index vocab_size, Index channels, Random& random, double init_std = 0.02)
      : weight(vocab_size, channels, "Embedding") {
    expect_number("Embedding", "init_std", init_std, a_deviation);
    random.fill_normal(weight.value, init_std);
  }

  /// Returns y (N, C) for N tokens. Throws Error for a token outside 0 … V-1.
  const Matrix& forward(TokenSpan tokens) {
    const Index N = std::ssize(tokens);
    y.resize(N, weight.value.cols());
    for (Index n = 0; n < N; ++n)
      std::copy_n(weight.value.row(checked("forward", tokens, n)).data(), y.cols(),
                  y.row(n).data());
    return y;
  }

  /// weight.grad()(tokens[n], :) += dy(n, :). Tokens have no gradient, so nothing is returned.
  void backward(TokenSpan tokens, const ConstMatrixRef& dy) {
    expect_shape("Embedding::backward", "dy", dy, std::ssize(tokens), weight.value.cols());
    if (weight.frozen) return;
    expect_apart("Embedding::backward", {{"dy", dy}}, {{"weight.grad()", weight.grad()}});
    for (Index n = 0; n < dy.rows(); ++n) {
      Scalar* grad = weight.grad().row(checked("backward", tokens, n)).data();
      const Scalar* d = dy.row(n).data();
      for (Index c = 0; c < dy.cols(); ++c) grad[c] += d[c];
    }
  }

  void visit_parameters(auto&& visit) { visit("weight", weight); }

 private:
  Token checked(const char* call, TokenSpan tokens, Index n) const {
    const Token token = tokens[static_cast<std::size_t>(n)];
    if (token < 0 || token >= weight.value.rows()) refuse(call, n, token);
    return token;
  }
  [[noreturn]] void refuse(const char* call, Index n, Token token) const;
};

}}  // namespace damla::DAMLA_ABI
