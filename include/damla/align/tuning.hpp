#pragma once

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
