#pragma once

#include <damla/check/homework.hpp>
#include <damla/data/token_batch.hpp>
#include <damla/models/gpt.hpp>
#include <damla/nn/loss.hpp>
#include <damla/optim/adamw.hpp>
#include <damla/optim/clip.hpp>
#include <damla/optim/schedule.hpp>

namespace student {
using namespace damla;

constexpr Scalar root = Scalar(0.7978845608028654), cubic = Scalar(0.044715);  // root = √(2/π)

inline Matrix gelu(const Matrix& x) {
  return x.unaryExpr(
      [](Scalar v) { return Scalar(0.5) * v * (1 + std::tanh(root * (v + cubic * v * v * v))); });
}

inline Matrix gelu_slope(const Matrix& x) {
  return x.unaryExpr([](Scalar v) {
    const Scalar t = std::tanh(root * (v + cubic * v * v * v)),
                 inner = root * (1 + 3 * cubic * v * v);
    return Scalar(0.5) * (1 + t) + Scalar(0.5) * v * (1 - t * t) * inner;
  });
}

struct Block {
  LayerNorm norm_1;
  MultiHeadAttention attention;
  LayerNorm norm_2;
  Linear up;    // (C, 4C)
  Linear down;  // (4C, C)
  Matrix x1, hidden, y, dx;

  Block(const BlockOptions& o, Random& random)
      : norm_1(o.channels),
        attention(o, random),
        norm_2(o.channels),
        up(o.channels, 4 * o.channels, random, true, o.init_std),
        down(4 * o.channels, o.channels, random, true, o.projection_std) {}

  const Matrix& forward(const Matrix& x, Index T) {
    x1 = x + attention.forward(norm_1.forward(x), T);
    hidden = gelu(up.forward(norm_2.forward(x1)));
    y = x1 + down.forward(hidden);
    return y;
  }

  const Matrix& backward(const Matrix& x, const Matrix& dy, Index T) {
    const Matrix dfc = down.backward(hidden, dy).cwiseProduct(gelu_slope(up.y));
    const Matrix dx1 = dy + norm_2.backward(x1, up.backward(norm_2.y, dfc));
    dx = dx1 + norm_1.backward(x, attention.backward(norm_1.y, dx1, T));
    return dx;
  }

  void visit_parameters(auto&& visit) {
    visit_part("ln_1", norm_1, visit), visit_part("attn", attention, visit),
        visit_part("ln_2", norm_2, visit);
    visit_part("mlp.c_fc", up, visit), visit_part("mlp.c_proj", down, visit);
  }
};

struct Gpt {
  GptOptions options;
  Embedding token_embedding;   // (V, C)
  LearnedPositions positions;  // (context, C)
  std::vector<Block> blocks;
  LayerNorm final_norm;
  Matrix x0, dfeatures, logits;

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

  const Matrix& forward(TokenSpan tokens, Index T) {
    x0 = token_embedding.forward(tokens);
    positions.add_to(x0, T);
    const Matrix* x = &x0;
    for (Block& block : blocks) x = &block.forward(*x, T);
    matmul(logits, final_norm.forward(*x), token_embedding.weight.value.transpose());
    return logits;
  }

  void backward(TokenSpan tokens, const Matrix& dlogits, Index T) {
    matmul_add(token_embedding.weight.grad(), dlogits.transpose(), final_norm.y);
    matmul(dfeatures, dlogits, token_embedding.weight.value);
    const Matrix* dx = &final_norm.backward(blocks.back().y, dfeatures);
    for (std::size_t i = blocks.size(); i-- > 0;)
      dx = &blocks[i].backward(i == 0 ? x0 : blocks[i - 1].y, *dx, T);
    positions.backward(*dx, T);
    token_embedding.backward(tokens, *dx);
  }

  void visit_parameters(auto&& visit) {
    visit_part("wte", token_embedding, visit), visit_part("wpe", positions, visit);
    for (std::size_t i = 0; i < blocks.size(); ++i)
      visit_part("h." + std::to_string(i), blocks[i], visit);
    visit_part("ln_f", final_norm, visit);
  }
};

inline void train(Gpt& model, TokenSpan text, Random& random) {
  TokenBatch batch(16, model.options.context);
  CrossEntropy loss;
  AdamW optimizer;
  const WarmupCosine schedule{.peak = 1e-2, .warmup = 50, .steps = 700};
  for (Index step = 0; step < schedule.steps; ++step) {
    batch.draw(text, random);
    const Matrix& logits = model.forward(batch.tokens, batch.T);
    loss.forward(logits, batch.targets);
    zero_gradients(model);
    model.backward(batch.tokens, loss.backward(logits, batch.targets), batch.T);
    optimizer.learning_rate = schedule(step);
    optimizer.step(model, clip_scale(model, 1));
  }
}

}  // namespace student
