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
  LayerNorm ln_1;
  MultiHeadAttention attn;
  LayerNorm ln_2;
  Linear c_fc;    // (C, 4C)
  Linear c_proj;  // (4C, C)
  Matrix x1, hidden, y, dx;

  Block(const BlockOptions& o, Random& random)
      : ln_1(o.channels),
        attn(o, random),
        ln_2(o.channels),
        c_fc(o.channels, 4 * o.channels, random, true, o.init_std),
        c_proj(4 * o.channels, o.channels, random, true, o.projection_std) {}

  const Matrix& forward(const Matrix& x, Index T) {
    x1 = x + attn.forward(ln_1.forward(x), T);
    hidden = gelu(c_fc.forward(ln_2.forward(x1)));
    y = x1 + c_proj.forward(hidden);
    return y;
  }

  const Matrix& backward(const Matrix& x, const Matrix& dy, Index T) {
    const Matrix dfc = c_proj.backward(hidden, dy).cwiseProduct(gelu_slope(c_fc.y));
    const Matrix dx1 = dy + ln_2.backward(x1, c_fc.backward(ln_2.y, dfc));
    dx = dx1 + ln_1.backward(x, attn.backward(ln_1.y, dx1, T));
    return dx;
  }

  void visit_parameters(auto&& visit) {
    visit_part("ln_1", ln_1, visit), visit_part("attn", attn, visit),
        visit_part("ln_2", ln_2, visit);
    visit_part("mlp.c_fc", c_fc, visit), visit_part("mlp.c_proj", c_proj, visit);
  }
};

struct Gpt {
  GptOptions options;
  Embedding wte;         // (V, C)
  LearnedPositions wpe;  // (context, C)
  std::vector<Block> h;
  LayerNorm ln_f;
  Matrix x0, dfeatures, logits;

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

  const Matrix& forward(TokenSpan tokens, Index T) {
    x0 = wte.forward(tokens);
    wpe.add_to(x0, T);
    const Matrix* x = &x0;
    for (Block& block : h) x = &block.forward(*x, T);
    matmul(logits, ln_f.forward(*x), wte.weight.value.transpose());
    return logits;
  }

  void backward(TokenSpan tokens, const Matrix& dlogits, Index T) {
    matmul_add(wte.weight.grad(), dlogits.transpose(), ln_f.y);
    matmul(dfeatures, dlogits, wte.weight.value);
    const Matrix* dx = &ln_f.backward(h.back().y, dfeatures);
    for (std::size_t i = h.size(); i-- > 0;) dx = &h[i].backward(i == 0 ? x0 : h[i - 1].y, *dx, T);
    wpe.backward(*dx, T);
    wte.backward(tokens, *dx);
  }

  void visit_parameters(auto&& visit) {
    visit_part("wte", wte, visit), visit_part("wpe", wpe, visit);
    for (std::size_t i = 0; i < h.size(); ++i) visit_part("h." + std::to_string(i), h[i], visit);
    visit_part("ln_f", ln_f, visit);
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
