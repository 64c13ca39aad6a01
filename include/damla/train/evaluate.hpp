#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "damla/core/error.hpp"
#include "damla/data/windows.hpp"
#include "damla/nn/dropout.hpp"
#include "damla/nn/loss.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// How likely a language model finds each word of its vocabulary to come after a text. Dropout is
/// off meanwhile. Throws Error when the text is empty.
template <class Model>
std::vector<double> next_probabilities(Model& model, TokenSpan text) {
  require(!text.empty(), "next_probabilities: the text needs at least one token");
  const WithoutDropout off(model);
  const auto logits = model.forward(text, std::ssize(text)).bottomRows(1);
  const double most = static_cast<double>(logits.maxCoeff());
  std::vector<double> p(static_cast<std::size_t>(logits.cols()));
  double sum = 0;
  for (std::size_t w = 0; w < p.size(); ++w)
    sum += p[w] = std::exp(static_cast<double>(logits(0, static_cast<Index>(w))) - most);
  for (double& q : p) q /= sum;
  return p;
}

/// −ln P(target) in nats by a language model, for each token of windows of T, `batch` windows at a
/// time. The model sees no more than the window up to that token. Dropout is off meanwhile. Throws
/// Error when batch is under 1.
template <class Model>
std::vector<double> window_losses(Model& model, TokenSpan tokens, TokenSpan targets, Index T,
                                  Index batch = 16) {
  expect_count("window_losses", "batch", batch, 1);
  const WithoutDropout off(model);
  std::vector<double> losses;
  const auto step = static_cast<std::size_t>(std::min(batch, std::ssize(tokens) / T) * T);
  for (std::size_t from = 0; from < tokens.size(); from += step) {
    const std::size_t n = std::min(tokens.size() - from, step);
    const auto part =
        token_losses(model.forward(tokens.subspan(from, n), T), targets.subspan(from, n));
    losses.insert(losses.end(), part.begin(), part.end());
  }
  return losses;
}
template <class Model>
std::vector<double> window_losses(Model& model, const TextWindows& windows, Index batch = 16) {
  return window_losses(model, windows.tokens, windows.targets, windows.T, batch);
}

namespace detail {
inline void expect_windows(const char* call, const std::vector<double>& losses, Index T) {
  expect_count(call, "T", T, 1);
  if (losses.empty() || std::ssize(losses) % T != 0)
    throw Error(std::string(call) + ": there are " + std::to_string(losses.size()) +
                " losses, but windows of T = " + std::to_string(T) + " need a multiple of that");
}
}  // namespace detail

/// A mean, and its standard error.
struct Mean {
  double mean = 0, error = 0;
};

/// The mean of losses that come in windows of T, and how uncertain it is. Neighbours in a window
/// depend on each other, so whole windows count as one observation. Throws Error for fewer than two
/// windows, and where T does not divide the losses.
inline Mean mean_of_windows(const std::vector<double>& losses, Index T) {
  detail::expect_windows("mean_of_windows", losses, T);
  const Index n = std::ssize(losses) / T;
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
  if (a.size() != b.size())
    throw Error("mean_difference: there are " + std::to_string(a.size()) + " losses a and " +
                std::to_string(b.size()) + " losses b, but both are of the same tokens");
  for (std::size_t i = 0; i < a.size(); ++i) a[i] -= b[i];
  return mean_of_windows(a, T);
}

/// The mean loss at each position of the window: T numbers.
inline std::vector<double> loss_by_position(const std::vector<double>& losses, Index T) {
  detail::expect_windows("loss_by_position", losses, T);
  std::vector<double> means(static_cast<std::size_t>(T));
  for (std::size_t i = 0; i < losses.size(); ++i)
    means[i % means.size()] +=
        losses[i] * static_cast<double>(T) / static_cast<double>(losses.size());
  return means;
}

}}  // namespace damla::DAMLA_ABI
