#pragma once

#include <utility>
#include <vector>

#include "damla/core/matmul.hpp"
#include "damla/nn/dropout.hpp"
#include "damla/nn/loss.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// What a GPT of L blocks computes on the way from T tokens to what it expects next.
struct Inside {
  std::vector<Matrix> attention;  ///< L of (H·T, T): row h·T + t is where head h of token t looks
  std::vector<Matrix> stream;     ///< L + 1 of (T, C): the residual stream before the first block,
                                  ///< and behind each
  Matrix logits;                  ///< (T, V): row t rates every word as the one after token t
  std::vector<double> losses;  ///< T − 1: [t] is −ln P(token t + 1 | those before it), in nats
};

/// Runs one text through the model and keeps what it did. Dropout is off meanwhile. Throws Error
/// for a text that `forward` does not take: an empty one, or one longer than the context.
template <class Model>
Inside look_into(Model& model, TokenSpan tokens) {
  const WithoutDropout off(model);
  Inside inside;
  std::vector<Index> limits;
  for (auto& block : model.transformer.blocks)
    limits.push_back(std::exchange(block.attention.keep_weights_to, std::ssize(tokens)));
  inside.logits = model.forward(tokens, std::ssize(tokens));
  inside.stream.push_back(model.transformer.x0);
  auto limit = limits.begin();
  for (auto& block : model.transformer.blocks) {
    block.attention.keep_weights_to = *limit++;
    inside.attention.push_back(block.attention.weights);
    inside.stream.push_back(block.y);
  }
  inside.losses = token_losses(inside.logits.topRows(inside.logits.rows() - 1), tokens.subspan(1));
  return inside;
}

/// The logit lens (nostalgebraist, 2020): what the model would expect next if it ended here. The
/// last norm and the head are applied to a residual stream (T, C) from between two blocks. Returns
/// the logits (T, V); behind the last block they are the model's own. Throws Error for another
/// number of channels.
template <class Model>
Matrix logit_lens(Model& model, const ConstMatrixRef& stream) {
  auto norm = model.transformer.final_norm;  // a copy: what the model keeps for backward stays
  Matrix logits;
  matmul(logits, norm.forward(stream), model.head().value.transpose());
  return logits;
}

}}  // namespace damla::DAMLA_ABI
