#pragma once

// A network on the tape of tape.hpp, number by number, beside the library's.

#include <algorithm>

#include "damla/models/mlp.hpp"
#include "damla/nn/loss.hpp"
#include "tape.hpp"

namespace damla {

using Values = std::vector<Value>;

/// A matrix on the tape: row after row.
inline std::vector<Values> on_tape(Tape& tape, const Matrix& m) {
  std::vector<Values> rows(static_cast<std::size_t>(m.rows()));
  for (std::size_t i = 0; i < rows.size(); ++i)
    for (const Scalar number : m.row(static_cast<Index>(i)))
      rows[i].push_back(tape.write(static_cast<double>(number)));
  return rows;
}

/// x·W + b
inline Values linear(const Values& x, const std::vector<Values>& W, const Values& b) {
  Values y = b;
  for (std::size_t i = 0; i < x.size(); ++i)
    for (std::size_t j = 0; j < y.size(); ++j) y[j] = y[j] + x[i] * W[i][j];
  return y;
}

/// −ln of the probability that softmax gives to the class: ln Σ exp(logits) − logit of the class
inline Value cross_entropy(const Values& logits, std::size_t of) {
  Value sum = exp(logits[0]);
  for (std::size_t j = 1; j < logits.size(); ++j) sum = sum + exp(logits[j]);
  return log(sum) - logits[of];
}

/// The mean loss of an MLP whose parameters are W₁, b₁, W₂, b₂.
inline Value mean_loss(Tape& tape, const std::vector<std::vector<Values>>& parameters,
                       const std::vector<Values>& x, const Tokens& classes) {
  Value sum = tape.write(0);
  for (std::size_t n = 0; n < x.size(); ++n) {
    Values hidden = linear(x[n], parameters[0], parameters[1][0]);
    for (Value& h : hidden) h = tanh(h);
    const Values logits = linear(hidden, parameters[2], parameters[3][0]);
    sum = sum + cross_entropy(logits, static_cast<std::size_t>(classes[n]));
  }
  return sum * tape.write(1 / static_cast<double>(x.size()));
}

/// The largest difference between a gradient of the tape and the library's, as a share of the
/// largest gradient.
inline double tape_against_library(Mlp<Tanh>& model, const Matrix& x, const Tokens& classes) {
  CrossEntropy loss;
  zero_gradients(model);
  loss.forward(model.forward(x), classes);
  model.backward(x, loss.backward(std::get<2>(model.layers).y, classes));

  Tape tape;
  std::vector<std::vector<Values>> parameters;
  model.visit_parameters(
      [&](const auto&, Parameter& p) { parameters.push_back(on_tape(tape, p.value)); });
  tape.backward(mean_loss(tape, parameters, on_tape(tape, x), classes));

  double difference = 0, largest = 0;
  auto ours = parameters.begin();
  model.visit_parameters([&](const auto&, Parameter& p) {
    for (Index i = 0; i < p.value.rows(); ++i)
      for (Index j = 0; j < p.value.cols(); ++j) {
        const auto theirs = static_cast<double>(p.grad()(i, j));
        const Value& v = (*ours)[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)];
        difference = std::max(difference, std::abs(v.gradient() - theirs));
        largest = std::max(largest, std::abs(theirs));
      }
    ++ours;
  });
  return difference / largest;
}

}  // namespace damla
