#include "text.hpp"
#include "verdict.hpp"

// Homework 4: causal multi-head attention, forward and backward. Variant: only the last four tokens
// are seen.
namespace grader {
namespace {

struct Case {
  bool first;
  Index T, heads, sequences;
  Matrices in, before = {};  // x, qkv.weight, qkv.bias, projection.weight, projection.bias
  Matrix dy = {};

  Dimensions sizes() const {
    return {.B = sequences, .T = T, .H = heads, .d = in[0].cols() / heads};
  }
  Matrices ask_forward(Talk& talk, Index object) const {
    Values q{number(object), number(T), number(heads)};
    append(q, in);
    return talk.ask_matrices("forward", q);
  }
};

Case draw_case(Random& random, bool first, Index B, Index T, Index H, Index d, double deviation) {
  const Index N = B * T, C = H * d;
  Case c{first, T, H, B,
         drawn(random, {{N, C}, {C, 3 * C}, {1, 3 * C}, {C, C}, {1, C}}, deviation)};
  c.before = drawn_like(random, c.in, 1), c.dy = normals(random, N, C);
  return c;
}

/// One case for each turn. B, T, H, d and their products all differ, and no √d is a whole number:
/// what has the wrong one of them in it cannot be right by chance.
std::vector<Case> draw_cases(Random& random, bool many, double deviation = 0.6) {
  const bool swap = random.chance(0.5);
  const Index H = !many  ? 1
                  : swap ? 2
                         : 3,
              B = !many  ? 1
                  : swap ? 3
                         : 2,
              d = 5,
              shapes[turn_count][4]{{B, 7, H, d},
                                    {B, 7, H, d},
                                    {many ? 4 : 1, 11, H, d},
                                    {many ? B : 1, many ? 2 : 6, H, d},
                                    {many ? 3 : 1, many ? 5 : 8, many ? 2 : 1, 7},
                                    {B, 7, H, d}};
  std::vector<Case> all;
  for (const auto& [b, T, h, c] : shapes)
    all.push_back(draw_case(random, all.empty(), b, T, h, c, deviation));
  return all;
}

auto forward(const Case& c, bool variant) {
  return [shape = Shape{.T = c.T, .heads = c.heads, .window = variant ? window_of_variant : 0}](
             auto p, const Mistakes& m) { return attention(p[0], p.subspan(1), shape, m); };
}

const std::vector<Mistake> in_forward{no_scale,          scale_not_rooted,   scale_of_all_channels,
                                      mask_one_late,     mask_one_early,     mask_one_early_zero,
                                      no_mask,           mask_after_softmax, softmax_over_queries,
                                      heads_interleaved, query_key_swapped,  key_value_swapped,
                                      sequences_mixed,   time_major,         no_projection,
                                      no_window,         window_off_by_one};
const std::vector<Mistake> in_backward{
    softmax_sum_constant, no_scale_in_gradient, key_gradient_transposed, no_value_gradient,
    no_query_gradient,    no_key_gradient,      weights_constant};

Verdict grade_forward(Talk& talk, const std::vector<Case>& cases, bool variant,
                      std::vector<Mistake> mistakes = in_forward) {
  return in_turn(
      talk, turns<Case>(cases, [&](Talk& who, Index object, const Case& c) {
        const auto f = forward(c, variant);
        return compare(
            c.ask_forward(who, object),
            {.names = {"y"},
             .right = {result(f, c.in)},
             .wrong = [&](const Mistakes& m) { return Matrices{result(f, c.in, m)}; },
             .mistakes = mistakes,
             .tolerance = forward_tolerance,
             .sizes = c.sizes(),
             .known = {{"x", c.in[0]}},
             .in = c.in,
             .in_names = {"x", "qkv.weight", "qkv.bias", "projection.weight", "projection.bias"},
             .with = [&](const Matrices& in) { return Matrices{result(f, in)}; }});
      }));
}

Verdict grade_large_scores(Talk& talk, Random& random, bool variant) {
  return grade_forward(talk, draw_cases(random, true, 20), variant,
                       all_of(in_forward, {no_maximum}));
}

Verdict grade_gpt(Talk& talk, Random& random, bool variant) {
  return grade_training(talk, random, {.window = variant ? window_of_variant : 0});
}

/// Either dx, or the parameters' gradients.
Verdict grade_backward(Talk& talk, Random& random, bool variant, bool parameters) {
  const std::vector<Case> cases = draw_cases(random, true);
  const auto ask = [variant, parameters](Talk& who, Index object, const Case& c) {
    const auto f = forward(c, variant);
    c.ask_forward(who, object);
    if (who.between) who.between();
    Values q{number(object)};
    append(q, c.before), q.push_back(c.dy);
    const std::vector<std::string> names{"dx", "qkv.weight.grad()", "qkv.bias.grad()",
                                         "projection.weight.grad()", "projection.bias.grad()"};
    const auto wanted = [&](const Matrices& all) {
      return half(added(all, c.before, true), parameters);
    };
    return compare(
        half(who.ask_matrices("backward", q), parameters),
        {.names = {names.begin() + parameters, parameters ? names.end() : names.begin() + 1},
         .right = wanted(right_gradients(f, c.in, c.dy, c.first)),
         .wrong = [&](const Mistakes& m) { return wanted(gradients(f, c.in, c.dy, m)); },
         .mistakes = all_of(in_backward, in_forward),
         .tolerance = gradient_tolerance,
         .before = parameters ? c.before : Matrices{},
         .sizes = c.sizes(),
         .known = {{"dy", c.dy}, {"x", c.in[0]}},
         .of_row =
             [&](Index row) {
               return half(gradients(f, c.in, only_row(c.dy, row), {}), parameters);
             },
         .rows = c.dy.rows()});
  };
  return in_turn(
      talk, turns<Case>(cases, ask, [other = cases[4]](Talk& who) { other.ask_forward(who, 1); }));
}

/// What comes later is changed: what was said before must stay the same.
Verdict grade_no_look_ahead(Talk& talk, Random& random, bool variant) {
  const Case c = draw_case(random, true, 1, 7, 2, 5, 0.6);
  const auto same_past = [&](Talk& who_first, Talk& who_second) -> Verdict {
    const Matrix first = c.ask_forward(who_first, 0).at(0);
    Random later(1);
    for (Index t = c.T - 1; t > 0; --t) {
      Case changed = c;
      changed.in[0].bottomRows(c.T - t) = normals(later, c.T - t, c.in[0].cols());
      const Matrix second = changed.ask_forward(who_second, 0).at(0);
      if (!same_shape(first, c.in[0]) || !same_shape(second, first))
        return failed(say({"y needs the shape of x.", "y, x ile aynı boyutta olmalı."}));
      for (Index before = 0; before < t; ++before)
        if (!(first.row(before) - second.row(before)).isZero(1e-9))
          return failed(say(
              {"Token {} changed, and what comes out for token {} with it: a token may see only "
               "itself and those before it.",
               "{} numaralı token değişince {} numaralı tokenın sonucu da değişti: bir token "
               "yalnızca kendisini ve öncekileri görebilir."},
              t, before));
    }
    return passed();
  };
  const Verdict verdict = same_past(talk, talk);
  if (verdict.passed) {
    Talk fresh = talk.again();  // the cases have shapes of their own
    return variant ? grade_forward(fresh, draw_cases(random, true), variant) : verdict;
  }
  // The tokens see ahead, or an earlier call is in the way: then it is well in programs of their
  // own.
  const Matrix first = c.ask_forward(talk, 0).at(0);
  Talk fresh = talk.again();
  if (same_shape(first, c.in[0]) && !(c.ask_forward(fresh, 0).at(0) - first).isZero(1e-9))
    return failed(state_left);
  return verdict;
}

}  // namespace

Homework attention_homework(bool variant) {
  const Text title{"causal multi-head attention", "nedensel çok kafalı dikkat"};
  const Text variant_title{"attention with a window", "pencereli dikkat"};
  return {
      variant ? variant_title : title,
      {{"one head",
        {"forward, one head", "ileri yayılım, tek kafa"},
        20,
        10,
        [variant](Talk& talk, Random& random) {
          return grade_forward(talk, draw_cases(random, false), variant);
        }},
       {"heads",
        {"forward, heads and sequences", "ileri yayılım, kafalar ve diziler"},
        15,
        10,
        [variant](Talk& talk, Random& random) {
          return grade_forward(talk, draw_cases(random, true), variant);
        },
        "one head"},
       {"large scores",
        {"forward, large scores", "ileri yayılım, büyük puanlar"},
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
        {"backward: dx", "geri yayılım: dx"},
        20,
        10,
        [variant](Talk& talk, Random& random) {
          return grade_backward(talk, random, variant, false);
        },
        "heads"},
       {"parameters",
        {"backward: gradients of the parameters", "geri yayılım: parametrelerin gradyanları"},
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
