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

/// x, gain, shift; and for the backward pass dy and what stands in the gradients already.
struct Layer {
  bool first;
  Matrices in, before = {};
  Matrix dy = {};

  Dimensions sizes() const { return {.others = {{"N", in[0].rows()}, {"C", in[0].cols()}}}; }
  /// (N, 1): what each row is divided by.
  Matrix spread(bool rms) const {
    const Matrix mean = rms ? Matrix::Zero(in[0].rows(), 1) : Matrix(in[0].rowwise().mean());
    const Matrix centred = in[0].colwise() - mean.col(0);
    return (centred.array().square().rowwise().mean() + 1e-5).sqrt();
  }
  Matrices ask_forward(Talk& talk, Index object) const {
    Values q{number(object)};
    append(q, in);
    return talk.ask_matrices("forward", q);
  }
};
/// Of the forward pass some rows are nearly constant, so that ε matters.
std::vector<Layer> draw_layers(Random& random, bool small_rows) {
  const Index more = 2 * random.below(3),
              shapes[turn_count][2]{{6 + more, 7}, {6 + more, 7}, {14 + more, 7},
                                    {4, 7},        {8, 11},       {6 + more, 7}};
  std::vector<Layer> all;
  for (const auto& [N, C] : shapes) {
    Layer& l = all.emplace_back(all.empty(), drawn(random, {{N, C}, {1, C}, {1, C}}, 1));
    l.in[0].array() += 0.7, l.in[1].array() += 1.5;
    if (small_rows) l.in[0].row(1) *= 3e-3, l.in[0].row(3) *= 1e-2;
    l.before = drawn_like(random, l.in, 1), l.dy = normals(random, N, C);
  }
  return all;
}

Verdict grade_forward(Talk& talk, const std::vector<Layer>& cases, bool rms) {
  return in_turn(
      talk, turns<Layer>(cases, [rms](Talk& who, Index object, const Layer& l) {
        const Matrix ones = Matrix::Ones(1, l.dy.cols());
        const Matrix hat = result(forward(rms), {l.in[0], ones, Matrix::Zero(1, l.dy.cols())});
        return compare(
            l.ask_forward(who, object),
            {.names = {"y"},
             .right = {result(forward(rms), l.in)},
             .wrong = [&](const Mistakes& m) { return Matrices{result(forward(rms), l.in, m)}; },
             .mistakes = in_forward,
             .tolerance = forward_tolerance,
             .sizes = l.sizes(),
             .known = {{"weight", l.in[1]}, {"bias", l.in[2]}, {"x", l.in[0]}, {"x̂", hat}},
             .in = l.in,
             .in_names = {"x", "weight", "bias"},
             .with = [rms](const Matrices& in) { return Matrices{result(forward(rms), in)}; }});
      }));
}

Verdict grade_equal_numbers(Talk& talk, Random& random, bool rms) {
  std::vector<Layer> cases = draw_layers(random, false);
  for (Layer& l : cases) l.in[0].row(0).setConstant(rms ? 0 : 3);
  return grade_forward(talk, cases, rms);
}

/// Either dx, or the parameters' gradients.
Verdict grade_backward(Talk& talk, Random& random, bool rms, bool parameters) {
  const std::vector<Layer> cases = draw_layers(random, false);
  const auto ask = [rms, parameters](Talk& who, Index object, const Layer& l) {
    const Matrix y = l.ask_forward(who, object).at(0);
    if (who.between) who.between();
    Values q{number(object)};
    append(q, l.before), q.push_back(l.dy);
    const auto wanted = [&](const Matrices& all) {
      return half(added(all, l.before, true), parameters);
    };
    return compare(
        half(who.ask_matrices("backward", q), parameters),
        {.names = parameters ? std::vector<std::string>{"weight.grad()", "bias.grad()"}
                             : std::vector<std::string>{"dx"},
         .right = wanted(right_gradients(forward(rms), l.in, l.dy, l.first)),
         .wrong = [&](const Mistakes& m) { return wanted(gradients(forward(rms), l.in, l.dy, m)); },
         .mistakes = all_of(in_backward, in_forward),
         .tolerance = gradient_tolerance,
         .before = parameters ? l.before : Matrices{},
         .sizes = l.sizes(),
         .known = {{"weight", l.in[1]},
                   {"√(variance + ε)", l.spread(rms)},
                   {"dy ⊙ weight", l.dy * l.in[1].row(0).asDiagonal()},
                   {"dy", l.dy},
                   {"x", l.in[0]},
                   {"y", y}},
         .of_row =
             [&](Index row) {
               return half(gradients(forward(rms), l.in, only_row(l.dy, row), {}), parameters);
             },
         .rows = l.dy.rows()});
  };
  return in_turn(
      talk, turns<Layer>(cases, ask, [other = cases[4]](Talk& who) { other.ask_forward(who, 1); }));
}

}  // namespace

Homework layer_norm(bool rms) {
  return {
      rms ? Text{"RMSNorm with a bias", "öteleme terimli RMSNorm"} : Text{"LayerNorm", "LayerNorm"},
      {{"forward",
        {"forward", "ileri yayılım"},
        25,
        10,
        [rms](Talk& talk, Random& random) {
          return grade_forward(talk, draw_layers(random, true), rms);
        }},
       {"equal numbers",
        {"forward, a row of equal numbers", "ileri yayılım, hep aynı sayıdan oluşan satır"},
        5,
        10,
        [rms](Talk& talk, Random& random) { return grade_equal_numbers(talk, random, rms); },
        "forward"},
       {"dx",
        {"backward: dx", "geri yayılım: dx"},
        30,
        10,
        [rms](Talk& talk, Random& random) { return grade_backward(talk, random, rms, false); },
        "forward"},
       {"parameters",
        {"backward: gradients of weight and bias", "geri yayılım: weight ve bias gradyanları"},
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
