#pragma once

#include <cmath>

#include "damla/nn/embedding.hpp"
#include "damla/nn/position.hpp"
#include "damla/nn/transformer_block.hpp"

namespace damla::inline DAMLA_ABI {

/// Texts of different lengths side by side: B sequences of T tokens, each filled up with token 0 behind its length.
struct TextBatch {
  Tokens tokens;                // B·T
  std::vector<Index> lengths;   // B, each 1 … T
  Index T = 0;

  /// Puts texts side by side, T being the longest of them. Throws Error when there is none, or an empty one.
  static TextBatch of(std::span<const Tokens> texts) {
    TextBatch batch;
    for (const Tokens& text : texts) {
      require(!text.empty(), "TextBatch::of: a text is empty");
      batch.lengths.push_back(std::ssize(text));
      batch.T = std::max(batch.T, std::ssize(text));
    }
    require(!texts.empty(), "TextBatch::of: there are no texts");
    batch.tokens.assign(texts.size() * static_cast<std::size_t>(batch.T), 0);
    for (std::size_t b = 0; b < texts.size(); ++b)
      std::copy(texts[b].begin(), texts[b].end(), batch.tokens.begin() + std::ssize(batch.tokens) / std::ssize(texts) * static_cast<Index>(b));
    return batch;
  }
};

/// The mean of the rows that belong to each text: (B·T, C) → (B, C), padding left out.
struct MeanPool {
  Matrix y;   // (B, C)
  Matrix dx;  // (B·T, C)

  const Matrix& forward(const ConstMatrixRef& x, const TextBatch& batch) {
    const Index B = std::ssize(batch.lengths);
    expect_shape("MeanPool::forward", "x", x, B * batch.T, any, "one row a token, padding included");
    y.resize(B, x.cols());
    for (Index b = 0; b < B; ++b) y.row(b) = x.middleRows(b * batch.T, length(batch, b)).colwise().mean();
    return y;
  }
  const Matrix& backward(const ConstMatrixRef& x, const ConstMatrixRef& dy, const TextBatch& batch) {
    const Index B = std::ssize(batch.lengths);
    expect_shape("MeanPool::backward", "x", x, B * batch.T, any, "one row a token, padding included");
    expect_shape("MeanPool::backward", "dy", dy, B, x.cols(), "one row a text");
    dx.setZero(x.rows(), x.cols());
    for (Index b = 0; b < dy.rows(); ++b)
      for (Index t = 0; t < length(batch, b); ++t) dx.row(b * batch.T + t) = dy.row(b) / static_cast<Scalar>(length(batch, b));
    return dx;
  }

 private:
  static Index length(const TextBatch& batch, Index b) { return batch.lengths[static_cast<std::size_t>(b)]; }
};

/// A bag of words: the mean of the words' vectors, and a line through it. Word order is lost.
struct BagClassifier {
  Embedding embedding;  // (V, C)
  MeanPool pool;
  Linear head;          // (C, classes)

  BagClassifier(Index vocab_size, Index channels, Index classes, Random& random)
      : embedding(vocab_size, channels, random, 0.1), head(channels, classes, random) {}

  /// Returns logits (B, classes).
  const Matrix& forward(const TextBatch& batch) {
    return head.forward(pool.forward(embedding.forward(batch.tokens), batch));
  }
  void backward(const TextBatch& batch, const ConstMatrixRef& dlogits) {
    embedding.backward(batch.tokens, pool.backward(embedding.y, head.backward(pool.y, dlogits), batch));
  }
  void visit_parameters(auto&& visit) { visit_part("embedding", embedding, visit), visit_part("head", head, visit); }
};

/// The size of a TransformerClassifier.
struct ClassifierOptions {
  Index vocab_size = 256;
  Index context = 32;
  Index channels = 32;
  Index heads = 2;
  Index layers = 1;
  Index classes = 2;
};

/// What can be a block of a TransformerClassifier: that of a Gpt whose `forward` and `backward` also take the texts' lengths.
template <class B>
concept EncoderBlock = BlockLayer<B> && requires(B b, const Matrix& x, Index T, std::span<const Index> lengths) {
  b.forward(x, T, lengths);
  b.backward(x, x, T, lengths);
};

/// A transformer encoder: every word looks at every other, before the mean is taken. Word order counts.
template <EncoderBlock Block = TransformerBlock<>>
struct TransformerClassifier {
  Embedding wte;
  LearnedPositions wpe;
  std::vector<Block> h;
  LayerNorm ln_f;
  MeanPool pool;
  Linear head;  // (C, classes)
  Matrix x0;    // (N, C)

  TransformerClassifier(const ClassifierOptions& o, Random& random)
      : wte(o.vocab_size, o.channels, random, 0.1), wpe(o.context, o.channels, random, 0.1), ln_f(o.channels),
        head(o.channels, o.classes, random) {
    BlockOptions block{.channels = o.channels, .heads = o.heads, .causal = false};
    block.deviation = block.projection_deviation = 1 / std::sqrt(static_cast<double>(o.channels));
    for (Index i = 0; i < o.layers; ++i) h.emplace_back(block, random);
  }

  /// Returns logits (B, classes).
  const Matrix& forward(const TextBatch& batch) {
    x0 = wte.forward(batch.tokens);
    wpe.add_to(x0, batch.T);
    const Matrix* x = &x0;
    for (Block& block : h) x = &block.forward(*x, batch.T, std::span<const Index>(batch.lengths));
    return head.forward(pool.forward(ln_f.forward(*x), batch));
  }

  void backward(const TextBatch& batch, const ConstMatrixRef& dlogits) {
    const Matrix* dy = &pool.backward(ln_f.y, head.backward(pool.y, dlogits), batch);
    dy = &ln_f.backward(h.empty() ? x0 : h.back().y, *dy);
    for (std::size_t i = h.size(); i-- > 0;)
      dy = &h[i].backward(i == 0 ? x0 : h[i - 1].y, *dy, batch.T, std::span<const Index>(batch.lengths));
    wpe.backward(*dy, batch.T);
    wte.backward(batch.tokens, *dy);
  }

  void visit_parameters(auto&& visit) {
    visit_part("wte", wte, visit);
    visit_part("wpe", wpe, visit);
    for (std::size_t i = 0; i < h.size(); ++i) visit_part("h." + std::to_string(i), h[i], visit);
    visit_part("ln_f", ln_f, visit);
    visit_part("head", head, visit);
  }
};

}  // namespace damla::inline DAMLA_ABI
