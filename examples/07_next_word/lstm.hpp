#pragma once

#include <cmath>

#include "06_gpt_block/without.hpp"
#include "damla/models/gpt.hpp"

namespace damla {

/// Long short-term memory (Hochreiter and Schmidhuber, 1997; the gate that forgets: Gers,
/// Schmidhuber and Cummins, 2000), a layer that reads one word after the other and keeps what it
/// has read in a memory of C numbers. a is the sum of what the word says and what the layer said
/// last:
///
///     a = x(t)·W + b + y(t−1)·R      in, forget, out = σ(a₁, a₂, a₃)      news = tanh(a₄)
///     memory(t) = forget ⊙ memory(t−1) + in ⊙ news      y(t) = out ⊙ tanh(memory(t))
///
/// It fits where a block of a GPT does.
struct Lstm {
  Linear input;      // W (C, 4C) and b
  Parameter repeat;  // R (C, 4C)
  Matrix gates;      // (N, 4C): in, forget, out and news, side by side
  Matrix memory;     // (N, C)
  Matrix y;          // (N, C)
  Matrix dgates;     // (N, 4C): the gradient by a

  /// The layer begins by forgetting little: its gate's bias is 1.
  Lstm(const BlockOptions& o, Random& random)
      : input(o.channels, 4 * o.channels, random), repeat(o.channels, 4 * o.channels, "Lstm") {
    random.fill_normal(repeat.value, 1 / std::sqrt(static_cast<double>(o.channels)));
    input.bias.value.middleCols(o.channels, o.channels).setOnes();
  }

  /// x is B texts of T words (B·T, C), as is y.
  const Matrix& forward(const ConstMatrixRef& x, Index T) {
    const Index B = x.rows() / T, C = x.cols();
    gates = input.forward(x);
    memory.resize(x.rows(), C), y.resize(x.rows(), C);
    Matrix last = Matrix::Zero(B, C), said;
    for (Index t = 0; t < T; ++t) {
      matmul(said, last, repeat.value);
      for (Index b = 0; b < B; ++b) {
        const Index n = b * T + t;
        auto a = gates.row(n).array();
        a += said.row(b).array();
        a.head(3 * C) = a.head(3 * C).logistic();
        a.tail(C) = a.tail(C).tanh();
        memory.row(n) = a.head(C) * a.tail(C);
        if (t > 0) memory.row(n).array() += a.segment(C, C) * memory.row(n - 1).array();
        y.row(n) = a.segment(2 * C, C) * memory.row(n).array().tanh();
        last.row(b) = y.row(n);
      }
    }
    return y;
  }

  /// Backpropagation through time: from the last word to the first, since each word's memory goes
  /// on to the next. x and T are those of the latest forward. Adds to the gradients.
  const Matrix& backward(const ConstMatrixRef& x, const ConstMatrixRef& dy, Index T) {
    const Index B = x.rows() / T, C = x.cols();
    dgates.resize(x.rows(), 4 * C);
    Matrix before = Matrix::Zero(x.rows(), C);  // y of the word before
    Matrix dlast = Matrix::Zero(B, C), dmemory = Matrix::Zero(B, C), da(B, 4 * C);
    for (Index t = T; t-- > 0;) {
      for (Index b = 0; b < B; ++b) {
        const Index n = b * T + t;
        const auto in = gates.row(n).array().head(C), forget = gates.row(n).array().segment(C, C),
                   out = gates.row(n).array().segment(2 * C, C),
                   news = gates.row(n).array().tail(C);
        const RowVector bent = memory.row(n).array().tanh();
        const RowVector dh = dlast.row(b) + dy.row(n);
        auto dm = dmemory.row(b).array();
        dm += dh.array() * out * (1 - bent.array().square());
        da.row(b).head(C) = dm * news * in * (1 - in);
        da.row(b).segment(C, C).setZero();
        if (t > 0) {
          da.row(b).segment(C, C) = dm * memory.row(n - 1).array() * forget * (1 - forget);
          before.row(n) = y.row(n - 1);
        }
        da.row(b).segment(2 * C, C) = dh.array() * bent.array() * out * (1 - out);
        da.row(b).tail(C) = dm * in * (1 - news.square());
        dgates.row(n) = da.row(b);
        dm *= forget;
      }
      matmul(dlast, da, repeat.value.transpose());
    }
    if (!repeat.frozen) matmul_add(repeat.grad(), before.transpose(), dgates);
    return input.backward(x, dgates);
  }

  void visit_parameters(auto&& visit) {
    visit_part("input", input, visit);
    visit("repeat", repeat);
  }
};

/// A language model with LSTMs where a GPT has blocks. Its order of reading tells it where it is,
/// so it needs no positions.
using LstmModel = Gpt<Lstm, NoPositions>;

}  // namespace damla
