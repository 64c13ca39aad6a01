#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "damla/nn/embedding.hpp"
#include "damla/nn/position.hpp"
#include "damla/nn/transformer_block.hpp"

namespace damla::inline DAMLA_ABI {

/// The size of a GPT. The defaults train in seconds.
struct GptOptions {
  Index vocab_size = 256;  ///< V
  Index context = 64;      ///< the most tokens that it sees at once
  Index channels = 64;     ///< C
  Index heads = 4;         ///< H, a divisor of C
  Index layers = 2;        ///< L
  bool tied = true;        ///< the head is the token embedding, transposed (GPT-2)
  Scalar dropout = 0;
  double deviation = 0.02;  ///< of the initial weights: GPT-2's. More, such as 1/√C, begins to look around sooner, and learns more by heart

  bool operator==(const GptOptions&) const = default;
};

/// The keys and values of every layer for one growing sequence.
struct GptCache {
  std::vector<KeyValueCache> layers;
  Index length() const { return layers.empty() ? 0 : layers.front().length; }
};

/// GPT-2 (Radford et al., 2019): tokens → vectors + positions → L blocks → norm → one logit for each word of the vocabulary.
/// Shapes and parameter names are GPT-2's, so its weights load.
template <BlockLayer Block = TransformerBlock<>>
struct Gpt {
  GptOptions options;
  Embedding wte;             // (V, C)
  LearnedPositions wpe;      // (context, C)
  std::vector<Block> h;      // L blocks
  LayerNorm ln_f;
  Parameter lm_head;         // (V, C), or empty: then wte.weight is the head too
  Dropout dropout;
  Matrix x0;                 // (N, C): tokens and positions
  Matrix logits;             // (N, V)
  Matrix dfeatures;          // (N, C)

  Gpt(const GptOptions& o, Random& random)
      : options(checked(o)), wte(o.vocab_size, o.channels, random, head_deviation(o)),
        wpe(o.context, o.channels, random), ln_f(o.channels), dropout(o.dropout, Random(random.next(), 3)) {
    BlockOptions block{.channels = o.channels, .heads = o.heads, .causal = true, .dropout = o.dropout, .deviation = o.deviation};
    block.projection_deviation = block.deviation / std::sqrt(2.0 * static_cast<double>(o.layers));
    h.reserve(static_cast<std::size_t>(o.layers));
    for (Index i = 0; i < o.layers; ++i) h.emplace_back(block, random);
    if (!o.tied) {
      lm_head = Parameter(o.vocab_size, o.channels);
      random.fill_normal(lm_head.value, head_deviation(o));
    }
  }

  /// tokens are B sequences of T, one after the other. Returns the logits (B·T, V): row b*T + t rates every word as the one
  /// after token t. Throws Error when T is over the context or a token outside the vocabulary.
  const Matrix& forward(TokenSpan tokens, Index T) {
    matmul(logits, forward_features(tokens, T), head().value.transpose());  // logits = features·headᵀ
    return logits;
  }

  /// dlogits is (B·T, V); tokens and T are those of the latest forward. Adds to the gradients.
  void backward(TokenSpan tokens, const ConstMatrixRef& dlogits, Index T) {
    expect_shape("Gpt::backward", "dlogits", dlogits, ln_f.y.rows(), options.vocab_size, "as the logits");
    matmul_add(head().grad, dlogits.transpose(), ln_f.y);  // dhead     += dlogitsᵀ·features
    matmul(dfeatures, dlogits, head().value);              // dfeatures  = dlogits·head
    backward_features(tokens, dfeatures, T);
  }

  /// All but the head: what the model made of each token, (B·T, C). A reward model reads it.
  const Matrix& forward_features(TokenSpan tokens, Index T) {
    x0 = wte.forward(tokens);
    wpe.add_to(x0, T);
    const Matrix* x = dropout.active() ? &dropout.forward(x0) : &x0;
    for (Block& block : h) x = &block.forward(*x, T);
    return ln_f.forward(*x);
  }
  void backward_features(TokenSpan tokens, const ConstMatrixRef& dy, Index T) {
    const Matrix* dx = &ln_f.backward(h.empty() ? input() : h.back().y, dy);
    for (std::size_t i = h.size(); i-- > 0;) dx = &h[i].backward(i == 0 ? input() : h[i - 1].y, *dx, T);
    if (dropout.active()) dx = &dropout.backward(x0, *dx);
    wpe.backward(*dx, T);
    wte.backward(tokens, *dx);
  }

  /// An empty cache with room for the whole context.
  GptCache make_cache() const {
    const Matrix empty = Matrix::Zero(options.context, options.channels);
    return {std::vector<KeyValueCache>(h.size(), KeyValueCache{empty, empty, 0})};
  }

  /// The logits (1, V) after the last of n new tokens that follow those in the cache. Equal to `forward` up to rounding.
  const Matrix& forward_next(TokenSpan tokens, GptCache& cache)
    requires requires(Block block, const Matrix& x, KeyValueCache& layer) { block.forward_next(x, layer); }
  {
    x0 = wte.forward(tokens);
    wpe.add_to(x0, std::ssize(tokens), cache.length());
    const Matrix* x = &x0;
    for (std::size_t i = 0; i < h.size(); ++i) x = &h[i].forward_next(*x, cache.layers[i]);
    matmul(logits, ln_f.forward(x->bottomRows(1)), head().value.transpose());
    return logits;
  }

  Parameter& head() { return options.tied ? wte.weight : lm_head; }

  bool training() const { return dropout.training; }
  void set_training(bool on) {
    dropout.set_training(on);
    for (Block& block : h) damla::set_training(block, on);
  }

  /// Every generator inside, for checkpoints.
  void visit_generators(auto&& visit) {
    visit(dropout.random);
    for (Block& block : h) damla::visit_generators(block, visit);
  }

  void visit_parameters(auto&& visit) {
    visit_part("wte", wte, visit);
    visit_part("wpe", wpe, visit);
    for (std::size_t i = 0; i < h.size(); ++i) {
      char name[24];
      const auto end = fmt::format_to_n(name, sizeof name, "h.{}", i).out;
      visit_part(std::string_view(name, end), h[i], visit);
    }
    visit_part("ln_f", ln_f, visit);
    if (!options.tied) visit("lm_head.weight", lm_head);
  }

 private:
  static const GptOptions& checked(const GptOptions& o) {
    if (o.vocab_size < 1 || o.context < 1 || o.channels < 1 || o.heads < 1 || o.layers < 0)
      throw Error(fmt::format("Gpt: vocab_size is {}, context {}, channels {}, heads {}, layers {}: each needs to be at least 1 "
                              "(layers: 0)", o.vocab_size, o.context, o.channels, o.heads, o.layers));
    return o;
  }
  /// Less for a wide model: the first loss is then within 0.1 of chance, ln V, since logits have a variance of
  /// C·deviation² and the loss is half of that above chance.
  static double head_deviation(const GptOptions& o) { return std::min(o.deviation, 0.4 / std::sqrt(static_cast<double>(o.channels))); }
  const Matrix& input() const { return dropout.active() ? dropout.y : x0; }
};

}  // namespace damla::inline DAMLA_ABI
