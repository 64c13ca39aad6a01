#pragma once

#include "damla/core/view.hpp"

/// The inner loops of the layers, over all rows of a matrix: compiled once at full optimisation, spread over the threads,
/// whatever the build type of the program. Each is a few lines in src/kernels.cpp and says here what it computes. Inputs and
/// outputs may be blocks; shapes must agree (Error otherwise); outputs may be the inputs only where it says "in place".
namespace damla::inline DAMLA_ABI::kernels {

/// Which triangle of a square matrix a causal product may leave out: none, that of the result, or that of the left factor.
enum class Triangle { none, out, left };
/// The product behind every overload in core/matmul.hpp: out = start + a·b, where start is out itself, one row (1, m) that is added
/// to all rows, or nothing.
void matmul(View out, ConstView a, ConstView b, ConstView start = {}, Triangle lower = Triangle::none);

/// sum(0, :) += Σₙ x(n, :). sum is (1, C). Rows are added in a fixed order.
void add_sum_of_rows(View sum, ConstView x);
/// z = x + y. In place: z may be x or y.
void add(View z, ConstView x, ConstView y);

/// y(n, j) = exp(s·(x(n, j) − maxⱼ)) / Σⱼ exp(…), s = scale: each row becomes probabilities. In place.
void softmax_rows(View y, ConstView x, Scalar scale = 1);
/// dx = scale · y ⊙ (dy − Σⱼ dyⱼ yⱼ), row by row, from the result y of softmax_rows. In place: dx may be dy.
void softmax_rows_backward(View dx, ConstView y, ConstView dy, Scalar scale = 1);
/// dx(n, :) = scale · (p(n, :) − one-hot(targets[n])); zeros where the target is negative. In place: dx may be p.
void cross_entropy_backward(View dx, ConstView p, TokenSpan targets, Scalar scale);
/// softmax of scale·x over the columns 0 … n of row n alone; exact zeros to their right. In place.
void causal_softmax_rows(View y, ConstView x, Scalar scale);
/// dx = scale · y ⊙ (dy − Σⱼ dyⱼ yⱼ) over the columns 0 … n of row n; zeros to their right. In place: dx may be dy.
void causal_softmax_rows_backward(View dx, ConstView y, ConstView dy, Scalar scale);

/// Layer normalisation: x̂ = (x − mean) · inverse, inverse = 1/√(variance + ε), y = x̂ ⊙ gain + shift, row by row.
/// inverse is (N, 1); gain, shift are (1, C).
void normalize_rows(View y, View xhat, View inverse, ConstView x, ConstView gain, ConstView shift, Scalar epsilon);
/// dx = inverse · (g − mean(g) − x̂ · mean(g ⊙ x̂)), where g = dy ⊙ gain; dgain += Σ dy ⊙ x̂, dshift += Σ dy.
void normalize_rows_backward(View dx, View dgain, View dshift, ConstView xhat, ConstView inverse, ConstView gain,
                             ConstView dy);

/// GELU in the form of GPT-2: y = ½·x·(1 + t), t = tanh(√(2/π)·(x + 0.044715·x³)).
void gelu_tanh(View y, ConstView x);
/// dx = dy ⊙ (Φ + 2·x·Φ·(1 − Φ)·√(2/π)·(1 + 3·0.044715·x²)), where Φ = y/x = ½·(1 + t). In place: dx may be dy.
void gelu_tanh_backward(View dx, ConstView x, ConstView y, ConstView dy);

/// One update of AdamW; see optim/adamw.hpp for the formula. All of one shape; decay is λ (0 for biases and gains);
/// correction1 = 1 − β₁ᵗ, correction2 = 1 − β₂ᵗ. `grad` is multiplied by grad_scale first (clipping).
struct AdamWStep {
  Scalar rate, beta1, beta2, epsilon, decay, correction1, correction2, grad_scale;
};
void adamw(View value, View first_moment, View second_moment, ConstView grad, const AdamWStep& step);

/// Σ x², in double, added in a fixed order: NaN or infinite when any number of x is.
double sum_of_squares(ConstView x);

}  // namespace damla::inline DAMLA_ABI::kernels
