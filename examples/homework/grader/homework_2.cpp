#include "text.hpp"
#include "verdict.hpp"

// Homework 2: LayerNorm, forward and backward. Variant: RMSNorm with a bias.
namespace grader {
namespace {

auto forward(bool rms) {
  return [rms](auto p, const Mistakes& m) { return norm(p[0], p[1], p[2], rms, m); };
}

const std::vector<Mistake> in_forward{sample_variance, no_epsilon,     epsilon_outside,
                                      no_mean,         mean_taken_off, no_root,
                                      no_gain,         no_shift,       statistics_of_columns};
const std::vector<Mistake> in_backward{mean_constant, variance_constant, no_gain_in_dx,
                                       no_inverse_in_dx, gain_gradient_from_x};

/// x, gain, shift; some rows are nearly constant, so that ε matters.
Matrices layer_input(Random& random, bool small_rows) {
  const Index N = 4 + random.below(3), C = 5 + random.below(4);
  Matrices in = drawn(random, {{N, C}, {1, C}, {1, C}}, 1);
  in[0].array() += 0.7;
  in[1].array() += 1.5;
  if (small_rows) in[0].row(1) *= 3e-3, in[0].row(3) *= 1e-2;
  return in;
}

Verdict grade_forward(Talk& talk, const Matrices& in, bool rms) {
  return compare(
      talk.ask_matrices("forward", as_values(in)), {"y"}, {result(forward(rms), in)},
      [&](const Mistakes& m) { return Matrices{result(forward(rms), in, m)}; }, in_forward,
      forward_tolerance);
}

Verdict grade_equal_numbers(Talk& talk, Random& random, bool rms) {
  Matrices in = layer_input(random, false);
  in[0].row(0).setConstant(rms ? 0 : 3);
  return grade_forward(talk, in, rms);
}

/// Either dx, or the parameters' gradients.
Verdict grade_backward(Talk& talk, Random& random, bool rms, bool parameters) {
  const Matrices in = layer_input(random, false);
  const Matrix dy = normals(random, in[0].rows(), in[0].cols());
  const Matrices before =
      drawn(random, {{1, dy.cols()}, {1, dy.cols()}}, 1);  // gradients that are there already
  Values question = as_values(in);
  for (const Matrix& m : {before[0], before[1], dy}) question.push_back(m);
  const auto wanted = [&](Matrices all) {
    for (std::size_t i = 1; i < all.size(); ++i) all[i] += before[i - 1];
    return half(all, parameters);
  };
  return compare(
      half(talk.ask_matrices("backward", question), parameters),
      parameters ? std::vector<std::string>{"weight.grad()", "bias.grad()"}
                 : std::vector<std::string>{"dx"},
      wanted(differences(forward(rms), in, dy)),
      [&](const Mistakes& m) { return wanted(gradients(forward(rms), in, dy, m)); },
      all_of(in_backward, in_forward), gradient_tolerance, parameters ? before : Matrices{});
}

}  // namespace

Homework layer_norm(bool rms) {
  return {
      rms ? Text{"RMSNorm with a bias", "öteleme terimli RMSNorm"} : Text{"LayerNorm", "LayerNorm"},
      {{"forward",
        {"forward", "ileri yön"},
        25,
        10,
        [rms](Talk& talk, Random& random) {
          return grade_forward(talk, layer_input(random, true), rms);
        }},
       {"equal numbers",
        {"forward, a row of equal numbers", "ileri yön, hep aynı sayıdan oluşan satır"},
        5,
        10,
        [rms](Talk& talk, Random& random) { return grade_equal_numbers(talk, random, rms); },
        "forward"},
       {"dx",
        {"backward: dx", "geri yön: dx"},
        30,
        10,
        [rms](Talk& talk, Random& random) { return grade_backward(talk, random, rms, false); },
        "forward"},
       {"parameters",
        {"backward: gradients of weight and bias", "geri yön: weight ve bias gradyanları"},
        25,
        10,
        [rms](Talk& talk, Random& random) { return grade_backward(talk, random, rms, true); },
        "forward"},
       {"training",
        {"a GPT trains with it", "onunla bir GPT eğitilir"},
        15,
        120,
        [rms](Talk& talk, Random& random) { return grade_training(talk, random, {.rms = rms}); },
        "dx"}}};
}

}  // namespace grader
