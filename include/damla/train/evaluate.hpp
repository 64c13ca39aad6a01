#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "damla/core/error.hpp"
#include "damla/data/windows.hpp"
#include "damla/functional/softmax.hpp"
#include "damla/nn/loss.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// How likely a language model finds each word of its vocabulary to come after a text.
template <class Model>
std::vector<double> next_probabilities(Model& model, TokenSpan text) {
  const auto logits = model.forward(text, std::ssize(text)).bottomRows(1);
  const double most = static_cast<double>(logits.maxCoeff());
  std::vector<double> p(static_cast<std::size_t>(logits.cols()));
  double sum = 0;
  for (std::size_t w = 0; w < p.size(); ++w)
    sum += p[w] = std::exp(static_cast<double>(logits(0, static_cast<Index>(w))) - most);
  for (double& q : p) q /= sum;
  return p;
}

/// −ln P(target) in nats by a language model, for each token of the windows, `batch` windows at a
/// time. The model sees no more than the window up to that token.
template <class Model>
std::vector<double> window_losses(Model& model, const TextWindows& windows, Index batch = 16) {
  std::vector<double> losses;
  for (Index w = 0; w < windows.count(); w += batch) {
    const auto from = static_cast<std::size_t>(w * windows.T);
    const auto n = static_cast<std::size_t>(std::min(batch, windows.count() - w) * windows.T);
    const auto part = token_losses(model.forward(windows.tokens.subspan(from, n), windows.T),
                                   windows.targets.subspan(from, n));
    losses.insert(losses.end(), part.begin(), part.end());
  }
  return losses;
}

/// A mean, and its standard error.
struct Mean {
  double mean = 0, error = 0;
};

/// The mean of losses that come in windows of T, and how uncertain it is. Neighbours in a window
/// depend on each other, so whole windows count as one observation. Throws Error for fewer than two
/// windows.
inline Mean mean_of_windows(const std::vector<double>& losses, Index T) {
  const Index n = T < 1 ? 0 : std::ssize(losses) / T;
  require(n >= 2,
          "mean_of_windows: at least two windows are needed to say how uncertain their mean is");
  std::vector<double> means(static_cast<std::size_t>(n));
  for (std::size_t i = 0; i < means.size() * static_cast<std::size_t>(T); ++i)
    means[i / static_cast<std::size_t>(T)] += losses[i] / static_cast<double>(T);
  Mean result;
  for (const double m : means) result.mean += m / static_cast<double>(n);
  for (const double m : means) result.error += (m - result.mean) * (m - result.mean);
  result.error = std::sqrt(result.error / static_cast<double>(n - 1) / static_cast<double>(n));
  return result;
}

/// The same of what the losses `a` are above the losses `b` of the same tokens.
inline Mean mean_difference(std::vector<double> a, const std::vector<double>& b, Index T) {
  require(a.size() == b.size(), "mean_difference: not as many losses on both sides");
  for (std::size_t i = 0; i < a.size(); ++i) a[i] -= b[i];
  return mean_of_windows(a, T);
}

/// The mean loss at each position of the window: T numbers.
inline std::vector<double> loss_by_position(const std::vector<double>& losses, Index T) {
  require(T > 0 && !losses.empty() && std::ssize(losses) % T == 0,
          "loss_by_position: expected losses in windows of T");
  std::vector<double> means(static_cast<std::size_t>(T));
  for (std::size_t i = 0; i < losses.size(); ++i)
    means[i % means.size()] +=
        losses[i] * static_cast<double>(T) / static_cast<double>(losses.size());
  return means;
}

}}  // namespace damla::DAMLA_ABI
