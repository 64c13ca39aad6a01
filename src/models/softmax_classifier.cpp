#include "damla/models/softmax_classifier.hpp"

#include "damla/functional/softmax.hpp"

namespace damla { inline namespace DAMLA_ABI {

Matrix SoftmaxClassifier::probabilities(const ConstMatrixRef& x) {
  Matrix p = forward(x);
  functional::softmax(p, p);
  return p;
}

Tokens SoftmaxClassifier::predict(const ConstMatrixRef& x) {
  const Matrix& logits = forward(x);
  Tokens classes(static_cast<std::size_t>(logits.rows()));
  for (Index n = 0; n < logits.rows(); ++n) {
    Index best = 0;
    logits.row(n).maxCoeff(&best);
    classes[static_cast<std::size_t>(n)] = static_cast<Token>(best);
  }
  return classes;
}

}}  // namespace damla::DAMLA_ABI
