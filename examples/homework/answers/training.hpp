#pragma once

#include <damla/check/homework.hpp>
#include <damla/models/gpt.hpp>
#include <damla/train/train.hpp>

/// Trains a small GPT of the student's blocks on the grader's text, with the library's training
/// loop. The grader measures it.
template <class Block>
damla::homework::Values train_gpt(damla::homework::Question& q) {
  using namespace damla;
  const Tokens text = q.tokens();
  const Index vocab_size = q.number();
  Random random(static_cast<std::uint64_t>(q.number()));
  Gpt<Block> model({.vocab_size = vocab_size,
                    .context = 16,
                    .channels = 32,
                    .heads = 4,
                    .layers = 1,
                    .init_std = 0.1},
                   random);
  random.fill_normal(model.transformer.token_embedding.weight.value, 0.2),
      random.fill_normal(model.transformer.positions.weight.value, 0.2);  // for a quick start
  train_language_model(model, text, {.steps = 700, .batch = 16, .learning_rate = 1e-2}, random);
  homework::Values answer;
  homework::add_parameters(answer, model);
  return answer;
}
