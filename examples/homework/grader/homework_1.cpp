#include "verdict.hpp"

// Homework 1: a softmax classifier and its gradient. Variant: label smoothing.
namespace grader {
namespace {

double smoothing(bool variant) { return variant ? 0.1 : 0; }

/// (N, V) logits and N targets, two of them ignored.
struct Scored {
  bool first;
  Matrix logits;
  Tokens targets;

  Dimensions sizes() const {
    return {.others = {{"N", logits.rows()}, {"V", logits.cols()}, {"M", logits.rows() - 2}}};
  }
};
/// One for each turn; never as many rows, or rows that count, as classes.
std::vector<Scored> draw_scored(Random& random, double offset = 0) {
  const Index V = 5 + 2 * random.below(2),
              shapes[turn_count][2]{{11, V}, {11, V}, {19, V}, {6, V}, {13, 3}, {11, V}};
  std::vector<Scored> all;
  for (const auto& [N, classes] : shapes) {
    Scored& s = all.emplace_back(all.empty(), normals(random, N, classes, 1.5));
    s.logits.array() += offset;
    for (Index n = 0; n < N; ++n) s.targets.push_back(static_cast<Token>(random.below(classes)));
    s.targets[1] = s.targets[4] = -100;
    s.targets[0] = 0;  // the first class occurs
  }
  return all;
}

auto probabilities() {
  return [](auto p, const Mistakes& m) { return softmax_rows(p[0], m); };
}
auto loss(const Tokens& targets, bool variant) {
  return [&targets, variant](auto p, const Mistakes& m) {
    auto grid = p[0];
    auto value = cross_entropy(p[0], targets, smoothing(variant), m);
    grid.rows = grid.cols = 1, grid.numbers = {value};
    return grid;
  };
}
auto scores() {
  return [](auto p, const Mistakes& m) { return linear(p[0], p[1], p[2], m); };
}

const std::vector<Mistake> in_softmax{softmax_columns, no_maximum, not_normalised};
const std::vector<Mistake> in_loss{not_averaged,    averaged_twice,       averaged_over_classes,
                                   ignored_counted, ignored_has_gradient, base_two,
                                   positive_log,    no_smoothing,         softmax_columns};
const std::vector<Mistake> in_gradient{not_averaged,    averaged_twice,       averaged_over_classes,
                                       ignored_counted, ignored_has_gradient, no_one_hot,
                                       no_smoothing,    softmax_columns};

Verdict grade_softmax(Talk& talk, const std::vector<Scored>& cases) {
  return in_turn(talk, turns<Scored>(cases, [](Talk& who, Index, const Scored& s) {
                   return compare(who.ask_matrices("softmax", {s.logits}),
                                  {.names = {"probabilities"},
                                   .right = {result(probabilities(), {s.logits})},
                                   .wrong =
                                       [&](const Mistakes& m) {
                                         return Matrices{result(probabilities(), {s.logits}, m)};
                                       },
                                   .mistakes = in_softmax,
                                   .tolerance = forward_tolerance,
                                   .sizes = s.sizes(),
                                   .known = {{"logits", s.logits}}});
                 }));
}

Verdict grade_loss(Talk& talk, const std::vector<Scored>& cases, bool variant) {
  return in_turn(
      talk, turns<Scored>(cases, [variant](Talk& who, Index, const Scored& s) {
        const auto f = loss(s.targets, variant);
        return compare(
            who.ask_matrices("loss", {s.logits, s.targets}),
            {.names = {"loss"},
             .right = {result(f, {s.logits})},
             .wrong = [&](const Mistakes& m) { return Matrices{result(f, {s.logits}, m)}; },
             .mistakes = all_of(in_loss, {no_maximum}),
             .tolerance = forward_tolerance,
             .sizes = s.sizes()});
      }));
}

Verdict grade_large_scores(Talk& talk, Random& random, bool variant) {
  const std::vector<Scored> cases = draw_scored(random, 1000);
  const Verdict verdict = grade_softmax(talk, cases);
  return verdict.passed ? grade_loss(talk, cases, variant) : verdict;
}

Verdict grade_gradient(Talk& talk, const std::vector<Scored>& cases, bool variant) {
  return in_turn(
      talk, turns<Scored>(cases, [variant](Talk& who, Index, const Scored& s) {
        const Matrix one = Matrix::Ones(1, 1), p = result(probabilities(), {s.logits});
        const auto f = loss(s.targets, variant);
        return compare(
            who.ask_matrices("gradient", {s.logits, s.targets}),
            {.names = {"dlogits"},
             .right = right_gradients(f, {s.logits}, one, s.first),
             .wrong = [&](const Mistakes& m) { return gradients(f, {s.logits}, one, m); },
             .mistakes = in_gradient,
             .tolerance = gradient_tolerance,
             .sizes = s.sizes(),
             .known = {{say({"the probabilities", "olasılıklar"}), p}}});
      }));
}

/// x, weight, bias, and for the backward pass dy and what stands in the gradients already.
struct Layer {
  bool first;
  Matrices in, before = {};
  Matrix dy = {};

  Dimensions sizes() const {
    return {.others = {{"N", in[0].rows()}, {"C", in[0].cols()}, {"V", in[1].cols()}}};
  }
  Values question(Index object) const {
    Values q{number(object), in[1], in[2]};
    return q;
  }
  Matrices ask_forward(Talk& talk, Index object) const {
    Values q = question(object);
    q.push_back(in[0]);
    return talk.ask_matrices("forward", q);
  }
};
/// Where weight is square, a forgotten transpose raises no error: so the first is square, if
/// wanted.
std::vector<Layer> draw_layers(Random& random, bool square) {
  const Index V = square ? 5 : 3, shapes[turn_count][3]{{7, 5, V}, {7, 5, V}, {12, 5, V},
                                                        {2, 5, V}, {9, 4, 3}, {7, 5, V}};
  std::vector<Layer> all;
  for (const auto& [N, C, classes] : shapes) {
    Layer& l =
        all.emplace_back(all.empty(), drawn(random, {{N, C}, {C, classes}, {1, classes}}, 1));
    l.before = drawn_like(random, l.in, 1), l.dy = normals(random, N, classes);
  }
  return all;
}

Verdict grade_forward(Talk& talk, Random& random) {
  return in_turn(
      talk, turns<Layer>(draw_layers(random, false), [](Talk& who, Index object, const Layer& l) {
        const Matrix product = l.in[0] * l.in[1];
        return compare(
            l.ask_forward(who, object),
            {.names = {"y"},
             .right = {result(scores(), l.in)},
             .wrong = [&](const Mistakes& m) { return Matrices{result(scores(), l.in, m)}; },
             .mistakes = {no_bias},
             .tolerance = forward_tolerance,
             .sizes = l.sizes(),
             .known = {{"x·W", product}},
             .in = l.in,
             .in_names = {"x", "weight", "bias"},
             .with = [](const Matrices& in) { return Matrices{result(scores(), in)}; }});
      }));
}

Verdict grade_backward(Talk& talk, const std::vector<Layer>& cases) {
  const auto ask = [](Talk& who, Index object, const Layer& l) {
    l.ask_forward(who, object);
    if (who.between) who.between();
    Values q = l.question(object);
    append(q, l.before), q.push_back(l.dy);
    const bool square = l.in[1].rows() == l.in[1].cols();
    return compare(
        who.ask_matrices("backward", q),
        {.names = {"dx", "weight.grad()", "bias.grad()"},
         .right = added(right_gradients(scores(), l.in, l.dy, l.first), l.before, true),
         .wrong =
             [&](const Mistakes& m) {
               return added(gradients(scores(), l.in, l.dy, square ? m : Mistakes{}), l.before,
                            true);
             },
         .mistakes = {weight_not_transposed},
         .tolerance = gradient_tolerance,
         .before = l.before,
         .sizes = l.sizes(),
         .known = {{"dy", l.dy}, {"x", l.in[0]}},
         .of_row = [&](Index row) { return gradients(scores(), l.in, only_row(l.dy, row), {}); },
         .rows = l.dy.rows()});
  };
  return in_turn(
      talk, turns<Layer>(cases, ask, [other = cases[4]](Talk& who) { other.ask_forward(who, 1); }));
}

Verdict grade_backward(Talk& talk, Random& random) {
  const Verdict square = grade_backward(talk, draw_layers(random, true));
  if (!square.passed) return square;
  Talk fresh = talk.again();  // its objects are of other sizes
  return grade_backward(fresh, draw_layers(random, false));
}

/// The student's classifier learns from examples whose classes were drawn from a known model; its
/// loss is measured here.
Verdict grade_training(Talk& talk, Random& random, bool variant) {
  const Matrices truth = drawn(random, {{4, 3}, {1, 3}}, 1.5);
  const auto draw = [&](Index n, Matrix& x, Tokens& classes) {
    x = normals(random, n, 4);
    const Matrix p = result(probabilities(), {result(scores(), {x, truth[0], truth[1]})});
    for (Index i = 0; i < n; ++i)
      classes.push_back(static_cast<Token>(random.categorical({p.row(i).data(), 3})));
  };
  Matrix x, fresh_x;
  Tokens classes, fresh_classes;
  draw(400, x, classes), draw(1000, fresh_x, fresh_classes);
  const Matrices learned = talk.ask_matrices("training", {x, classes, Tokens{3}});
  if (learned.size() != 2 || learned[0].rows() != 4 || learned[0].cols() != 3 ||
      learned[1].rows() != 1 || learned[1].cols() != 3)
    return failed(say({"The trained parameters have other shapes than at the start.",
                       "Eğitilen parametrelerin boyutları değişmiş."}));
  const auto measured = [&](const Matrices& w) {
    return result(loss(fresh_classes, variant), {result(scores(), {fresh_x, w[0], w[1]})})(0, 0);
  };
  return reached(measured(learned), measured(truth) + 0.1, std::log(3.0));
}

}  // namespace

Homework softmax_classifier(bool variant) {
  const Text title{"softmax classifier", "softmax sınıflandırıcı"};
  const Text variant_title{"softmax classifier with label smoothing",
                           "etiket yumuşatmalı softmax sınıflandırıcı"};
  return {
      variant ? variant_title : title,
      {{"softmax",
        {"softmax", "softmax"},
        15,
        10,
        [](Talk& talk, Random& random) { return grade_softmax(talk, draw_scored(random)); }},
       {"large scores",
        {"softmax and loss of large scores", "büyük puanlarda softmax ve kayıp"},
        10,
        10,
        [variant](Talk& talk, Random& random) {
          return grade_large_scores(talk, random, variant);
        }},
       {"loss",
        {"cross-entropy", "çapraz entropi"},
        15,
        10,
        [variant](Talk& talk, Random& random) {
          return grade_loss(talk, draw_scored(random), variant);
        },
        "softmax"},
       {"gradient",
        {"its gradient for the logits", "logitler için gradyanı"},
        20,
        10,
        [variant](Talk& talk, Random& random) {
          return grade_gradient(talk, draw_scored(random), variant);
        },
        "softmax"},
       {"forward", {"classifier: forward", "sınıflandırıcı: ileri yayılım"}, 10, 10, grade_forward},
       {"backward",
        {"classifier: backward", "sınıflandırıcı: geri yayılım"},
        20,
        10,
        [](Talk& talk, Random& random) { return grade_backward(talk, random); },
        "forward"},
       {"training", {"it learns", "öğreniyor"}, 10, 60, [variant](Talk& talk, Random& random) {
          return grade_training(talk, random, variant);
        }}}};
}

}  // namespace grader
