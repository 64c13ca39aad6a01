#pragma once

// Homework 5: a parallel GPT block, a GPT made of such blocks, and its training. Write the
// functions; then ./grade 5.
//
// The library has its halves one after the other: damla/nn/transformer_block.hpp.
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

/// One block whose two halves stand beside each other; x and y are (B·T, C):
///     y = x + attention(norm_1(x)) + down(gelu(up(norm_2(x))))
struct Block {
  LayerNorm norm_1;
  MultiHeadAttention attention;
  LayerNorm norm_2;
  Linear up;    // (C, 4C)
  Linear down;  // (4C, C)
  Matrix y;     // (N, C): result of forward
  Matrix dx;    // (N, C): result of backward

  Block(const BlockOptions& o, Random& random)
      : norm_1(o.channels),
        attention(o, random),
        norm_2(o.channels),
        up(o.channels, 4 * o.channels, random, true, o.init_std),
        down(4 * o.channels, o.channels, random, true, o.projection_std) {}

  /// Fills y and returns it. Every layer keeps its result in its own y; keep here what backward
  /// needs besides.
  const Matrix& forward(const Matrix& /*x*/, Index /*T*/) {
    homework::not_written("Block::forward");
  }

  /// Fills dx and returns it. A layer's backward(what it took, how the loss changes with its y)
  /// adds to its gradients and returns dx; attention takes T as well. A sum sends its gradient to
  /// both sides.
  const Matrix& backward(const Matrix& /*x*/, const Matrix& /*dy*/, Index /*T*/) {
    homework::not_written("Block::backward");
  }

  void visit_parameters(auto&& visit) {
    visit_part("ln_1", norm_1, visit), visit_part("attn", attention, visit),
        visit_part("ln_2", norm_2, visit);
    visit_part("mlp.c_fc", up, visit), visit_part("mlp.c_proj", down, visit);
  }
};

/// tokens → token_embedding + positions → blocks → final_norm → logits. The head is the embedding,
/// transposed: logits = final_norm(…)·token_embeddingᵀ. So token_embedding's gradient has two
/// shares.
struct Gpt {
  GptOptions options;
  Embedding token_embedding;   // (V, C)
  LearnedPositions positions;  // (context, C)
  std::vector<Block> blocks;
  LayerNorm final_norm;
  Matrix logits;  // (N, V): result of forward

  Gpt(const GptOptions& o, Random& random)
      : options(o),
        token_embedding(o.vocab_size, o.channels, random, o.init_std),
        positions(o.context, o.channels, random),
        final_norm(o.channels) {
    const BlockOptions block{.channels = o.channels,
                             .heads = o.heads,
                             .init_std = o.init_std,
                             .projection_std = o.init_std};
    for (Index i = 0; i < o.layers; ++i) blocks.emplace_back(block, random);
  }

  /// tokens are B sequences of T. Fills logits (B·T, V) and returns them.
  /// token_embedding.forward(tokens) gives vectors, positions.add_to(x, T) adds the positions to a
  /// matrix of your own.
  const Matrix& forward(TokenSpan /*tokens*/, Index /*T*/) {
    homework::not_written("Gpt::forward");
  }

  /// dlogits is (B·T, V). Adds to all gradients; positions.backward(dx, T) and
  /// token_embedding.backward(tokens, dx) do so for the two tables.
  void backward(TokenSpan /*tokens*/, const Matrix& /*dlogits*/, Index /*T*/) {
    homework::not_written("Gpt::backward");
  }

  void visit_parameters(auto&& visit) {
    visit_part("wte", token_embedding, visit), visit_part("wpe", positions, visit);
    for (std::size_t i = 0; i < blocks.size(); ++i)
      visit_part("h." + std::to_string(i), blocks[i], visit);
    visit_part("ln_f", final_norm, visit);
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
