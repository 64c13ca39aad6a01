#pragma once

#include "damla/models/text_classifier.hpp"

namespace damla::inline DAMLA_ABI {

/// A model on how often each word stands in a text: with LinearModel it is logistic regression on a bag of words. Word order
/// is lost.
template <class Model>
struct CountModel {
  Model model;       // in: V
  Index vocab_size;
  Matrix x{};        // (B, V): the counts

  /// Returns logits (B, classes).
  const Matrix& forward(const TextBatch& batch) {
    x.setZero(std::ssize(batch.lengths), vocab_size);
    for (Index b = 0; b < x.rows(); ++b)
      for (Index t = 0; t < batch.lengths[static_cast<std::size_t>(b)]; ++t)
        x(b, batch.tokens[static_cast<std::size_t>(b * batch.T + t)]) += 1;
    return model.forward(x);
  }
  void backward(const TextBatch&, const Matrix& dlogits) { model.backward(x, dlogits); }
  void visit_parameters(auto&& visit) { model.visit_parameters(visit); }
};

/// Which class a model finds likeliest for each text.
Tokens predicted_labels(auto& model, const std::vector<Tokens>& texts) {
  Tokens result;
  for (const Tokens& text : texts) {
    const Matrix& logits = model.forward(TextBatch::of(std::span(&text, 1)));
    Index best = 0;
    logits.row(0).maxCoeff(&best);
    result.push_back(static_cast<Token>(best));
  }
  return result;
}

}  // namespace damla::inline DAMLA_ABI
