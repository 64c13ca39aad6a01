#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "damla/core/error.hpp"
#include "damla/core/matrix.hpp"
#include "damla/data/token_batch.hpp"
#include "damla/nn/dropout.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// The likeliest class of each row of logits (N, classes). One column is the logit of class 1
/// against class 0. Throws Error when there is none.
inline Tokens predicted_classes(const ConstMatrixRef& logits) {
  expect_count("predicted_classes", "the number of columns of logits", logits.cols(), 1);
  Tokens classes(static_cast<std::size_t>(logits.rows()));
  for (Index n = 0; n < logits.rows(); ++n) {
    Index best = logits(n, 0) > 0 ? 1 : 0;
    if (logits.cols() > 1) logits.row(n).maxCoeff(&best);
    classes[static_cast<std::size_t>(n)] = static_cast<Token>(best);
  }
  return classes;
}

/// The likeliest class of each text, by a text classifier. Dropout is off meanwhile.
Tokens predicted_classes(auto& model, const std::vector<Tokens>& texts) {
  const WithoutDropout off(model);
  Tokens classes;
  for (const Tokens& text : texts)
    classes.push_back(
        predicted_classes(model.forward(TokenBatch::of(std::span(&text, 1)))).front());
  return classes;
}

/// The share of rows whose class was predicted. Throws Error when there are none, or not as many of
/// both.
inline double accuracy(TokenSpan predicted, TokenSpan targets) {
  if (targets.empty() || predicted.size() != targets.size())
    throw Error("accuracy: " + std::to_string(predicted.size()) + " predictions for " +
                std::to_string(targets.size()) + " targets");
  Index right = 0;
  for (std::size_t n = 0; n < targets.size(); ++n) right += predicted[n] == targets[n];
  return static_cast<double>(right) / static_cast<double>(targets.size());
}

/// counts(target, predicted). Throws Error when there are not as many of both, a class is outside 0
/// … classes-1, or classes outside 1 … 10,000: the matrix is of them squared.
inline Eigen::Matrix<Index, Eigen::Dynamic, Eigen::Dynamic> confusion_matrix(TokenSpan predicted,
                                                                             TokenSpan targets,
                                                                             Index classes) {
  expect_count("confusion_matrix", "classes", classes, 1, 10000);
  if (predicted.size() != targets.size())
    throw Error("confusion_matrix: there are " + std::to_string(predicted.size()) +
                " predictions for " + std::to_string(targets.size()) + " targets");
  Eigen::Matrix<Index, Eigen::Dynamic, Eigen::Dynamic> counts(classes, classes);
  counts.setZero();
  for (std::size_t n = 0; n < targets.size(); ++n) {
    if (std::min(predicted[n], targets[n]) < 0 || std::max(predicted[n], targets[n]) >= classes)
      throw Error("confusion_matrix: row " + std::to_string(n) + " has a class outside 0 … " +
                  std::to_string(classes - 1));
    ++counts(targets[n], predicted[n]);
  }
  return counts;
}

/// R² = 1 − Σ(target − prediction)² / Σ(target − mean)²: the share of the targets' variance that is
/// explained; 0 for who always says the mean. Both (N, 1). Throws Error when the targets are all
/// equal, or a number is not finite.
inline double r_squared(const ConstMatrixRef& prediction, const ConstMatrixRef& target) {
  expect_shape("r_squared", "target", target, any, 1, "one number a row");
  expect_shape("r_squared", "prediction", prediction, target.rows(), 1, "as the target");
  const Eigen::ArrayXd t = target.col(0).cast<double>(), p = prediction.col(0).cast<double>();
  require(t.size() > 0, "r_squared: there are no rows");
  require(t.allFinite() && p.allFinite(),
          "r_squared: a target or a prediction is not finite (did training diverge?)");
  const double variance = (t - t.mean()).square().sum();
  require(variance > 0, "r_squared: the targets are all equal, so there is no variance to explain");
  return 1 - (t - p).square().sum() / variance;
}

/// The answers whose probability lies in [low, high).
struct ReliabilityBin {
  double low = 0, high = 0;
  Index count = 0;
  double mean_probability = 0;  ///< what the model said
  double share = 0;  ///< how often it was so: near mean_probability when the model is calibrated
};

/// P(target = 1) (N, 1) against what came: of all the songs with "80 %", are 80 % what it said?
/// (DeGroot and Fienberg, 1983.) Bins are of equal width. Throws Error when the shapes do not fit,
/// a number is no probability, a target not 0 or 1, or bins under 1.
inline std::vector<ReliabilityBin> reliability_table(const ConstMatrixRef& probabilities,
                                                     TokenSpan targets, int bins = 10) {
  expect_shape("reliability_table", "probabilities", probabilities, std::ssize(targets), 1,
               "one row a target");
  expect_size("reliability_table", "bins", bins);
  std::vector<ReliabilityBin> table(static_cast<std::size_t>(bins));
  for (std::size_t b = 0; b < table.size(); ++b) {
    table[b].low = static_cast<double>(b) / static_cast<double>(table.size());
    table[b].high = static_cast<double>(b + 1) / static_cast<double>(table.size());
  }
  for (std::size_t n = 0; n < targets.size(); ++n) {
    const double p = static_cast<double>(probabilities(static_cast<Index>(n), 0));
    require(p >= 0 && p <= 1,
            "reliability_table: probabilities need to be in [0, 1] (are these logits?)");
    expect_count("reliability_table", "a target", targets[n], 0, 1);
    ReliabilityBin& bin = table[std::min(
        static_cast<std::size_t>(p * static_cast<double>(table.size())), table.size() - 1)];
    ++bin.count;
    bin.mean_probability += p;
    bin.share += targets[n] == 1 ? 1 : 0;
  }
  for (ReliabilityBin& bin : table)
    if (bin.count > 0) {
      bin.mean_probability /= static_cast<double>(bin.count);
      bin.share /= static_cast<double>(bin.count);
    }
  return table;
}

}}  // namespace damla::DAMLA_ABI
