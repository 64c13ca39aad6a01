#pragma once

// Homework 5: a GPT block, a GPT made of such blocks, and its training. Write the functions; then
// ./grade 5.
#include <damla/check/homework.hpp>
#include <damla/data/token_batch.hpp>
#include <damla/models/gpt.hpp>
#include <damla/nn/loss.hpp>
#include <damla/optim/adamw.hpp>
#include <damla/optim/clip.hpp>
#include <damla/optim/schedule.hpp>

namespace student {
using namespace damla;

/// Number by number, in the form of GPT-2: y = ½·x·(1 + tanh(√(2/π)·(x + 0.044715·x³))).
inline Matrix gelu(const Matrix& /*x*/) { homework::not_written("gelu"); }

/// dy/dx of each number.
inline Matrix gelu_slope(const Matrix& /*x*/) { homework::not_written("gelu_slope"); }

/// One block, in pre-norm order. x, x₁, y are (B·T, C):
///     x₁ = x  + attn(ln_1(x))
///     y  = x₁ + c_proj(gelu(c_fc(ln_2(x₁))))
struct Block {
  LayerNorm ln_1;
  MultiHeadAttention attn;
  LayerNorm ln_2;
  Linear c_fc;    // (C, 4C)
  Linear c_proj;  // (4C, C)
  Matrix y;       // (N, C): result of forward
  Matrix dx;      // (N, C): result of backward

  Block(const BlockOptions& o, Random& random)
      : ln_1(o.channels),
        attn(o, random),
        ln_2(o.channels),
        c_fc(o.channels, 4 * o.channels, random, true, o.init_std),
        c_proj(4 * o.channels, o.channels, random, true, o.projection_std) {}

  /// Fills y and returns it. Every layer keeps its result in its own y; keep here what backward
  /// needs besides.
  const Matrix& forward(const Matrix& /*x*/, Index /*T*/) {
    homework::not_written("Block::forward");
  }

  /// Fills dx and returns it. A layer's backward(what it took, how the loss changes with its y)
  /// adds to its gradients and returns dx; attn takes T as well. A sum sends its gradient to both
  /// sides.
  const Matrix& backward(const Matrix& /*x*/, const Matrix& /*dy*/, Index /*T*/) {
    homework::not_written("Block::backward");
  }

  void visit_parameters(auto&& visit) {
    visit_part("ln_1", ln_1, visit), visit_part("attn", attn, visit),
        visit_part("ln_2", ln_2, visit);
    visit_part("mlp.c_fc", c_fc, visit), visit_part("mlp.c_proj", c_proj, visit);
  }
};

/// tokens → wte + wpe → blocks → ln_f → logits. The head is the embedding, transposed: logits =
/// ln_f(…)·wteᵀ. So wte's gradient has two shares.
struct Gpt {
  GptOptions options;
  Embedding wte;         // (V, C)
  LearnedPositions wpe;  // (context, C)
  std::vector<Block> h;
  LayerNorm ln_f;
  Matrix logits;  // (N, V): result of forward

  Gpt(const GptOptions& o, Random& random)
      : options(o),
        wte(o.vocab_size, o.channels, random, o.init_std),
        wpe(o.context, o.channels, random),
        ln_f(o.channels) {
    const BlockOptions block{.channels = o.channels,
                             .heads = o.heads,
                             .init_std = o.init_std,
                             .projection_std = o.init_std};
    for (Index i = 0; i < o.layers; ++i) h.emplace_back(block, random);
  }

  /// tokens are B sequences of T. Fills logits (B·T, V) and returns them. wte.forward(tokens) gives
  /// vectors, wpe.add_to(x, T) adds the positions to a matrix of your own.
  const Matrix& forward(TokenSpan /*tokens*/, Index /*T*/) {
    homework::not_written("Gpt::forward");
  }

  /// dlogits is (B·T, V). Adds to all gradients; wpe.backward(dx, T) and wte.backward(tokens, dx)
  /// do so for the two tables.
  void backward(TokenSpan /*tokens*/, const Matrix& /*dlogits*/, Index /*T*/) {
    homework::not_written("Gpt::backward");
  }

  void visit_parameters(auto&& visit) {
    visit_part("wte", wte, visit), visit_part("wpe", wpe, visit);
    for (std::size_t i = 0; i < h.size(); ++i) visit_part("h." + std::to_string(i), h[i], visit);
    visit_part("ln_f", ln_f, visit);
  }
};

/// Trains the model on the text, with windows of model.options.context tokens: draw a batch
/// (TokenBatch), forward, loss (CrossEntropy), zero_gradients, backward, a step of the optimizer
/// (AdamW). Some 700 steps of 16 windows at a rate of 1e-2, falling towards the end (WarmupCosine),
/// will do. The grader then measures the model on other text: a loss of 2.0 nats or less is asked
/// for, and training may take two minutes.
inline void train(Gpt& /*model*/, TokenSpan /*text*/, Random& /*random*/) {
  homework::not_written("train");
}

}  // namespace student
