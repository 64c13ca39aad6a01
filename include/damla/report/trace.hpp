#pragma once

#include <string_view>

#include "damla/models/gpt.hpp"

namespace damla::inline DAMLA_ABI::report {

namespace detail {
void print_trace_heading();
void print_trace_line(std::string_view name, const ConstMatrixRef& m);
}  // namespace detail

/// Runs a GPT on tokens and prints every result on the way: name, shape, mean and spread. What it prints is all there to read
/// in the model's members afterwards.
template <class Block>
void print_trace(Gpt<Block>& model, TokenSpan tokens, Index T) {
  model.forward(tokens, T);
  detail::print_trace_heading();
  detail::print_trace_line("wte.y + wpe", model.x0);
  for (std::size_t i = 0; i < model.h.size(); ++i) {
    const Block& block = model.h[i];
    const auto line = [&](const char* name, const Matrix& m) { detail::print_trace_line("h." + std::to_string(i) + "." + name, m); };
    if constexpr (requires { block.ln_1.y, block.attn.weights, block.mlp.gelu.y; }) {
      line("ln_1.y", block.ln_1.y);
      line("attn.c_attn.y", block.attn.c_attn.y);
      line("attn.weights", block.attn.weights);
      line("attn.mixed", block.attn.mixed);
      line("attn.c_proj.y", block.attn.c_proj.y);
      line("x1", block.x1);
      line("ln_2.y", block.ln_2.y);
      line("mlp.gelu.y", block.mlp.gelu.y);
      line("mlp.c_proj.y", block.mlp.c_proj.y);
    }
    line("y", block.y);
  }
  detail::print_trace_line("ln_f.y", model.ln_f.y);
  detail::print_trace_line("logits", model.logits);
}

}  // namespace damla::inline DAMLA_ABI::report
