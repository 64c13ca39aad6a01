#pragma once

#include <algorithm>
#include <span>
#include <vector>

#include "damla/data/token_batch.hpp"
#include "damla/generate/generate.hpp"
#include "damla/nn/loss.hpp"
#include "damla/train/train.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// Tunes a model on examples, of which next_example() returns one: it learns to say what they mark.
/// Returns the mean loss of the last tenth of the steps. Throws Error for an option out of its
/// range.
template <class Model>
double tune(Model& model, const TrainOptions& o, auto&& next_example) {
  return train(model, o, [&] {
    std::vector<TuningExample> examples;
    for (Index i = 0; i < o.batch; ++i) examples.push_back(next_example());
    return TokenBatch::of(examples);
  });
}

/// Examples drawn at random, one behind the other, as many as fit into the context but one at
/// least: so a model learns to answer at any place of its window, whatever was said before. Throws
/// Error when there is none.
TuningExample packed(std::span<const TuningExample> examples, Index context, Random& random);

/// How well a model says what the examples mark: nats a token, over all of them. Dropout is off
/// meanwhile.
template <class Model>
double tuning_loss(Model& model, std::span<const TuningExample> examples, Index batch = 16) {
  expect_count("tuning_loss", "batch", batch, 1);
  const WithoutDropout off(model);
  double sum = 0, count = 0;
  for (std::size_t i = 0; i < examples.size(); i += static_cast<std::size_t>(batch)) {
    const auto part =
        examples.subspan(i, std::min(static_cast<std::size_t>(batch), examples.size() - i));
    const TokenBatch b = TokenBatch::of(std::vector(part.begin(), part.end()));
    for (const double loss : token_losses(model.forward(b), b.targets)) sum += loss;
    for (const Token target : b.targets) count += target != ignored;
  }
  require(count > 0, "tuning_loss: the examples mark no token to learn");
  return sum / count;
}

/// Lets a model answer a prompt as it draws its words, up to `stop` or `longest` tokens: a text to
/// judge, and to learn from when it was good. The answer includes `stop` where the model came to
/// it.
template <class Model>
TuningExample sample_answer(Model& model, TokenSpan prompt, Token stop, Index longest,
                            Random& random) {
  expect_count("sample_answer", "longest", longest, 1);
  GenerateOptions options;
  options.max_new_tokens = longest, options.stop = {stop};
  Tokens answer = generate(model, prompt, options, random);
  if (std::ssize(answer) < longest) answer.push_back(stop);
  return TuningExample::of(prompt, answer);
}

/// ln p(target | what stands before it) for each row of logits (B·T, V); 0 where the target is
/// ignored.
std::vector<double> target_log_probabilities(const ConstMatrixRef& logits, TokenSpan targets);

/// The sum of these over each of the sequences of T: ln p(answer | question).
std::vector<double> sequence_log_probabilities(const ConstMatrixRef& logits, TokenSpan targets,
                                               Index T);

}}  // namespace damla::DAMLA_ABI
