#include "damla/functional/preference.hpp"

#include "helpers/blocks.hpp"

using namespace damla;

TEST_CASE("−ln σ and Bradley-Terry by hand, and far out", "[functional]") {
  CHECK(functional::minus_log_sigmoid(0).loss == Approx(std::log(2)));
  CHECK(functional::minus_log_sigmoid(0).dz == Approx(-0.5));
  CHECK(functional::minus_log_sigmoid(std::log(3)).loss == Approx(std::log(4. / 3)));
  CHECK(functional::minus_log_sigmoid(std::log(3)).dz == Approx(-0.25));
  CHECK(functional::minus_log_sigmoid(-1000).loss == Approx(1000));
  CHECK(functional::minus_log_sigmoid(-1000).dz == Approx(-1));
  CHECK(functional::minus_log_sigmoid(1000).loss == Approx(0).margin(1e-300));
  CHECK(functional::minus_log_sigmoid(1000).dz == Approx(0).margin(1e-300));
  CHECK(functional::bradley_terry(5, 5 - std::log(3)).loss == Approx(std::log(4. / 3)));
}

TEST_CASE("DPO's margin by hand: what the policy moved, chosen minus rejected", "[functional]") {
  CHECK(functional::dpo_margin(0.5, -3, -4, -7, -5) == Approx(0.5 * (1 + 2)));
}

TEST_CASE("PPO by hand: inside the clip, and beyond it on either side", "[functional]") {
  const double old = std::log(0.2);
  const auto ppo = [&](double ratio, double advantage) {
    return functional::ppo(old + std::log(ratio), old, advantage, 0.2);
  };
  CHECK(ppo(1.1, 3).loss == Approx(-3.3));
  CHECK(ppo(1.1, 3).dz == Approx(-3.3));
  CHECK(ppo(1.5, 3).loss == Approx(-3.6));  // no more to win than 1.2 times
  CHECK(ppo(1.5, 3).dz == 0);
  CHECK(ppo(1.5, -3).loss == Approx(4.5));  // a loss counts in full
  CHECK(ppo(1.5, -3).dz == Approx(4.5));
  CHECK(ppo(0.5, -3).loss == Approx(2.4));
  CHECK(ppo(0.5, -3).dz == 0);
  CHECK(ppo(0.5, 3).dz == Approx(-1.5));
}

TEST_CASE("KL divergence by hand, in both precisions", "[functional]") {
  const Matrix even = Matrix::Constant(1, 2, 7);
  Matrix odd(1, 2);
  odd << Scalar(std::log(3.0)), 0;  // 3/4 and 1/4
  CHECK(functional::kl_divergence(even, even) == Approx(0).margin(1e-12));
  CHECK(functional::kl_divergence(even, odd) == Approx(0.5 * std::log(4. / 3)));
  CHECK(functional::kl_divergence<double>(exact(odd), exact(even)) ==
        Approx(0.75 * std::log(1.5) + 0.25 * std::log(0.5)));
  Matrix huge(1, 3), other(1, 3);
  huge << 1000, 0, -1000;
  other << 999, 0, -1000;
  CHECK(functional::kl_divergence(huge, other) == Approx(0).margin(1e-6));
}

TEST_CASE("weighted log likelihoods by hand: each token counts as much as it is worth",
          "[functional]") {
  Matrix p(3, 2);
  p << Scalar(0.25), Scalar(0.75), Scalar(0.5), Scalar(0.5), Scalar(0.5), Scalar(0.5);
  Block d(3, 2);
  functional::weighted_log_likelihood_backward(d.inner(), p, Tokens{1, 0, ignored},
                                               std::vector<double>{2, -1, 5});
  CHECK(d.inner() == (Matrix(3, 2) << 0.5, -0.5, 0.5, -0.5, 0, 0).finished());
  CHECK(d.margin_kept());
}
