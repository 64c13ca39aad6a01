#pragma once

#include <fmt/format.h>

#include "damla/models/text_classifier.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// A model on how often each word stands in a text: with SoftmaxClassifier it is logistic
/// regression on a bag of words. Word order is lost.
template <class Model>
struct CountModel {
  Model model;  // in: V
  Index vocab_size;
  Matrix x{};  // (B, V): the counts

  /// Returns logits (B, classes).
  const Matrix& forward(const TokenBatch& batch) {
    batch.check("CountModel::forward");
    expect_size("CountModel::forward", "vocab_size", vocab_size);
    x.setZero(batch.B, vocab_size);
    for (Index b = 0; b < x.rows(); ++b)
      for (Index t = 0; t < batch.length(b); ++t) {
        const Token token = batch.tokens[static_cast<std::size_t>(b * batch.T + t)];
        if (token < 0 || token >= vocab_size)
          throw Error(
              fmt::format("CountModel::forward: token {} of text {} is {}, but the vocabulary has "
                          "{} words (was the text "
                          "encoded with the tokenizer that the model was built for?)",
                          t, b, token, vocab_size));
        x(b, token) += 1;
      }
    return model.forward(x);
  }
  void backward(const TokenBatch&, const Matrix& dlogits) { model.backward(x, dlogits); }
  void visit_parameters(auto&& visit) { model.visit_parameters(visit); }
};

}}  // namespace damla::DAMLA_ABI
