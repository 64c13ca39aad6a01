#pragma once

#include <algorithm>
#include <string_view>

#include "damla/models/gpt.hpp"
#include "damla/models/llama.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// Where the numbers are that a model of these sizes learns; in the comments those of a GPT.
struct ParameterCounts {
  Index token_embedding;  ///< V·C
  Index positions;        ///< context·C
  Index attention;        ///< in each of the L blocks 4·C² and 4·C biases
  Index feed_forward;     ///< in each block 8·C² and 5·C biases
  Index norms;            ///< 4·C in each block, 2·C for the last one
  Index head;             ///< V·C; 0 where the token embedding is the head too

  constexpr Index sum() const {
    return token_embedding + positions + attention + feed_forward + norms + head;
  }
};
constexpr ParameterCounts parameters_by_part(const GptOptions& o) {
  const Index C = o.channels, words = o.vocab_size * C;
  return {.token_embedding = words,
          .positions = o.context * C,
          .attention = o.layers * (4 * C * C + 4 * C),
          .feed_forward = o.layers * (8 * C * C + 5 * C),
          .norms = o.layers * 4 * C + 2 * C,
          .head = o.tied ? 0 : words};
}

/// How many numbers a head of attention keeps of each of T tokens.
constexpr double kept_a_head(Index T) {
  return T <= AttentionWeights::usually ? static_cast<double>(T) : 2;
}

/// How many numbers a GPT of these sizes learns, without building it.
constexpr Index parameter_count(const GptOptions& o) { return parameters_by_part(o).sum(); }

/// How many neurons work on one token, counting each number that a layer hands on through its own
/// weights: 3·C + C in attention and 4·C + C in the feed-forward half of each block.
constexpr Index neuron_count(const GptOptions& o) { return o.layers * 9 * o.channels; }

/// The bytes that training takes, in batches of `batch` full contexts: each parameter with its
/// gradient and AdamW's two moments; what layers keep of each token from forward to backward, in a
/// block 21 times C and H·T (2·H where attention keeps no weights); the gradients that all blocks
/// write in one place, 17 times C; and of the logits two times V.
constexpr double training_memory(const GptOptions& o, Index batch) {
  const double N = static_cast<double>(batch) * static_cast<double>(o.context),
               C = static_cast<double>(o.channels), L = static_cast<double>(o.layers);
  const double of_a_block = 21 * C + static_cast<double>(o.heads) * kept_a_head(o.context);
  return static_cast<double>(sizeof(Scalar)) *
         (4 * static_cast<double>(parameter_count(o)) +
          N * (L * of_a_block + 17 * C + 2 * static_cast<double>(o.vocab_size) + 6 * C));
}

/// The bytes that generating takes when the prompt fills the context: the weights; for each token
/// and block its key and value in the cache, 2·C; what the layers keep of the latest 64 tokens, as
/// many as they read at a time, 20·C and H·T; outside of the blocks 2·C a token, and V logits.
constexpr double generation_memory(const GptOptions& o) {
  const double T = static_cast<double>(o.context), C = static_cast<double>(o.channels),
               L = static_cast<double>(o.layers), latest = std::min(T, 64.0);
  const double of_a_block = T * 2 * C + latest * (20 * C + static_cast<double>(o.heads) * T);
  return static_cast<double>(sizeof(Scalar)) *
         (static_cast<double>(parameter_count(o)) + L * of_a_block + T * 2 * C +
          static_cast<double>(o.vocab_size));
}

/// The same of a model of the Llama family.
ParameterCounts parameters_by_part(const LlamaOptions& o);
Index parameter_count(const LlamaOptions& o);
double training_memory(const LlamaOptions& o, Index batch);
double generation_memory(const LlamaOptions& o);

/// Sizes to train on a laptop, by name: `nano` takes seconds, `tiny` minutes, `small` hours. Throws
/// Error for any other name. The vocabulary is still to be set.
GptOptions named_size(std::string_view name);
/// A Llama of that size: as many layers, heads and channels.
LlamaOptions named_llama_size(std::string_view name);

/// Published sizes: Radford et al., 2019, table 2; Brown et al., 2020, table 2.1.
inline constexpr GptOptions gpt2_small{
    .vocab_size = 50257, .context = 1024, .channels = 768, .heads = 12, .layers = 12};
inline constexpr GptOptions gpt2_xl{
    .vocab_size = 50257, .context = 1024, .channels = 1600, .heads = 25, .layers = 48};
inline constexpr GptOptions gpt3{
    .vocab_size = 50257, .context = 2048, .channels = 12288, .heads = 96, .layers = 96};

}}  // namespace damla::DAMLA_ABI
