#pragma once

#include <map>
#include <string>
#include <vector>

#include "damla/core/compact_matrix.hpp"
#include "damla/functional/activation.hpp"
#include "damla/functional/layer_norm.hpp"
#include "damla/functional/sum.hpp"
#include "damla/models/gpt.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// The sizes of a CompactModel: what its forward pass needs to know.
struct CompactOptions {
  Index vocab_size = 256;  ///< V
  Index context = 64;      ///< the most tokens that it sees at once
  Index channels = 64;     ///< C
  Index heads = 4;         ///< H, a divisor of C
  Index layers = 2;        ///< L
  bool tied = true;        ///< the head is the token embedding, transposed

  CompactOptions() = default;
  CompactOptions(const GptOptions& o)  // implicit: the same sizes
      : vocab_size(o.vocab_size),
        context(o.context),
        channels(o.channels),
        heads(o.heads),
        layers(o.layers),
        tied(o.tied) {}
};

/// GPT-2 for generation alone: its weights are kept with 32, 16 or 8.5 bits, laid out for products
/// of one row, and nothing is kept for a backward pass. Takes a Gpt's place in `Generator` and
/// `generate`. Vectors and positions stay Scalar. Copies share the weights.
///
///     CompactModel model(gpt, WeightType::q8_0);
struct CompactModel {
  /// A matrix that is read, and what is added to the product.
  struct Weight {
    CompactMatrix matrix;  // (in, out)
    Matrix bias;           // (1, out)
  };
  struct Norm {
    Matrix weight, bias;  // (1, C)
  };
  struct Block {
    Norm norm_1, norm_2;
    Weight qkv;         // (C, 3C): queries, keys and values
    Weight projection;  // (C, C)
    Weight up;          // (C, 4C)
    Weight down;        // (4C, C)
  };

  CompactOptions options;
  WeightType type;
  CompactMatrix embedding;  // (C, V): column v is the vector of token v
  CompactMatrix head;       // (C, V), the embedding itself where they are tied
  Matrix positions;         // (context, C)
  std::vector<Block> blocks;
  Norm final_norm;
  Matrix logits;  // (1, V)

  /// A model whose weights are still to be put in their places. Throws Error for a size out of its
  /// range, and for more weights than there is memory.
  CompactModel(const CompactOptions& o, WeightType type_);
  /// The same model, its weights rounded.
  CompactModel(const Gpt<>& model, WeightType type_);

  /// Where a tensor of a file goes, which is (rows, cols) there.
  struct Place {
    CompactMatrix* matrix = nullptr;  // a weight, or
    Matrix* vector = nullptr;         // what stays as it is
    bool outputs_first = false;       // the file has a row for each output, not for each input
    Index rows = 0, cols = 0;
  };
  /// The places of all tensors, under the names of GPT-2's published files.
  std::map<std::string, Place> places();

  /// An empty cache with room for the whole context.
  TransformerCache make_cache() const {
    const Matrix empty = Matrix::Zero(options.context, options.channels);
    return {std::vector<KeyValueCache>(blocks.size(), KeyValueCache{empty, empty, 0})};
  }

  /// The logits (1, V) after the last of n new tokens that follow those in the cache. Throws Error
  /// where there are none, one is outside the vocabulary, or the cache has no room for them.
  const Matrix& forward_next(TokenSpan tokens, TransformerCache& cache) {
    expect_room(tokens, cache);
    x_.resize(std::ssize(tokens), options.channels);
    for (Index n = 0; n < x_.rows(); ++n)
      embedding.copy_column(x_.row(n), tokens[static_cast<std::size_t>(n)]);
    x_ += positions.middleRows(cache.length(), x_.rows());
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      const Block& block = blocks[i];
      attend(normed(x_, block.norm_1), block, cache.layers[i]);
      functional::add(x_, x_, update_);
      multiply(hidden_, normed(x_, block.norm_2), block.up.matrix, block.up.bias);
      activated_.resize(hidden_.rows(), hidden_.cols());
      functional::gelu(activated_, hidden_);
      multiply(update_, activated_, block.down.matrix, block.down.bias);
      functional::add(x_, x_, update_);
    }
    multiply(logits, normed(x_.bottomRows(1), final_norm), head);
    return logits;
  }

 private:
  Matrix x_;                              // (n, C): the residual stream
  Matrix xhat_, rstd_, normed_, update_;  // (n, C), rstd_ (n, 1)
  Matrix qkv_, weights_, mixed_;          // (n, 3C), (n, context), (n, C)
  Matrix hidden_, activated_;             // (n, 4C)

  const Matrix& normed(const ConstMatrixRef& x, const Norm& norm) {
    for (Matrix* m : {&xhat_, &normed_}) m->resize(x.rows(), x.cols());
    rstd_.resize(x.rows(), 1);
    functional::layer_norm(normed_, xhat_, rstd_, x, norm.weight, norm.bias, Scalar(1e-5));
    return normed_;
  }

  /// The new tokens look at all that are in the cache, themselves included.
  void attend(const Matrix& x, const Block& block, KeyValueCache& cache) {
    const Index n = x.rows(), C = x.cols(), d = C / options.heads, before = cache.length;
    multiply(qkv_, x, block.qkv.matrix, block.qkv.bias);
    cache.keys.middleRows(before, n) = qkv_.middleCols(C, C);
    cache.values.middleRows(before, n) = qkv_.rightCols(C);
    cache.length += n;
    mixed_.resize(n, C), weights_.resize(n, cache.length);
    for (Index h = 0; h < options.heads; ++h)
      functional::attend(mixed_.middleCols(h * d, d), weights_, qkv_.middleCols(h * d, d),
                         cache.keys.block(0, h * d, cache.length, d),
                         cache.values.block(0, h * d, cache.length, d),
                         functional::Visible::causal(before));
    multiply(update_, mixed_, block.projection.matrix, block.projection.bias);
  }

  void expect_room(TokenSpan tokens, const TransformerCache& cache) const;
};

}}  // namespace damla::DAMLA_ABI
