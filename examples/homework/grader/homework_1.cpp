#include "verdict.hpp"

// Homework 1: a softmax classifier and its gradient. Variant: label smoothing.
namespace grader {
namespace {

double smoothing(bool variant) { return variant ? 0.1 : 0; }

/// (N, V) logits and N targets, one or two of them ignored.
struct Scored {
  Matrix logits;
  Tokens targets;
};
Scored draw_scored(Random& random, double offset = 0) {
  const Index V = 4 + random.below(2),
              N = V + 3 + random.below(2);  // never as many rows that count as classes
  Scored s{normals(random, N, V, 1.5), {}};
  s.logits.array() += offset;
  for (Index n = 0; n < N; ++n) s.targets.push_back(static_cast<Token>(random.below(V)));
  s.targets[1] = s.targets[4] = -100;
  return s;
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

Verdict grade_softmax(Talk& talk, const Matrix& logits) {
  return compare(
      talk.ask_matrices("softmax", {logits}), {"probabilities"},
      {result(probabilities(), {logits})},
      [&](const Mistakes& m) { return Matrices{result(probabilities(), {logits}, m)}; }, in_softmax,
      forward_tolerance);
}

Verdict grade_loss(Talk& talk, const Scored& s, bool variant) {
  return compare(
      talk.ask_matrices("loss", {s.logits, s.targets}), {"loss"},
      {result(loss(s.targets, variant), {s.logits})},
      [&](const Mistakes& m) { return Matrices{result(loss(s.targets, variant), {s.logits}, m)}; },
      all_of(in_loss, {no_maximum}), forward_tolerance);
}

Verdict grade_large_scores(Talk& talk, Random& random, bool variant) {
  const Scored s = draw_scored(random, 1000);
  const Verdict verdict = grade_softmax(talk, s.logits);
  return verdict.passed ? grade_loss(talk, s, variant) : verdict;
}

Verdict grade_gradient(Talk& talk, Random& random, bool variant) {
  const Scored s = draw_scored(random);
  const Matrix one = Matrix::Ones(1, 1);
  return compare(
      talk.ask_matrices("gradient", {s.logits, s.targets}), {"dlogits"},
      differences(loss(s.targets, variant), {s.logits}, one),
      [&](const Mistakes& m) { return gradients(loss(s.targets, variant), {s.logits}, one, m); },
      in_gradient, gradient_tolerance);
}

/// x, weight, bias. Where weight is square, a forgotten transpose raises no error: so first square,
/// then not.
Matrices draw_layer(Random& random, Index V) { return drawn(random, {{5, 4}, {4, V}, {1, V}}, 1); }

Verdict grade_forward(Talk& talk, Random& random) {
  const Matrices in = draw_layer(random, 3);
  return compare(
      talk.ask_matrices("forward", as_values(in)), {"y"}, {result(scores(), in)},
      [&](const Mistakes& m) { return Matrices{result(scores(), in, m)}; }, {no_bias},
      forward_tolerance);
}

Verdict grade_backward(Talk& talk, Random& random) {
  for (const Index V : {4, 3}) {
    const Matrices in = draw_layer(random, V);
    const Matrix dy = normals(random, 5, V);
    const Matrices before = drawn(random, {{4, V}, {1, V}}, 1);
    Values question = as_values(in);
    for (const Matrix& m : {before[0], before[1], dy}) question.push_back(m);
    const auto with_before = [&](Matrices all) {
      all[1] += before[0], all[2] += before[1];
      return all;
    };
    const auto wrong = [&](const Mistakes& m) {
      return with_before(gradients(scores(), in, dy, V == 4 ? m : Mistakes{}));
    };
    const Verdict verdict =
        compare(talk.ask_matrices("backward", question), {"dx", "weight.grad()", "bias.grad()"},
                with_before(differences(scores(), in, dy)), wrong, {weight_not_transposed},
                gradient_tolerance, before);
    if (!verdict.passed) return verdict;
  }
  return passed();
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
        [](Talk& talk, Random& random) { return grade_softmax(talk, draw_scored(random).logits); }},
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
        [variant](Talk& talk, Random& random) { return grade_gradient(talk, random, variant); },
        "softmax"},
       {"forward", {"classifier: forward", "sınıflandırıcı: ileri yön"}, 10, 10, grade_forward},
       {"backward",
        {"classifier: backward", "sınıflandırıcı: geri yön"},
        20,
        10,
        grade_backward,
        "forward"},
       {"training", {"it learns", "öğreniyor"}, 10, 60, [variant](Talk& talk, Random& random) {
          return grade_training(talk, random, variant);
        }}}};
}

}  // namespace grader
