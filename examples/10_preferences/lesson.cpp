// Lesson 10: preferences. People like polite answers better. A reward model learns their taste from
// pairs, and the policy learns to please the reward model: too well, when nothing holds it to its
// language. DPO needs no reward model.
#include "judging.hpp"

#include "claims.hpp"

using namespace damla;
using namespace damla::report;

namespace {

/// Learns which answers people like better. The first half of the examples are chosen answers, the
/// second the rejected ones.
void learn_taste(RewardModel<>& taste, auto&& draw_pairs) {
  PreferenceLoss preference;
  AdamW optimizer{.learning_rate = Scalar(3e-4)};
  for (int step = 0; step < 12; ++step) {
    const TokenBatch batch = side_by_side(draw_pairs(16));
    preference.forward(taste.forward(batch));
    zero_gradients(taste);
    taste.backward(batch, preference.backward(taste.score.y));
    optimizer.step(taste, clip_scale(taste, 1.0));
  }
}

/// Policy gradient with a baseline, and a price β on the distance from the reference. With a clip
/// it is PPO, twice over each batch.
void please(Gpt<>& policy, Gpt<>& reference, double beta, double clip, Index steps, auto&& sample,
            auto&& reward) {
  PolicyGradient gradient;
  gradient.clip = clip;
  AdamW optimizer{.learning_rate = Scalar(1e-3)};
  Progress progress(fmt::format("beta {}", beta), steps);
  for (Index step = 0; step < steps; ++step) {
    std::vector<TuningExample> texts;
    for (int i = 0; i < 32; ++i) texts.push_back(sample(policy));
    const TokenBatch batch = TokenBatch::of(texts);
    const Matrix r = reward(texts);
    const auto before =
        target_log_probabilities(policy.forward(batch.tokens, batch.T), batch.targets);
    const auto unmoved =
        target_log_probabilities(reference.forward(batch.tokens, batch.T), batch.targets);
    const auto advantages = policy_advantages(r, before, unmoved, beta);
    for (int pass = 0; pass < (clip > 0 ? 2 : 1); ++pass) {
      const Matrix& logits = policy.forward(batch.tokens, batch.T);
      gradient.forward(logits, batch.targets, advantages, before);
      zero_gradients(policy);
      policy.backward(batch.tokens, gradient.backward(logits, batch.targets), batch.T);
      optimizer.step(policy, clip_scale(policy, 1.0));
    }
    progress.update(step, -static_cast<double>(r.mean()), batch.B * batch.T);
  }
}

void preferences(Lesson& lesson) {
  Life life(lesson.seed);
  Gpt<> reference = instructed_model(lesson, life);
  const auto question = [](const Person& p) { return PeopleWorld::question(p, Fact::city); };
  const auto somebody = [&]() -> const Person& { return life.random.pick(life.world.known); };
  tune(reference, 400, 1e-3, [&] {  // rightly, but politely or rudely as a coin falls
    const Person& p = somebody();
    const bool polite = life.random.chance(0.5);
    return chat_example(life.words, question(p),
                        (polite ? polite_answer : rude_answer)(p.city, life.random));
  });
  const auto sample_about = [&](Gpt<>& policy, const Person& p) {
    return sample_answer(policy, life.words.encode(chat_prompt(question(p))),
                         life.words.token("<son>"), 10, life.random);
  };

  // Which of two answers is better? Here a rule decides; with --vote, the class.
  const std::vector<Vote> votes = votes_in(lesson.option("--vote"), [&]() -> Vote {
    const Person& p = somebody();
    return {question(p), answer_text(life, sample_about(reference, p)),
            answer_text(life, sample_about(reference, p))};
  });
  const auto draw_vote = [&]() -> Vote {
    const Person& p = somebody();
    if (!votes.empty()) return life.random.pick(votes);
    return {question(p), polite_answer(p.city, life.random), rude_answer(p.city, life.random)};
  };
  const auto draw_pairs = [&](Index pairs) { return examples_of(life, pairs, draw_vote); };
  RewardModel<> taste(reference);
  learn_taste(taste, draw_pairs);
  PreferenceLoss preference;
  const Matrix r = taste.forward(side_by_side(draw_pairs(200)));
  preference.forward(r);
  // Rewards are counted so that a preferred answer has 1 more than a rejected one, on average.
  const Scalar unit = r.topRows(200).mean() - r.bottomRows(200).mean();
  const auto reward = [&](const std::vector<TuningExample>& texts) -> Matrix {
    return taste.forward(side_by_side(texts)) / unit;
  };
  lesson.claim(claims::taste_from_pairs, 100 * preference.accuracy, votes.empty());

  const Index steps = lesson.fast ? 50 : 400;
  Judgements judged(reference, life, sample_about, reward);
  Gpt<> untouched = reference;
  judged.add("before", untouched);
  for (const auto& [name, beta, clip] : {std::tuple{"β = 0", 0.0, 0.0},
                                         {"β = 0.2", 0.2, 0.0},
                                         {"β = 1", 1.0, 0.0},
                                         {"PPO, β = 0.2", 0.2, 0.2}}) {
    Gpt<> policy = reference;
    please(
        policy, reference, beta, clip, steps, [&](Gpt<>& p) { return sample_about(p, somebody()); },
        reward);
    judged.add(name, policy);
    if (name == std::string("β = 0.2")) save_life(lesson, life, policy);
  }
  for (const auto& [name, likelihood] : {std::pair{"DPO", 0.0}, {"DPO + likelihood", 1.0}}) {
    Gpt<> policy = reference;
    prefer(policy, reference, likelihood, steps, draw_pairs);
    judged.add(name, policy);
  }
  lesson.table("One model before and after, aligned in six ways",
               "Bir model, önce ve altı türlü hizalamadan sonra", judged.rows);

  const bool asserted = votes.empty() && !lesson.fast;
  const Judged &free = judged.found["β = 0"], &held = judged.found["β = 0.2"],
               &tight = judged.found["β = 1"];
  const Judged &dpo = judged.found["DPO"], &likely = judged.found["DPO + likelihood"];
  lesson.claim(claims::hacks_the_reward, free.correct, asserted);
  lesson.claim(claims::liked_best, free.reward - std::max(held.reward, tight.reward), asserted);
  lesson.claim(claims::leash_polite, held.polite, asserted);
  lesson.claim(claims::leash_right, held.correct, asserted);
  lesson.claim(claims::short_leash, tight.kl / held.kl, asserted);
  lesson.claim(claims::dpo_polite, likely.polite, asserted);
  lesson.claim(claims::dpo_drifts, dpo.kl / likely.kl, asserted);
}

}  // namespace

int main(int argc, char** argv) {
  return run_lesson({"10_preferences",
                     "Preferences: a reward model, policy gradient with and without a leash, DPO",
                     {{"--vote", "FILE",
                       "You choose the better answers at the keyboard; FILE keeps the choices"}}},
                    argc, argv, preferences);
}
