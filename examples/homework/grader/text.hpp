#pragma once

#include "verdict.hpp"

namespace grader {

/// The last so many tokens are seen in the variant of homework 4.
inline constexpr Index window_of_variant = 4;

/// What the trained models have to reach, in nats per word. The best possible is about 1.8; who
/// sees no word but the last stays above 2.3.
inline constexpr double loss_to_reach = 2.0;

/// Words of small Turkish sentences whose last word needs a look at two others: "Ben büyük eve dün
/// geldim."
struct WordText {
  Index vocab_size;
  Tokens train, held_out;
};
WordText draw_text(Random& random);

/// Has the student's program train a GPT, and measures it here, on text that the program has never
/// seen: only parameters travel back, so a loss cannot be made up.
Verdict grade_training(Talk& talk, Random& random, Shape shape);

/// Sizes of a GPT's parameters in the order of visit_parameters.
Sizes gpt_sizes(Index vocab_size, Index context, Index channels, Index layers);

/// Mean loss of a GPT with these parameters on a text, in nats per token, in windows of shape.T.
double gpt_loss(const Matrices& parameters, const Shape& shape, TokenSpan text);

/// Throws NoAnswer unless there are as many matrices as sizes, of those shapes, and all numbers are
/// finite.
void expect_sizes(const Matrices& parameters, const Sizes& sizes);

}  // namespace grader
