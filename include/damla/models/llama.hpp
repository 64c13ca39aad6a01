#pragma once

#include <algorithm>
#include <cmath>

#include "damla/data/token_batch.hpp"
#include "damla/models/transformer.hpp"
#include "damla/nn/grouped_query_attention.hpp"
#include "damla/nn/swiglu.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// The size of a model of the Llama family. The defaults train in seconds.
struct LlamaOptions {
  Index vocab_size = 256;     ///< V
  Index context = 64;         ///< the most tokens that it sees at once
  Index channels = 64;        ///< C
  Index heads = 4;            ///< H
  Index key_value_heads = 0;  ///< G, a divisor of H; 0: H
  Index head_size = 0;        ///< d, even; 0: C/H
  Index inner = 0;            ///< of SwiGLU; 0: 8/3·C, rounded up to a multiple of 32
  Index layers = 2;           ///< L
  RotaryOptions rotary{};     ///< how fast positions turn
  double epsilon = 1e-5;      ///< of the norms
  bool qkv_bias = false;      ///< queries, keys and values have a bias (Qwen2)
  bool qk_norm = false;       ///< each head's queries and keys are normed (Qwen3)
  bool tied = true;           ///< the head is the token embedding, transposed
  double init_std = 0.02;     ///< of the initial weights

  bool operator==(const LlamaOptions&) const = default;
};

/// Llama's block: GPT-2's, with other layers in its slots.
using LlamaBlock = TransformerBlock<GroupedQueryAttention<>, RmsNorm, SwiGlu<>>;

namespace detail {
/// The options with numbers in place of zeros. Throws Error for one that is out of its range.
LlamaOptions filled(LlamaOptions o);
/// What the trunk is built from.
TransformerOptions trunk(const LlamaOptions& o);
}  // namespace detail

/// Llama (Touvron et al., 2023) and its relatives, SmolLM, Qwen2 and Qwen3 among them: GPT-2 with
/// rotary positions, RMS norms, SwiGLU, shared keys and values, and next to no biases. Names of
/// parameters are those of the published files, without "model." before them.
template <BlockLayer Block = LlamaBlock>
struct Llama {
  LlamaOptions options;
  Transformer<Block, RotaryPositions> transformer;
  Parameter lm_head;  // (V, C), or empty: then the token embedding is the head too
  Matrix logits;      // (N, V)
  Matrix dfeatures;   // (N, C)

  /// Throws Error for a size under 1, or another option out of its range.
  Llama(const LlamaOptions& o, Random& random)
      : options(detail::filled(o)), transformer(detail::trunk(options), random) {
    if (options.tied) return;
    lm_head = Parameter(options.vocab_size, options.channels, "Llama");
    random.fill_normal(lm_head.value, detail::trunk(options).embedding_std);
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
    transformer.expect_latest("Llama::backward", tokens, T);
    const Matrix& features = transformer.final_norm.y;
    expect_shape("Llama::backward", "dlogits", dlogits, features.rows(), options.vocab_size,
                 "as the logits");
    if (!head().frozen) matmul_add(head().grad(), dlogits.transpose(), features);
    matmul(dfeatures, dlogits, head().value);
    transformer.backward_telling(ready, tokens, dfeatures, T);
  }

  const Matrix& forward(const TokenBatch& batch) {
    batch.check("Llama::forward");
    return forward(batch.tokens, batch.T);
  }
  void backward(const TokenBatch& batch, const ConstMatrixRef& dlogits) {
    backward(batch.tokens, dlogits, batch.T);
  }

  /// An empty cache, which grows with the text.
  TransformerCache make_cache() const {
    return {std::vector<KeyValueCache>(transformer.blocks.size())};
  }

  /// The logits (1, V) after the last of n new tokens that follow those in the cache. Equal to
  /// `forward` up to rounding. Throws Error where there are none, or for another model's cache.
  const Matrix& forward_next(TokenSpan tokens, TransformerCache& cache) {
    matmul(logits, transformer.forward_next(tokens, cache), head().value.transpose());
    return logits;
  }

  Parameter& head() { return options.tied ? transformer.token_embedding.weight : lm_head; }

  /// Makes room for more words, which begin as the mean of the others: see Gpt::grow_vocabulary.
  void grow_vocabulary(Index vocab_size) {
    expect_count("Llama::grow_vocabulary", "vocab_size", vocab_size, options.vocab_size);
    for (Parameter* p : {&transformer.token_embedding.weight, &lm_head})
      if (p->value.size() > 0) detail::grow_rows(*p, vocab_size);
    options.vocab_size = vocab_size;
  }

  void visit_parameters(auto&& visit) {
    visit_part("embed_tokens", transformer.token_embedding, visit);
    for (std::size_t i = 0; i < transformer.blocks.size(); ++i) {
      char name[24] = "layers.";  // "layers.0" and so on, without asking for memory
      const char* end = std::to_chars(name + 7, std::end(name), i).ptr;
      PublishedBlock block{transformer.blocks[i]};
      visit_part(std::string_view(name, static_cast<std::size_t>(end - name)), block, visit);
    }
    visit_part("norm", transformer.final_norm, visit);
    if (!options.tied) visit("lm_head.weight", lm_head);
  }
  bool training() const { return transformer.dropout.training; }
  void set_training(bool on) { transformer.set_training(on); }
  void visit_generators(auto&& visit) { transformer.visit_generators(visit); }

 private:
  /// A block's parts under their published names.
  struct PublishedBlock {
    Block& block;
    void visit_parameters(auto&& visit) {
      visit_part("input_layernorm", block.norm_1, visit);
      visit_part("self_attn", block.attention, visit);
      visit_part("post_attention_layernorm", block.norm_2, visit);
      visit_part("mlp", block.feed_forward, visit);
    }
  };
};

}}  // namespace damla::DAMLA_ABI
