#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "damla/core/compact_matrix.hpp"
#include "damla/core/threads.hpp"
#include "damla/functional/activation.hpp"
#include "damla/functional/layer_norm.hpp"
#include "damla/functional/rms_norm.hpp"
#include "damla/functional/sum.hpp"
#include "damla/functional/swiglu.hpp"
#include "damla/generate/generate.hpp"
#include "damla/models/gpt.hpp"
#include "damla/models/llama.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// The sizes of a CompactModel: those of a GPT-2, or of a Llama.
struct CompactOptions {
  Index vocab_size, context, channels, layers;  // V, most tokens, C, L
  Index heads, key_value_heads, head_size;      // H, G, d: GPT-2 has G = H and d = C/H
  Index inner;                                  // of the feed-forward network: GPT-2 has 4·C
  double epsilon;                               // of the norms
  bool tied;                                    // the head is the token embedding, transposed
  bool qkv_bias, qk_norm;                       // GPT-2 has all biases, and no such norms
  std::optional<RotaryOptions> rotary;          // Llama has them, GPT-2 a table of positions

  /// Implicit: the same model. Throw Error for a size that is out of its range.
  CompactOptions(const GptOptions& o);
  CompactOptions(const LlamaOptions& o);
};

/// GPT-2 and the Llama family for generation alone: weights are kept with 32, 16 or 8.5 bits, laid
/// out for products of one row, and nothing is kept for a backward pass. Takes a model's place in
/// `Generator` and `generate`. Vectors and positions stay Scalar. Copies share the weights.
///
///     CompactModel model(gpt, WeightType::q8_0);
struct CompactModel {
  /// A matrix that is only read, and what is added to the product.
  struct Weight {
    CompactMatrix matrix;  // (in, out)
    Matrix bias;           // (1, out), or empty
  };
  struct Norm {
    Matrix weight, bias;  // (1, C); RMS norms have no bias
  };
  struct Block {
    Norm norm_1, norm_2;
    Weight qkv;                 // (C, (H + 2·G)·d): queries, keys and values
    Weight projection;          // (H·d, C)
    Weight up;                  // (C, inner), or (C, 2·inner): SwiGLU's gate beside it
    Weight down;                // (inner, C)
    Norm query_norm, key_norm;  // (1, d), or empty
  };

  CompactOptions options;
  WeightType type;
  CompactMatrix embedding;  // (C, V): column v is the vector of token v
  CompactMatrix head;       // (C, V), the embedding itself where they are tied
  Matrix positions;         // (context, C), or empty
  std::optional<Rotary> rotary;
  std::vector<Block> blocks;
  Norm final_norm;
  Matrix logits;  // (B, V)

  /// A model whose weights are still to be put in their places. Throws Error for more weights than
  /// there is memory.
  CompactModel(const CompactOptions& o, WeightType type_);
  /// The same model, its weights rounded.
  CompactModel(const Gpt<>& model, WeightType type_);
  CompactModel(const Llama<>& model, WeightType type_);

  /// Where a parameter goes, which is (rows, cols) in the model.
  struct Place {
    CompactMatrix* matrix = nullptr;  // a weight, from its column first_out on, or
    View vector = {};                 // what stays as it is
    Index first_out = 0;
    bool outputs_first = false;  // it has a row for each output, as an embedding has
    Index rows = 0, cols = 0;
    void put(ConstView rows_of_it, Index first_row = 0) const;
  };
  /// The places of all parameters, under the names that Gpt and Llama give them.
  std::map<std::string, Place> places();

  /// An empty cache, which grows with the text.
  TransformerCache make_cache() const { return {std::vector<KeyValueCache>(blocks.size())}; }

  /// The logits (1, V) after the last of n new tokens that follow those in the cache. Throws Error
  /// where there are none, one is outside the vocabulary, or they do not fit in the context.
  const Matrix& forward_next(TokenSpan tokens, TransformerCache& cache) {
    TransformerCache* const only = &cache;
    return forward_next(tokens, {&only, 1});
  }
  /// The same for B texts at once, which reads the weights once for all: tokens are T new ones of
  /// each, one text after the other, and caches[b] is that of text b. The logits are (B, V), each
  /// row as if its text were alone: for up to 48 texts of floats, bit for bit.
  const Matrix& forward_next(TokenSpan tokens, std::span<TransformerCache* const> caches) {
    expect_room(tokens, caches);
    const Index N = std::ssize(tokens), B = std::ssize(caches), T = N / B;
    x_.resize(N, options.channels);
    for (Index i = 0; i < N; ++i)
      embedding.copy_column(x_.row(i), tokens[static_cast<std::size_t>(i)]);
    if (!rotary)
      for (Index b = 0; b < B; ++b)
        x_.middleRows(b * T, T) += positions.middleRows(at(caches, b).length(), T);
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      attend(normed(x_, blocks[i].norm_1), i, caches);
      functional::add(x_, x_, update_);
      feed_forward(normed(x_, blocks[i].norm_2), blocks[i]);
      functional::add(x_, x_, update_);
    }
    const Eigen::Map<const Matrix, 0, Eigen::OuterStride<>> last(x_.row(T - 1).data(), B, x_.cols(),
                                                                 T * x_.cols());
    multiply(logits, normed(last, final_norm), head);
    return logits;
  }

 private:
  Matrix x_;                         // (N, C): the residual stream
  Matrix normed_, update_;           // (N, C)
  Matrix rms_;                       // (N, 1)
  std::vector<double> mean_, rstd_;  // N
  Matrix qkv_, q_, k_, mixed_;       // (N, (H + 2·G)·d), (N, H·d), (N, G·d), (N, H·d)
  Matrix hidden_, activated_;        // (N, inner), hidden_ with the gate

  static TransformerCache& at(std::span<TransformerCache* const> caches, Index b) {
    return *caches[static_cast<std::size_t>(b)];
  }

  /// The new tokens look at all that are in their text's cache, themselves included.
  void attend(const Matrix& x, std::size_t layer, std::span<TransformerCache* const> caches) {
    const Block& block = blocks[layer];
    const Index B = std::ssize(caches), T = x.rows() / B, H = options.heads, d = options.head_size;
    const Index queries = H * d, keys = options.key_value_heads * d;
    multiply(qkv_, x, block.qkv.matrix, block.qkv.bias);
    turn(q_, qkv_.leftCols(queries), block.query_norm, layer, caches);
    turn(k_, qkv_.middleCols(queries, keys), block.key_norm, layer, caches);
    mixed_.resize(B * T, queries);  // x may be normed_, which turn() used
    Index work = 0;
    for (Index b = 0; b < B; ++b) {
      KeyValueCache& cache = at(caches, b).layers[layer];
      cache.append(k_.middleRows(b * T, T), qkv_.block(b * T, queries + keys, T, keys));
      work += T * cache.length * queries;
    }
    const auto one = [&](Index i) {  // head i % H of text i / H
      const KeyValueCache& cache = at(caches, i / H).layers[layer];
      const Index first = i / H * T, h = i % H, seen = cache.length;
      const Index shared = h * options.key_value_heads / H * d;
      thread_local Matrix weights;  // as much as was needed so far: a text's next row is longer
      if (weights.size() < T * seen) weights.resize(1, 2 * T * seen);
      functional::attend(
          mixed_.block(first, h * d, T, d), Eigen::Map<Matrix>(weights.data(), T, seen),
          q_.block(first, h * d, T, d), cache.keys.block(0, shared, seen, d),
          cache.values.block(0, shared, seen, d), functional::Visible::causal(seen - T));
    };
    constexpr Index worth_threads = 1 << 17;
    if (work < worth_threads)
      for (Index i = 0; i < B * H; ++i) one(i);
    else parallel_for(B * H, one);
    multiply(update_, mixed_, block.projection.matrix, block.projection.bias);
  }

  /// Queries or keys as attention compares them: in the Llama family, turned by their positions,
  /// and before that, in Qwen3, each head's normed.
  void turn(Matrix& to, const ConstMatrixRef& from, const Norm& norm, std::size_t layer,
            std::span<TransformerCache* const> caches) {
    to = from;
    if (!rotary) return;
    if (norm.weight.size() > 0) {
      Eigen::Map<Matrix> heads(to.data(), to.size() / options.head_size, options.head_size);
      heads = normed(heads, norm);
    }
    const Index T = to.rows() / std::ssize(caches);
    for (Index b = 0; b < std::ssize(caches); ++b)
      rotary->rotate(to.middleRows(b * T, T), at(caches, b).layers[layer].length);
  }

  void feed_forward(const Matrix& x, const Block& block) {
    multiply(hidden_, x, block.up.matrix, block.up.bias);
    activated_.resize(x.rows(), options.inner);
    if (rotary)
      functional::swiglu(activated_, hidden_.leftCols(options.inner),
                         hidden_.rightCols(options.inner));
    else functional::gelu(activated_, hidden_);
    multiply(update_, activated_, block.down.matrix, block.down.bias);
  }

  const Matrix& normed(const ConstMatrixRef& x, const Norm& norm) {
    normed_.resize(x.rows(), x.cols());
    const auto epsilon = static_cast<Scalar>(options.epsilon);
    if (rotary) {
      rms_.resize(x.rows(), 1);
      functional::rms_norm(normed_, rms_, x, norm.weight, epsilon);
    } else {
      for (std::vector<double>* v : {&mean_, &rstd_}) v->resize(static_cast<std::size_t>(x.rows()));
      functional::layer_norm(normed_, mean_, rstd_, x, norm.weight, norm.bias, epsilon);
    }
    return normed_;
  }

  void expect_room(TokenSpan tokens, std::span<TransformerCache* const> caches) const;
};

/// One of several texts: what `generate` would be called with for it.
struct BatchText {
  Tokens prompt;
  GenerateOptions options = {};
  Random random{0};
};

/// Several texts at once, which takes little longer than one as long as reading the weights is what
/// takes the time. Each has its own prompt, options and random numbers, and becomes what
/// `generate(model, prompt, options, random)` makes of it. For a Gpt or Llama, make a CompactModel
/// of it with f32. Throws Error when a prompt is empty, or an option out of its range.
std::vector<Tokens> generate_batch(CompactModel& model, std::span<BatchText> texts);

}}  // namespace damla::DAMLA_ABI
