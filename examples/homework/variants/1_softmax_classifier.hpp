#pragma once

// Homework 1: a softmax classifier with label smoothing, and its gradient. Write the functions;
// then ./grade 1.
//
// The library has both without smoothing: damla/functional/softmax.hpp and cross_entropy.hpp.
#include <damla/check/homework.hpp>
#include <damla/core/matmul.hpp>
#include <damla/core/parameter.hpp>

namespace student {
using namespace damla;

/// Turns each row of scores (N, V) into probabilities:
///     p(n, v) = exp(logits(n, v)) / Σ_j exp(logits(n, j))
/// Large scores must not overflow: exp(1000) is infinite, yet the probabilities are not.
inline Matrix softmax(const Matrix& /*logits*/) { homework::not_written("softmax"); }

/// How surprising the right classes are, in nats, when a tenth of each label is shared by all V
/// classes:
///     q(n, v) = 0.9·[v is targets[n]] + 0.1/V
///     loss = −(1/M) Σ_n Σ_v q(n, v)·ln p(n, v)       over the M rows whose target is not −100
inline double cross_entropy(const Matrix& /*logits*/, const Tokens& /*targets*/) {
  homework::not_written("cross_entropy");
}

/// How the loss changes with each logit, (N, V): (p − q) / M, and 0 in the rows whose target is
/// −100.
inline Matrix cross_entropy_gradient(const Matrix& /*logits*/, const Tokens& /*targets*/) {
  homework::not_written("cross_entropy_gradient");
}

/// Scores = x·W + b.
struct Classifier {
  Parameter weight;  // (C, V)
  Parameter bias;    // (1, V)
  Matrix y;          // (N, V): result of forward
  Matrix dx;         // (N, C): result of backward

  Classifier(Index features, Index classes) : weight(features, classes), bias(1, classes) {}

  /// x is (N, C). Fills y and returns it. A product is written matmul(y, x, W), a transposed matrix
  /// W.transpose().
  const Matrix& forward(const Matrix& /*x*/) { homework::not_written("Classifier::forward"); }

  /// dy is (N, V). Fills dx = dy·Wᵀ and returns it; *adds* xᵀ·dy to weight.grad() and the sum of
  /// dy's rows to bias.grad().
  const Matrix& backward(const Matrix& /*x*/, const Matrix& /*dy*/) {
    homework::not_written("Classifier::backward");
  }

  void visit_parameters(auto&& visit) { visit("weight", weight), visit("bias", bias); }
};

}  // namespace student
