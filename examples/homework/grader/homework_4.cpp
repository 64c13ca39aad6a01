#include "text.hpp"
#include "verdict.hpp"

// Homework 4: causal multi-head attention, forward and backward. Variant: only the last four tokens
// are seen.
namespace grader {
namespace {

struct Case {
  Index T, heads, sequences;
  Matrices in;  // x, qkv.weight, qkv.bias, projection.weight, projection.bias
};

Case draw_case(Random& random, Index heads, Index sequences, double deviation = 0.6) {
  const Index T = 6 + random.below(2), C = 4 * heads;
  return {T, heads, sequences,
          drawn(random, {{sequences * T, C}, {C, 3 * C}, {1, 3 * C}, {C, C}, {1, C}}, deviation)};
}

auto forward(const Case& c, bool variant) {
  return [shape = Shape{.T = c.T, .heads = c.heads, .window = variant ? window_of_variant : 0}](
             auto p, const Mistakes& m) { return attention(p[0], p.subspan(1), shape, m); };
}

Values question_for(const Case& c) {
  Values question{Tokens{static_cast<Token>(c.T)}, Tokens{static_cast<Token>(c.heads)}};
  for (const Matrix& m : c.in) question.push_back(m);
  return question;
}

const std::vector<Mistake> in_forward{no_scale,          scale_not_rooted,   scale_of_all_channels,
                                      mask_one_late,     mask_one_early,     mask_one_early_zero,
                                      no_mask,           mask_after_softmax, softmax_over_queries,
                                      heads_interleaved, query_key_swapped,  key_value_swapped,
                                      sequences_mixed,   no_projection,      no_window,
                                      window_off_by_one};
const std::vector<Mistake> in_backward{
    softmax_sum_constant, no_scale_in_gradient, key_gradient_transposed, no_value_gradient,
    no_query_gradient,    no_key_gradient,      weights_constant};

Verdict grade_forward(Talk& talk, const Case& c, bool variant,
                      std::vector<Mistake> mistakes = in_forward) {
  return compare(
      talk.ask_matrices("forward", question_for(c)), {"y"}, {result(forward(c, variant), c.in)},
      [&](const Mistakes& m) { return Matrices{result(forward(c, variant), c.in, m)}; }, mistakes,
      forward_tolerance);
}

Verdict grade_heads(Talk& talk, Random& random, bool variant) {
  return grade_forward(talk, draw_case(random, 2 + random.below(2), 2), variant);
}

Verdict grade_large_scores(Talk& talk, Random& random, bool variant) {
  return grade_forward(talk, draw_case(random, 2, 1, 20), variant,
                       all_of(in_forward, {no_maximum}));
}

Verdict grade_gpt(Talk& talk, Random& random, bool variant) {
  return grade_training(talk, random, {.window = variant ? window_of_variant : 0});
}

/// Either dx, or the parameters' gradients.
Verdict grade_backward(Talk& talk, Random& random, bool variant, bool parameters) {
  const Case c = draw_case(random, 2, 2);
  const Matrix dy = normals(random, c.in[0].rows(), c.in[0].cols());
  Values question = question_for(c);
  Matrices before;  // gradients that are there already
  for (std::size_t i = 1; i < c.in.size(); ++i)
    before.push_back(normals(random, c.in[i].rows(), c.in[i].cols()));
  for (const Matrix& m : before) question.push_back(m);
  question.push_back(dy);
  const auto wanted = [&](Matrices all) {
    for (std::size_t i = 1; i < all.size(); ++i) all[i] += before[i - 1];
    return half(all, parameters);
  };
  const std::vector<std::string> names{"dx", "qkv.weight.grad()", "qkv.bias.grad()",
                                       "projection.weight.grad()", "projection.bias.grad()"};
  return compare(
      half(talk.ask_matrices("backward", question), parameters),
      parameters ? std::vector<std::string>(names.begin() + 1, names.end()) : names,
      wanted(differences(forward(c, variant), c.in, dy)),
      [&](const Mistakes& m) { return wanted(gradients(forward(c, variant), c.in, dy, m)); },
      all_of(in_backward, in_forward), gradient_tolerance, parameters ? before : Matrices{});
}

/// What comes later is changed: what was said before must stay the same.
Verdict grade_no_look_ahead(Talk& talk, Random& random, bool variant) {
  Case c = draw_case(random, 2, 1);
  const Matrix first = talk.ask_matrices("forward", question_for(c)).at(0);
  for (Index t = c.T - 1; t > 0; --t) {
    c.in[0].row(t) = normals(random, 1, c.in[0].cols());
    const Matrix second = talk.ask_matrices("forward", question_for(c)).at(0);
    if (first.rows() != c.T || first.cols() != c.in[0].cols() || second.rows() != c.T ||
        second.cols() != first.cols())
      return failed(say({"y needs the shape of x.", "y, x ile aynı boyutta olmalı."}));
    for (Index before = 0; before < t; ++before)
      if (!(first.row(before) - second.row(before)).isZero(1e-9))
        return failed(
            say({"Token {} changed, and what comes out for token {} with it: a token may see only "
                 "itself and those before it.",
                 "{} numaralı token değişince {} numaralı tokenın sonucu da değişti: bir token "
                 "yalnızca kendisini ve öncekileri görebilir."},
                t, before));
  }
  return variant ? grade_forward(talk, c, variant) : passed();
}

}  // namespace

Homework attention_homework(bool variant) {
  const Text title{"causal multi-head attention", "nedensel çok kafalı dikkat"};
  const Text variant_title{"attention with a window", "pencereli dikkat"};
  return {
      variant ? variant_title : title,
      {{"one head",
        {"forward, one head", "ileri yön, tek kafa"},
        20,
        10,
        [variant](Talk& talk, Random& random) {
          return grade_forward(talk, draw_case(random, 1, 1), variant);
        }},
       {"heads",
        {"forward, heads and sequences", "ileri yön, kafalar ve diziler"},
        15,
        10,
        [variant](Talk& talk, Random& random) { return grade_heads(talk, random, variant); },
        "one head"},
       {"large scores",
        {"forward, large scores", "ileri yön, büyük puanlar"},
        5,
        10,
        [variant](Talk& talk, Random& random) { return grade_large_scores(talk, random, variant); },
        "one head"},
       {"no look-ahead",
        {"no look-ahead", "ileriye bakmaz"},
        10,
        10,
        [variant](Talk& talk, Random& random) {
          return grade_no_look_ahead(talk, random, variant);
        }},
       {"dx",
        {"backward: dx", "geri yön: dx"},
        20,
        10,
        [variant](Talk& talk, Random& random) {
          return grade_backward(talk, random, variant, false);
        },
        "heads"},
       {"parameters",
        {"backward: gradients of the parameters", "geri yön: parametrelerin gradyanları"},
        15,
        10,
        [variant](Talk& talk, Random& random) {
          return grade_backward(talk, random, variant, true);
        },
        "heads"},
       {"training",
        {"a GPT trains with it", "onunla bir GPT eğitilir"},
        15,
        120,
        [variant](Talk& talk, Random& random) { return grade_gpt(talk, random, variant); },
        "dx"}}};
}

}  // namespace grader
