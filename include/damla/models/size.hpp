#pragma once

#include <string_view>

#include "damla/models/gpt.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// How many numbers a GPT of these sizes learns, without building it: V·C + context·C for words and
/// positions; in each of the L blocks 12·C² + 13·C (4·C² for attention, 8·C² for the feed-forward
/// half, the rest biases and norms); 2·C for the last norm.
constexpr Index parameter_count(const GptOptions& o) {
  const Index C = o.channels;
  return o.vocab_size * C * (o.tied ? 1 : 2) + o.context * C + o.layers * (12 * C * C + 13 * C) +
         2 * C;
}

/// How many neurons work on one token, counting each number that a layer hands on through its own
/// weights: 3·C + C in attention and 4·C + C in the feed-forward half of each block.
constexpr Index neuron_count(const GptOptions& o) { return o.layers * 9 * o.channels; }

/// The bytes that training takes, in batches of `batch` full contexts: each parameter with its
/// gradient and AdamW's two moments; and what layers keep of each token from forward to backward:
/// in a block 36 times C and H·T, of the logits three times V.
constexpr double training_memory(const GptOptions& o, Index batch) {
  const double N = static_cast<double>(batch) * static_cast<double>(o.context),
               C = static_cast<double>(o.channels), L = static_cast<double>(o.layers);
  const double of_a_block = 36 * C + static_cast<double>(o.heads * o.context);
  return static_cast<double>(sizeof(Scalar)) *
         (4 * static_cast<double>(parameter_count(o)) +
          N * (L * of_a_block + 3 * static_cast<double>(o.vocab_size) + 6 * C));
}

/// Sizes to train on a laptop, by name: `nano` takes seconds, `tiny` minutes, `small` hours. Throws
/// Error for any other name. The vocabulary is still to be set.
GptOptions named_size(std::string_view name);

/// Published sizes: Radford et al., 2019, table 2; Brown et al., 2020, table 2.1.
inline constexpr GptOptions gpt2_small{
    .vocab_size = 50257, .context = 1024, .channels = 768, .heads = 12, .layers = 12};
inline constexpr GptOptions gpt2_xl{
    .vocab_size = 50257, .context = 1024, .channels = 1600, .heads = 25, .layers = 48};
inline constexpr GptOptions gpt3{
    .vocab_size = 50257, .context = 2048, .channels = 12288, .heads = 96, .layers = 96};

}}  // namespace damla::DAMLA_ABI
