#pragma once

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

/// Published sizes: Radford et al., 2019, table 2; Brown et al., 2020, table 2.1.
inline constexpr GptOptions gpt2_small{
    .vocab_size = 50257, .context = 1024, .channels = 768, .heads = 12, .layers = 12};
inline constexpr GptOptions gpt2_xl{
    .vocab_size = 50257, .context = 1024, .channels = 1600, .heads = 25, .layers = 48};
inline constexpr GptOptions gpt3{
    .vocab_size = 50257, .context = 2048, .channels = 12288, .heads = 96, .layers = 96};

}}  // namespace damla::DAMLA_ABI
