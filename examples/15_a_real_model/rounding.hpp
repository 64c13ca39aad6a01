#pragma once

// For lesson 15: a model with fewer bits, and what that costs.

#include <algorithm>
#include <cmath>
#include <string_view>
#include <vector>

#include "damla/damla.hpp"
#include "damla/train/language_model_run.hpp"

namespace damla {

/// Rounds a row as functional::quantize does with eight bits: 32 numbers share a scale, each
/// becomes a whole number of at most 2^(bits−1) − 1, and comes back as scale · q.
inline void round_row(Eigen::Ref<Eigen::RowVectorX<Scalar>, 0, Eigen::InnerStride<>> w, int bits) {
  const auto most = static_cast<Scalar>((1 << (bits - 1)) - 1);
  for (Index first = 0; first < w.size(); first += functional::EightBits::size) {
    auto part = w.segment(first, std::min(functional::EightBits::size, w.size() - first));
    const Scalar scale = part.cwiseAbs().maxCoeff() / most;
    if (scale > 0) part = scale * (part / scale).array().round().matrix();
  }
}

/// The model with its weights rounded along their inputs, as CompactModel does. Norms, biases and
/// positions stay.
template <class Model>
Model rounded(Model model, int bits) {
  model.visit_parameters([&](std::string_view name, Parameter& p) {
    Matrix& w = p.value;
    if (w.rows() == 1 || name.starts_with("wpe")) return;
    const bool row_for_each_output = !name.starts_with("h.") && !name.starts_with("layers.");
    if (row_for_each_output)
      for (Index n = 0; n < w.rows(); ++n) round_row(w.row(n), bits);
    else
      for (Index n = 0; n < w.cols(); ++n) round_row(w.col(n).transpose(), bits);
  });
  return model;
}

/// What a rough model costs beside the exact one, in nats a token.
struct Cost {
  double loss = 0;  ///< how much higher its loss is on a text
  double kl = 0;    ///< how far what it expects is from what the exact one expects (lesson 11)
};

/// logits(tokens, T) are those of a window, (T, V).
inline Cost cost_of(auto&& exact_logits, auto&& rough_logits, const SpreadWindows& text) {
  const auto log_probabilities = [](const Matrix& logits) {
    Eigen::MatrixXd y = logits.cast<double>();
    y.colwise() -= y.rowwise().maxCoeff().eval();
    y.colwise() -= y.array().exp().rowwise().sum().log().matrix().eval();
    return y;
  };
  Cost cost;
  const auto n = static_cast<double>(text.tokens.size());
  for (std::size_t from = 0; from < text.tokens.size(); from += static_cast<std::size_t>(text.T)) {
    const auto window = TokenSpan(text.tokens).subspan(from, static_cast<std::size_t>(text.T));
    const Eigen::MatrixXd p = log_probabilities(exact_logits(window)),
                          q = log_probabilities(rough_logits(window));
    cost.kl += (p.array().exp() * (p - q).array()).sum() / n;
    for (Index t = 0; t < text.T; ++t) {
      const Token next = text.targets[from + static_cast<std::size_t>(t)];
      cost.loss += (p(t, next) - q(t, next)) / n;
    }
  }
  return cost;
}

/// The logits (T, V) of a model that only generates: it reads token by token.
inline Matrix compact_logits(CompactModel& model, TokenSpan window) {
  Matrix logits(std::ssize(window), model.options.vocab_size);
  TransformerCache cache = model.make_cache();
  for (Index t = 0; t < logits.rows(); ++t)
    logits.row(t) = model.forward_next(window.subspan(static_cast<std::size_t>(t), 1), cache);
  return logits;
}

/// The bytes of its weights.
inline double weight_bytes(const CompactModel& model) {
  std::size_t sum = model.embedding.bytes() + (model.options.tied ? 0 : model.head.bytes());
  for (const CompactModel::Block& b : model.blocks)
    for (const auto* w : {&b.qkv, &b.projection, &b.up, &b.down}) sum += w->matrix.bytes();
  return static_cast<double>(sum);
}

}  // namespace damla
