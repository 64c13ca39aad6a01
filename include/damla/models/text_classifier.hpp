#pragma once

#include <cmath>
#include <span>

#include "damla/models/softmax_classifier.hpp"
#include "damla/models/transformer.hpp"
#include "damla/nn/mean_pool.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// A bag of words: the mean of the words' vectors, and a softmax classifier on it. Word order is
/// lost.
struct BagClassifier {
  Embedding embedding;  // (V, C)
  MeanPool pool;
  Linear head;  // (C, classes)

  BagClassifier(Index vocab_size, Index channels, Index classes, Random& random)
      : embedding(vocab_size, channels, random, 0.1), head(channels, classes, random) {}

  /// Returns logits (B, classes).
  const Matrix& forward(const TokenBatch& batch) {
    batch.check("BagClassifier::forward");
    return head.forward(pool.forward(embedding.forward(batch.tokens), batch));
  }
  void backward(const TokenBatch& batch, const ConstMatrixRef& dlogits) {
    embedding.backward(batch.tokens,
                       pool.backward(embedding.y, head.backward(pool.y, dlogits), batch));
  }
  void visit_parameters(auto&& visit) {
    visit_part("embedding", embedding, visit);
    visit_part("head", head, visit);
  }
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

namespace detail {
/// Throws Error for an option that is out of its range.
const ClassifierOptions& checked(const ClassifierOptions& o);
}  // namespace detail

/// What can be a block of a TransformerClassifier: that of a Gpt whose `forward` and `backward`
/// also take the texts' lengths.
template <class B>
concept EncoderBlock = BlockLayer<B> &&
    requires(B b, const Matrix& x, Index T, std::span<const Index> lengths) {
  b.forward(x, T, lengths);
  b.backward(x, x, T, lengths);
};

/// A transformer encoder: every word looks at every other, before the mean is taken. Word order
/// counts.
template <EncoderBlock Block = TransformerBlock<>, PositionLayer Positions = LearnedPositions>
struct TransformerClassifier {
  Transformer<Block, Positions> transformer;
  MeanPool pool;
  Linear head;  // (C, classes)

  /// Throws Error for a size under 1.
  TransformerClassifier(const ClassifierOptions& o, Random& random)
      : transformer(trunk(detail::checked(o)), random), head(o.channels, o.classes, random) {}

  /// Returns logits (B, classes).
  const Matrix& forward(const TokenBatch& batch) {
    batch.check("TransformerClassifier::forward");
    return head.forward(
        pool.forward(transformer.forward(batch.tokens, batch.T, lengths(batch)), batch));
  }
  void backward(const TokenBatch& batch, const ConstMatrixRef& dlogits) {
    const Matrix& dfeatures =
        pool.backward(transformer.final_norm.y, head.backward(pool.y, dlogits), batch);
    transformer.backward(batch.tokens, dfeatures, batch.T, lengths(batch));
  }

  void visit_parameters(auto&& visit) {
    transformer.visit_parameters(visit);
    visit_part("head", head, visit);
  }
  bool training() const { return transformer.dropout.training; }
  void set_training(bool on) { transformer.set_training(on); }
  void visit_generators(auto&& visit) { transformer.visit_generators(visit); }

 private:
  static std::span<const Index> lengths(const TokenBatch& batch) { return batch.lengths; }
  static TransformerOptions trunk(const ClassifierOptions& o) {
    TransformerOptions t{.vocab_size = o.vocab_size, .context = o.context, .layers = o.layers};
    t.block = {.channels = o.channels, .heads = o.heads, .causal = false};
    t.block.init_std = t.block.projection_std = 1 / std::sqrt(static_cast<double>(o.channels));
    t.embedding_std = t.position_std = 0.1;
    return t;
  }
};

}}  // namespace damla::DAMLA_ABI
