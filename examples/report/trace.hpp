#pragma once

#include <string_view>

#include "damla/models/gpt.hpp"

namespace damla::report {

namespace detail {
void print_trace_heading();
void print_trace_line(std::string_view name, const ConstMatrixRef& m);
}  // namespace detail

/// Runs a GPT on tokens and prints every result on the way: name, shape, mean and spread. What it
/// prints is all there to read in the model's members afterwards.
template <class Block>
void print_trace(Gpt<Block>& model, TokenSpan tokens, Index T) {
  model.forward(tokens, T);
  detail::print_trace_heading();
  detail::print_trace_line("token_embedding + positions", model.transformer.x0);
  for (std::size_t i = 0; i < model.transformer.blocks.size(); ++i) {
    const Block& block = model.transformer.blocks[i];
    const auto line = [&](const char* name, const Matrix& m) {
      detail::print_trace_line("blocks." + std::to_string(i) + "." + name, m);
    };
    if constexpr (requires {
                    block.norm_1.y, block.attention.weights, block.feed_forward.activation.y;
                  }) {
      line("norm_1.y", block.norm_1.y);
      line("attention.qkv.y", block.attention.qkv.y);
      line("attention.weights", block.attention.weights);
      line("attention.mixed", block.attention.mixed);
      line("attention.projection.y", block.attention.projection.y);
      line("x1", block.x1);
      line("norm_2.y", block.norm_2.y);
      line("feed_forward.activation.y", block.feed_forward.activation.y);
      line("feed_forward.down.y", block.feed_forward.down.y);
    }
    line("y", block.y);
  }
  detail::print_trace_line("final_norm.y", model.transformer.final_norm.y);
  detail::print_trace_line("logits", model.logits);
}

}  // namespace damla::report
