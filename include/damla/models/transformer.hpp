#pragma once

#include <charconv>
#include <iterator>
#include <vector>

#include "damla/nn/embedding.hpp"
#include "damla/nn/position.hpp"
#include "damla/nn/transformer_block.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// The size of a transformer, and how its weights begin.
struct TransformerOptions {
  Index vocab_size = 256;       ///< V
  Index context = 64;           ///< the most tokens that it sees at once
  Index layers = 2;             ///< L
  BlockOptions block{};         ///< C, H, whether it is causal, and more
  double embedding_std = 0.02;  ///< of the initial token vectors
  double position_std = 0.02;   ///< of the initial position vectors
};

/// The keys and values of every layer for one growing sequence.
struct TransformerCache {
  std::vector<KeyValueCache> layers;
  Index length() const { return layers.empty() ? 0 : layers.front().length; }
};

namespace detail {
/// Throws Error for an option that is out of its range.
const TransformerOptions& checked(const TransformerOptions& o);
/// Throws Error unless the tokens are whole sequences of T, one at least.
void expect_sequences(const char* call, TokenSpan tokens, Index T);
[[noreturn]] void throw_other_batch(const char* call, Index tokens, Index T, Index latest_tokens,
                                    Index latest_T);
/// Throws Error unless the cache has as many layers, all as long.
void expect_layers(const char* call, const TransformerCache& cache, std::size_t layers);
/// More rows, each the mean of those that were there.
void grow_rows(Parameter& p, Index rows);

template <class Block>
struct NormOf {
  using type = LayerNorm;
};
template <class Block>
requires requires { typename Block::Norm; }
struct NormOf<Block> {
  using type = typename Block::Norm;
};
}  // namespace detail

/// The trunk that language models and classifiers share: tokens → vectors + positions → L blocks →
/// norm → one vector of features for each token. The last norm is of the blocks' kind.
template <BlockLayer Block = TransformerBlock<>, PositionLayer Positions = LearnedPositions>
struct Transformer {
  using Norm = typename detail::NormOf<Block>::type;

  Embedding token_embedding;  // (V, C)
  Positions positions;        // (context, C)
  Dropout dropout;
  std::vector<Block> blocks;  // L
  Norm final_norm;
  Matrix x0;  // (N, C): tokens and positions

  /// Throws Error for a size under 1, or another option out of its range.
  Transformer(const TransformerOptions& o, Random& random)
      : token_embedding(detail::checked(o).vocab_size, o.block.channels, random, o.embedding_std),
        positions(o.context, o.block.channels, random, o.position_std),
        dropout(o.block.dropout, Random(random.next(), 3)),
        final_norm(detail::norm_of<Norm>(o.block)),
        context_(o.context) {
    blocks.reserve(static_cast<std::size_t>(o.layers));
    for (Index i = 0; i < o.layers; ++i) blocks.emplace_back(o.block, random);
  }

  /// tokens are B sequences of T, one after the other; `lengths` only for blocks that know padding.
  /// Returns the features (B·T, C). Throws Error when T is over the context or a token outside the
  /// vocabulary, and where there are no tokens.
  template <class... Lengths>
  const Matrix& forward(TokenSpan tokens, Index T, const Lengths&... lengths) {
    detail::expect_sequences("Transformer::forward", tokens, T);
    T_ = T;
    x0 = token_embedding.forward(tokens);
    positions.add_to(x0, T);
    const Matrix* x = dropout.active() ? &dropout.forward(x0) : &x0;
    for (Block& block : blocks) x = &block.forward(*x, T, lengths...);
    return final_norm.forward(*x);
  }

  /// dy is (B·T, C); the rest is that of the latest forward. Adds to the gradients.
  template <class... Lengths>
  void backward(TokenSpan tokens, const ConstMatrixRef& dy, Index T, const Lengths&... lengths) {
    backward_telling([](Parameter&) {}, tokens, dy, T, lengths...);
  }

  /// The same, and calls ready(p) for each learned parameter of blocks and norm as soon as its
  /// gradient is complete, last layer first: it can be sent to other machines while the layers
  /// before it are at work. What is left, the embeddings, is complete at the end.
  template <class... Lengths>
  void backward_telling(auto&& ready, TokenSpan tokens, const ConstMatrixRef& dy, Index T,
                        const Lengths&... lengths) {
    const auto tell = [&](std::string_view, Parameter& p) { ready(p); };
    expect_latest("Transformer::backward", tokens, T);
    const Matrix* dx = &final_norm.backward(input_of(blocks.size()), dy);
    visit_learned(final_norm, tell);
    for (std::size_t i = blocks.size(); i-- > 0;) {
      take_gradients(blocks[i], blocks[(i + 1) % blocks.size()]);
      dx = &blocks[i].backward(input_of(i), *dx, T, lengths...);
      visit_learned(blocks[i], tell);
    }
    if (dropout.active()) dx = &dropout.backward(x0, *dx);
    positions.backward(*dx, T);
    token_embedding.backward(tokens, *dx);
  }

  /// An empty cache with room for the whole context.
  TransformerCache make_cache() const {
    const Matrix empty = Matrix::Zero(context_, token_embedding.weight.value.cols());
    return {std::vector<KeyValueCache>(blocks.size(), KeyValueCache{empty, empty, 0})};
  }

  /// The features (1, C) of the last of n new tokens that follow those in the cache. Equal to
  /// `forward` up to rounding. Throws Error where there are none, or the cache is full or another
  /// model's.
  const Matrix& forward_next(TokenSpan tokens, TransformerCache& cache) requires
      requires(Block block, const Matrix& x, KeyValueCache& layer) {
    block.forward_next(x, layer);
  }
  {
    detail::expect_sequences("Transformer::forward_next", tokens, std::ssize(tokens));
    detail::expect_layers("Transformer::forward_next", cache, blocks.size());
    T_ = 0;
    x0 = token_embedding.forward(tokens);
    positions.add_to(x0, std::ssize(tokens), cache.length());
    const Matrix* x = &x0;
    for (std::size_t i = 0; i < blocks.size(); ++i)
      x = &blocks[i].forward_next(*x, cache.layers[i]);
    return final_norm.forward(x->bottomRows(1));
  }

  /// Throws Error, in the name of `call`, unless the latest forward took as many tokens and this T.
  void expect_latest(const char* call, TokenSpan tokens, Index T) const {
    if (T != T_ || std::ssize(tokens) != x0.rows())
      detail::throw_other_batch(call, std::ssize(tokens), T, x0.rows(), T_);
  }

  /// Names are those of GPT-2's published files.
  void visit_parameters(auto&& visit) {
    visit_part("wte", token_embedding, visit);
    visit_part("wpe", positions, visit);
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      char name[24] = "h.";  // "h.0" and so on, without asking for memory
      const char* end = std::to_chars(name + 2, std::end(name), i).ptr;
      visit_part(std::string_view(name, static_cast<std::size_t>(end - name)), blocks[i], visit);
    }
    visit_part("ln_f", final_norm, visit);
  }
  void set_training(bool on) {
    dropout.set_training(on);
    for (Block& block : blocks) damla::set_training(block, on);
  }
  void visit_generators(auto&& visit) {
    visit(dropout.random);
    for (Block& block : blocks) damla::visit_generators(block, visit);
  }

 private:
  /// What block i of the latest forward took; the norm after the last block counts as one more.
  const Matrix& input_of(std::size_t i) const {
    if (i > 0) return blocks[i - 1].y;
    return dropout.active() ? dropout.y : x0;
  }
  /// All blocks' gradients lie in the memory of one, which the blocks hand down.
  static void take_gradients(Block& block, Block& after) {
    if constexpr (requires { block.swap_gradients(after); })
      if (&block != &after) block.swap_gradients(after);
  }
  Index context_;
  Index T_ = 0;  // of the latest forward
};

}}  // namespace damla::DAMLA_ABI
