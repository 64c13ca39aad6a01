#include "damla/nn/loss.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "damla/core/error.hpp"
#include "damla/core/view.hpp"
#include "damla/functional/activation.hpp"
#include "damla/functional/cross_entropy.hpp"

namespace damla { inline namespace DAMLA_ABI {

namespace {
std::size_t at(Index n) { return static_cast<std::size_t>(n); }

void expect_yes_or_no(const char* call, const ConstMatrixRef& logits, TokenSpan targets) {
  expect_shape(call, "logits", logits, std::ssize(targets), 1, "one column, one row a target");
  for (std::size_t n = 0; n < targets.size(); ++n)
    if (targets[n] != 0 && targets[n] != 1)
      throw Error(fmt::format("{}: target {} is {}, but needs to be 0 or 1", call, n, targets[n]));
}

void expect_pairs(const char* call, const ConstMatrixRef& prediction,
                  const ConstMatrixRef& target) {
  expect_shape(call, "prediction", prediction, target.rows(), target.cols(), "as the target");
  if (target.size() == 0)
    throw Error(fmt::format("{}: target is {}, so there is no loss", call,
                            shape_text(target.rows(), target.cols())));
}
}  // namespace

namespace detail {
Index expect_targets(const char* call, const ConstMatrixRef& logits, TokenSpan targets) {
  if (std::ssize(targets) != logits.rows())
    throw Error(fmt::format("{}: logits has {} rows, but there are {} targets", call, logits.rows(),
                            targets.size()));
  expect_shape(call, "logits", logits, any, std::max<Index>(1, logits.cols()),
               "a column for each class");
  Index counted = 0;
  for (std::size_t n = 0; n < targets.size(); ++n) {
    if (targets[n] == ignored) continue;
    if (targets[n] < 0 || targets[n] >= logits.cols())
      throw Error(fmt::format("{}: target {} is {}, but the classes are 0 … {} (or damla::ignored)",
                              call, n, targets[n], logits.cols() - 1));
    ++counted;
  }
  return counted;
}
}  // namespace detail

double CrossEntropy::loss_and_gradient(const char* call, Matrix& gradient,
                                       const ConstMatrixRef& logits, TokenSpan targets) {
  const Index count = detail::expect_targets(call, logits, targets);
  if (count == 0)
    throw Error(fmt::format("{}: every target is ignored, so there is no loss", call));
  counted = count;
  gradient.resize(logits.rows(), logits.cols());
  losses.resize(targets.size());
  const Scalar scale = Scalar(1) / static_cast<Scalar>(counted);
  // Some rows at a time: their p are still in the caches when they become the gradient.
  const Index part = std::max<Index>(1, (1 << 20) / logits.cols());
  for (Index n = 0; n < logits.rows(); n += part) {
    const Index rows = std::min(part, logits.rows() - n);
    const TokenSpan of_part = targets.subspan(at(n), at(rows));
    auto p = gradient.middleRows(n, rows);
    functional::cross_entropy(p, std::span(losses).subspan(at(n), at(rows)),
                              logits.middleRows(n, rows), of_part);
    functional::cross_entropy_backward(p, p, of_part, scale);
  }
  return loss = std::accumulate(losses.begin(), losses.end(), 0.0) / static_cast<double>(counted);
}

double CrossEntropy::forward(const ConstMatrixRef& logits, TokenSpan targets) {
  expect_apart("CrossEntropy::forward", {{"logits", logits}}, {{"dx", dx}});
  return loss_and_gradient("CrossEntropy::forward", dx, logits, targets);
}

const Matrix& CrossEntropy::backward(const ConstMatrixRef& logits, TokenSpan targets) {
  expect_shape("CrossEntropy::backward", "logits", logits, dx.rows(), dx.cols(),
               "as at the latest forward");
  if (const Index count = detail::expect_targets("CrossEntropy::backward", logits, targets);
      count != counted || count == 0)
    throw Error(
        fmt::format("CrossEntropy::backward: {} targets count, but {} did at the latest forward",
                    count, counted));
  expect_apart("CrossEntropy::backward", {{"logits", logits}}, {{"dx", dx}});
  return dx;
}

double CrossEntropy::replace_by_gradient(Matrix& logits, TokenSpan targets) {
  dx.resize(0, 0);  // or backward would take an earlier forward's for this one's
  return loss_and_gradient("CrossEntropy::replace_by_gradient", logits, logits, targets);
}

std::vector<double> token_losses(const ConstMatrixRef& logits, TokenSpan targets) {
  detail::expect_targets("token_losses", logits, targets);
  std::vector<double> losses(targets.size());
  Matrix p;  // of some rows at a time: all of them may be more than there is room for
  for (Index n = 0; n < logits.rows(); n += 64) {
    const Index rows = std::min<Index>(64, logits.rows() - n);
    p.resize(rows, logits.cols());
    functional::cross_entropy(p, std::span(losses).subspan(at(n), at(rows)),
                              logits.middleRows(n, rows), targets.subspan(at(n), at(rows)));
  }
  return losses;
}

double BinaryCrossEntropy::forward(const ConstMatrixRef& logits, TokenSpan targets) {
  expect_yes_or_no("BinaryCrossEntropy::forward", logits, targets);
  require(logits.rows() > 0, "BinaryCrossEntropy::forward: there are no rows, so there is no loss");
  expect_apart("BinaryCrossEntropy::forward", {{"logits", logits}},
               {{"probabilities", probabilities}});
  probabilities.resize(logits.rows(), 1);
  functional::sigmoid(probabilities, logits);
  double sum = 0;
  for (Index n = 0; n < logits.rows(); ++n) {
    // −ln σ(z) = ln(1 + e^−z), written so that neither sign overflows; z points to the right answer
    const double z = static_cast<double>(logits(n, 0)) * (targets[at(n)] == 1 ? 1 : -1);
    sum += std::max(-z, 0.0) + std::log1p(std::exp(-std::abs(z)));
  }
  return loss = sum / static_cast<double>(logits.rows());
}

const Matrix& BinaryCrossEntropy::backward(const ConstMatrixRef& logits, TokenSpan targets) {
  expect_yes_or_no("BinaryCrossEntropy::backward", logits, targets);
  expect_shape("BinaryCrossEntropy::backward", "logits", logits, probabilities.rows(), 1,
               "as at the latest forward");
  expect_apart("BinaryCrossEntropy::backward", {{"logits", logits}}, {{"dx", dx}});
  dx = probabilities;
  for (Index n = 0; n < dx.rows(); ++n) dx(n, 0) -= static_cast<Scalar>(targets[at(n)]);
  dx /= static_cast<Scalar>(dx.rows());
  return dx;
}

double SquaredError::forward(const ConstMatrixRef& prediction, const ConstMatrixRef& target) {
  expect_pairs("SquaredError::forward", prediction, target);
  return loss = static_cast<double>((prediction - target).squaredNorm()) /
                static_cast<double>(target.rows());
}

const Matrix& SquaredError::backward(const ConstMatrixRef& prediction,
                                     const ConstMatrixRef& target) {
  expect_pairs("SquaredError::backward", prediction, target);
  expect_apart("SquaredError::backward", {{"prediction", prediction}, {"target", target}},
               {{"dx", dx}});
  return dx = (prediction - target) * (Scalar(2) / static_cast<Scalar>(target.rows()));
}

}}  // namespace damla::DAMLA_ABI
