#include "damla/align/dpo.hpp"
#include "damla/align/policy_gradient.hpp"
#include "damla/align/reward_model.hpp"
#include "damla/check/gradient.hpp"
#include "damla/functional/softmax.hpp"
#include "damla/models/gpt.hpp"
#include "damla/models/linear_model.hpp"
#include "damla/models/mlp.hpp"
#include "damla/models/text_classifier.hpp"
#include "helpers/catch.hpp"
#include "helpers/padded_batch.hpp"
#include "helpers/random_data.hpp"

using namespace damla;

namespace {
constexpr double tolerance = 1e-6;

}  // namespace

TEST_CASE("a GPT's gradients are right: tied, untied, one sequence, one token", "[models]") {
  struct Shape {
    Index B, T;
    bool tied;
  };
  for (const auto [B, T, tied] :
       {Shape{2, 5, true}, Shape{2, 5, false}, Shape{1, 6, true}, Shape{3, 1, true}}) {
    CAPTURE(B, T, tied);
    Random random(8);
    const GptOptions options{
        .vocab_size = 9, .context = 6, .channels = 8, .heads = 2, .layers = 2, .tied = tied};
    Gpt<> model(options, random);
    enlarge(model, random);
    const Tokens tokens = random_tokens(B * T, 9, random),
                 targets = random_tokens(B * T, 9, random);
    CrossEntropy cross_entropy;
    const auto loss = [&] { return cross_entropy.forward(model.forward(tokens, T), targets); };
    loss();
    model.backward(tokens, cross_entropy.backward(model.logits, targets), T);
    const GradientCheck check = check_gradients(model, loss);
    INFO(check.where);
    CHECK(check.error < tolerance);
  }
}

TEST_CASE("the classifiers' gradients are right, with texts of different lengths", "[models]") {
  Random random(9);
  const std::vector<Tokens> texts{{1, 2, 3, 4}, {5}, {2, 2, 6}};
  const TokenBatch batch = TokenBatch::of(texts);
  const Tokens labels{0, 2, 1};
  CrossEntropy cross_entropy;
  const auto check = [&](auto model) {
    enlarge(model, random);
    const auto loss = [&] { return cross_entropy.forward(model.forward(batch), labels); };
    loss();
    const Matrix logits = model.forward(batch);
    model.backward(batch, cross_entropy.backward(logits, labels));
    const GradientCheck result = check_gradients(model, loss);
    INFO(result.where);
    CHECK(result.error < tolerance);
  };
  check(BagClassifier(7, 4, 3, random));
  check(TransformerClassifier<>(
      {.vocab_size = 7, .context = 4, .channels = 8, .heads = 2, .layers = 2, .classes = 3},
      random));
}

TEST_CASE("LinearModel's and Mlp's gradients are right", "[models]") {
  Random random(10);
  const Matrix x = normal_matrix(7, 4, random);
  const Tokens labels{0, 1, 2, 2, 1, 0, 0};
  CrossEntropy cross_entropy;
  const auto check = [&](auto model) {
    const auto loss = [&] { return cross_entropy.forward(model.forward(x), labels); };
    loss();
    const Matrix logits = model.forward(x);
    model.backward(x, cross_entropy.backward(logits, labels));
    CHECK(check_gradients(model, loss).error < tolerance);
  };
  check(LinearModel(4, 3));
  check(Mlp<Tanh>(4, 5, 3, random));
}

TEST_CASE("the reward model and the preference loss: gradients and meaning", "[models]") {
  Random random(11);
  Gpt<> tuned({.vocab_size = 7, .context = 5, .channels = 8, .heads = 2, .layers = 1}, random);
  enlarge(tuned, random);
  RewardModel<> model(tuned);
  random.fill_normal(model.score.weight.value, 0.5);
  const TokenBatch batch = padded_batch(random_tokens(4 * 5, 7, random), {5, 3, 4, 1}, 5);
  PreferenceLoss preference;
  const auto loss = [&] { return preference.forward(model.forward(batch)); };
  loss();
  const Matrix rewards = model.forward(batch);
  model.backward(batch, preference.backward(rewards));
  const GradientCheck check = check_gradients(model, loss);
  INFO(check.where);
  CHECK(check.error < tolerance);
  const Matrix sure = (Matrix(4, 1) << 2, 5, 1, 7)
                          .finished();  // the first pair rightly by 1, the second wrongly by 2
  CHECK(preference.forward(sure) ==
        Approx((std::log1p(std::exp(-1.0)) + std::log1p(std::exp(2.0))) / 2));
  CHECK(preference.accuracy == Approx(0.5));
}

TEST_CASE("the policy's losses have the gradients that they say", "[models]") {
  Random random(12);
  const Index N = 6, V = 5;
  Matrix logits = normal_matrix(N, V, random);
  const Matrix reference = normal_matrix(N, V, random);
  const Tokens targets{0, ignored, 3, 2, 4, 1};
  const std::vector<double> advantages{1.5, 9, -0.7, 0.4, -2, 1};
  std::vector<double> old = target_log_probabilities(logits, targets);
  for (std::size_t n = 0; n < old.size(); ++n)
    old[n] += 0.15 * (n % 2 == 0 ? 1 : -2);  // ratios on both sides of the clip

  for (const double clip : {0.0, 0.2}) {
    PolicyGradient policy;
    policy.clip = clip;
    policy.forward(logits, targets, advantages, old);
    const Matrix dx = policy.backward(logits, targets);
    const auto check = check_input_gradient(
        logits, dx, [&] { return policy.forward(logits, targets, advantages, old); });
    INFO(check.where);
    CHECK(check.error < tolerance);
  }
  CHECK(kl_divergence(logits, reference, targets) > 0);
  CHECK(kl_divergence(reference, reference, targets) == Approx(0).margin(1e-12));

  DpoLoss dpo;
  dpo.beta = 0.3, dpo.likelihood = 0.5;
  Matrix pairs = normal_matrix(4 * 3, V, random);  // two pairs, sequences of three
  const Tokens said{0, 1, ignored, 2, 2, 2, ignored, 4, 1, 0, ignored, 3};
  const std::vector<double> before{-3, -4, -5, -2};
  dpo.forward(pairs, said, 3, before);
  const Matrix dd = dpo.backward(pairs, said, 3);
  CHECK(check_input_gradient(pairs, dd, [&] { return dpo.forward(pairs, said, 3, before); }).error <
        tolerance);
}

TEST_CASE("the policy gradient, in expectation, climbs reward minus β·KL", "[models]") {
  Random random(4);
  const Index V = 5;
  const double beta = 0.3;
  Matrix logits = normal_matrix(1, V, random);
  const Matrix reference = normal_matrix(1, V, random), rewards = normal_matrix(V, 1, random);
  const Tokens every{0, 1, 2, 3,
                     4};  // V texts of one token, each as often as the policy would draw it
  Matrix p(1, V);
  const auto objective = [&] {
    functional::softmax(p, logits);
    return p.row(0).dot(rewards.col(0)) - beta * kl_divergence(logits, reference, Tokens{0});
  };
  objective();
  const Matrix rows = logits.replicate(V, 1);
  const auto ours = target_log_probabilities(rows, every),
             theirs = target_log_probabilities(reference.replicate(V, 1), every);
  PolicyGradient gradient;
  gradient.forward(rows, every, policy_advantages(rewards, ours, theirs, beta));

  double mean = 0,
         square = 0;  // of what the texts count for: advantages are in their standard deviations
  for (std::size_t v = 0; v < every.size(); ++v) {
    const double counts = rewards(static_cast<Index>(v), 0) - beta * (ours[v] - theirs[v]);
    mean += counts / V, square += counts * counts / V;
  }
  Matrix climb;
  matmul(climb, p, gradient.backward(rows, every));
  climb *=
      -V *
      std::sqrt(
          square -
          mean * mean);  // the loss is a mean over V tokens, and falls where the objective climbs
  CHECK(check_input_gradient(logits, climb, objective).error < tolerance);
  CHECK_THROWS_WITH(policy_advantages(rewards, {0, 0, 0}, {0, 0, 0}, beta),
                    Catch::Matchers::Contains("rewards is 5×1, with 3"));
}
