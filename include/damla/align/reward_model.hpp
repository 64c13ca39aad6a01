#pragma once

#include "damla/align/tuning.hpp"
#include "damla/models/gpt.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// A language model that says, in place of the next word, how good the text so far is: one number,
/// read off at its last token (Ouyang et al., 2022, step 2).
template <BlockLayer Block = TransformerBlock<>, PositionLayer Positions = LearnedPositions>
struct RewardModel {
  Transformer<Block, Positions> transformer;  // a copy of the tuned model's
  Linear score;                               // (C, 1), starts at 0: no opinion
  Matrix last;                                // (B, C): the features of each text's last token
  Matrix dfeatures;                           // (B·T, C)

  explicit RewardModel(const Gpt<Block, Positions>& tuned)
      : transformer(tuned.transformer), score(no_opinion(tuned.options.channels)) {}

  /// Returns the rewards (B, 1).
  const Matrix& forward(const TokenBatch& batch) {
    batch.check("RewardModel::forward");
    const Matrix& features = transformer.forward(batch.tokens, batch.T);
    last.resize(batch.B, features.cols());
    for (Index b = 0; b < last.rows(); ++b) last.row(b) = features.row(last_row(batch, b));
    return score.forward(last);
  }

  void backward(const TokenBatch& batch, const ConstMatrixRef& drewards) {
    batch.check("RewardModel::backward");
    const Matrix& dlast = score.backward(last, drewards);
    dfeatures.setZero(std::ssize(batch.tokens), dlast.cols());
    for (Index b = 0; b < dlast.rows(); ++b) dfeatures.row(last_row(batch, b)) = dlast.row(b);
    transformer.backward(batch.tokens, dfeatures, batch.T);
  }

  bool training() const { return transformer.dropout.training; }
  void set_training(bool on) { transformer.set_training(on); }
  void visit_generators(auto&& visit) { transformer.visit_generators(visit); }
  void visit_parameters(auto&& visit) {
    visit_part("body", transformer, visit), visit_part("score", score, visit);
  }

 private:
  static Index last_row(const TokenBatch& batch, Index b) {
    return b * batch.T + batch.length(b) - 1;
  }
  static Linear no_opinion(Index channels) {
    Random unused(0);
    Linear layer(channels, 1, unused);
    layer.weight.value.setZero();
    return layer;
  }
};

/// The loss of Bradley and Terry (1952; Ouyang et al., 2022, eq. 1) for pairs of which a person
/// preferred one: loss = −(1/P) Σ ln σ(r_chosen − r_rejected).
struct PreferenceLoss {
  double loss = 0;
  double accuracy = 0;  ///< share of pairs in which the chosen text has the higher reward
  Matrix dx;            // (2P, 1)

  /// rewards is (2P, 1): those of the P chosen texts, then those of the P rejected ones. Throws
  /// Error for an odd number.
  double forward(const ConstMatrixRef& rewards);
  const Matrix& backward(const ConstMatrixRef& rewards);
};

}}  // namespace damla::DAMLA_ABI
