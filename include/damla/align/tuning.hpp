#pragma once

#include <vector>

#include "damla/generate/generate.hpp"
#include "damla/nn/loss.hpp"

namespace damla::inline DAMLA_ABI {

/// A text to tune on, and which of its tokens the model is to learn to say: the answer, not the question.
struct TuningExample {
  Tokens tokens;
  std::vector<bool> learn;  // as many as tokens

  /// A question that is only read, and an answer that is learned (Ouyang et al., 2022, step 1).
  static TuningExample of(TokenSpan question, TokenSpan answer);
};

/// Lets a model answer a prompt as it draws its words, up to `stop` or `longest` tokens: a text to judge, and to learn from when
/// it was good. The answer includes `stop` where the model came to it.
template <class Model>
TuningExample sample_answer(Model& model, TokenSpan prompt, Token stop, Index longest, Random& random) {
  GenerateOptions options;
  options.max_new_tokens = longest, options.stop = {stop};
  Tokens answer = generate(model, prompt, options, random);
  if (std::ssize(answer) < longest) answer.push_back(stop);
  return TuningExample::of(prompt, answer);
}

/// Examples side by side: B rows of T inputs, each with the token that follows as its target, or `ignored` where the model is
/// not to learn. Shorter examples are filled up behind their end, where a causal model never looks.
struct TuningBatch {
  Index B = 0, T = 0;
  Tokens inputs, targets;  // B·T

  /// Throws Error when there is no example or one is shorter than two tokens.
  static TuningBatch of(const std::vector<TuningExample>& examples);
};

/// ln p(target | what stands before it) for each row of logits (B·T, V); 0 where the target is ignored.
std::vector<double> target_log_probabilities(const ConstMatrixRef& logits, TokenSpan targets);

/// The sum of these over each of the sequences of T: ln p(answer | question).
std::vector<double> sequence_log_probabilities(const ConstMatrixRef& logits, TokenSpan targets, Index T);

}  // namespace damla::inline DAMLA_ABI
