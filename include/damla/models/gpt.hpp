#pragma once

#include <algorithm>
#include <cmath>

#include "damla/data/token_batch.hpp"
#include "damla/models/transformer.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// The size of a GPT. The defaults train in seconds.
struct GptOptions {
  Index vocab_size = 256;  ///< V
  Index context = 64;      ///< the most tokens that it sees at once
  Index channels = 64;     ///< C
  Index heads = 4;         ///< H, a divisor of C
  Index layers = 2;        ///< L
  bool tied = true;        ///< the head is the token embedding, transposed (GPT-2)
  Scalar dropout = 0;
  double init_std = 0.02;  ///< of the initial weights: GPT-2's. More, such as 1/√C, begins to look
                           ///< around sooner, and learns more by heart

  bool operator==(const GptOptions&) const = default;
};

namespace detail {
/// Throws Error for an option that is out of its range.
const GptOptions& checked(const GptOptions& o);
}  // namespace detail

/// GPT-2 (Radford et al., 2019): a causal transformer, and one logit for each word of the
/// vocabulary. Shapes and names in files are GPT-2's, so its weights load.
template <BlockLayer Block = TransformerBlock<>, PositionLayer Positions = LearnedPositions>
struct Gpt {
  GptOptions options;
  Transformer<Block, Positions> transformer;
  Parameter lm_head;  // (V, C), or empty: then the token embedding is the head too
  Matrix logits;      // (N, V)
  Matrix dfeatures;   // (N, C)

  /// Throws Error for a size under 1, or another option out of its range.
  Gpt(const GptOptions& o, Random& random)
      : options(detail::checked(o)), transformer(trunk(o), random) {
    if (o.tied) return;
    lm_head = Parameter(o.vocab_size, o.channels, "Gpt");
    random.fill_normal(lm_head.value, head_std(o));
  }

  /// tokens are B sequences of T, one after the other. Returns the logits (B·T, V): row b*T + t
  /// rates every word as the one after token t. Throws Error when T is over the context or a token
  /// outside the vocabulary, and where there are no tokens.
  const Matrix& forward(TokenSpan tokens, Index T) {
    matmul(logits, transformer.forward(tokens, T), head().value.transpose());
    return logits;
  }

  /// logits = features·headᵀ, so dhead += dlogitsᵀ·features and dfeatures = dlogits·head. dlogits
  /// is (B·T, V); tokens and T are those of the latest forward. Adds to the gradients.
  void backward(TokenSpan tokens, const ConstMatrixRef& dlogits, Index T) {
    backward_telling([](Parameter&) {}, tokens, dlogits, T);
  }
  /// The same, and calls ready(p) for a parameter as soon as its gradient is complete: see
  /// Transformer::backward_telling.
  void backward_telling(auto&& ready, TokenSpan tokens, const ConstMatrixRef& dlogits, Index T) {
    transformer.expect_latest("Gpt::backward", tokens, T);
    const Matrix& features = transformer.final_norm.y;
    expect_shape("Gpt::backward", "dlogits", dlogits, features.rows(), options.vocab_size,
                 "as the logits");
    if (!head().frozen) matmul_add(head().grad(), dlogits.transpose(), features);
    matmul(dfeatures, dlogits, head().value);
    transformer.backward_telling(ready, tokens, dfeatures, T);
  }

  const Matrix& forward(const TokenBatch& batch) {
    batch.check("Gpt::forward");
    return forward(batch.tokens, batch.T);
  }
  void backward(const TokenBatch& batch, const ConstMatrixRef& dlogits) {
    backward(batch.tokens, dlogits, batch.T);
  }

  /// An empty cache with room for the whole context.
  TransformerCache make_cache() const { return transformer.make_cache(); }

  /// The logits (1, V) after the last of n new tokens that follow those in the cache. Equal to
  /// `forward` up to rounding. Throws Error where there are none, or the cache is full or another
  /// model's.
  const Matrix& forward_next(TokenSpan tokens, TransformerCache& cache) requires
      requires(Transformer<Block, Positions> t) {
    t.forward_next(tokens, cache);
  }
  {
    matmul(logits, transformer.forward_next(tokens, cache), head().value.transpose());
    return logits;
  }

  Parameter& head() { return options.tied ? transformer.token_embedding.weight : lm_head; }

  /// Makes room for more words. They begin as the mean of the others (Hewitt, 2021): likely enough
  /// to be learned, and the rest stays what it was. Throws Error for fewer words than there are.
  void grow_vocabulary(Index vocab_size) {
    expect_count("Gpt::grow_vocabulary", "vocab_size", vocab_size, options.vocab_size);
    for (Parameter* p : {&transformer.token_embedding.weight, &lm_head})
      if (p->value.size() > 0) detail::grow_rows(*p, vocab_size);  // a tied head has none
    options.vocab_size = vocab_size;
  }

  void visit_parameters(auto&& visit) {
    transformer.visit_parameters(visit);
    if (!options.tied) visit("lm_head.weight", lm_head);
  }
  bool training() const { return transformer.dropout.training; }
  void set_training(bool on) { transformer.set_training(on); }
  void visit_generators(auto&& visit) { transformer.visit_generators(visit); }

 private:
  /// Less for a wide model: the first loss is then within 0.1 of chance, ln V, since logits have a
  /// variance of C·init_std² and the loss is half of that above chance.
  static double head_std(const GptOptions& o) {
    return std::min(o.init_std, 0.4 / std::sqrt(static_cast<double>(o.channels)));
  }
  static TransformerOptions trunk(const GptOptions& o) {
    TransformerOptions t{.vocab_size = o.vocab_size, .context = o.context, .layers = o.layers};
    t.block = {.channels = o.channels,
               .heads = o.heads,
               .causal = true,
               .dropout = o.dropout,
               .init_std = o.init_std};
    t.block.projection_std =
        o.init_std / std::sqrt(2.0 * static_cast<double>(std::max<Index>(1, o.layers)));
    t.embedding_std = head_std(o);
    return t;
  }
};

}}  // namespace damla::DAMLA_ABI
