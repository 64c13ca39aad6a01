// Lesson 11: preferences. People like polite answers better. A reward model learns their taste from
// pairs, and the policy learns to please the reward model: too well, when nothing holds it to its
// language. DPO needs no reward model.
#include <fmt/core.h>

#include <iostream>

#include "claims.hpp"
#include "judging.hpp"
#include "report/saved_model.hpp"
#include "voting.hpp"
#include "worlds/life.hpp"
#include "worlds/politeness.hpp"

using namespace damla;
using namespace damla::worlds;
using namespace damla::report;

namespace {

std::string question(const Person& p) { return PeopleWorld::question(p, Fact::city); }
const Person& somebody(Life& life) { return life.random.pick(life.world.known); }

/// The model of lesson 10, taught to answer rightly, but politely or rudely as a coin falls.
Gpt<> polite_or_rude_model(Lesson& lesson, Life& life) {
  Gpt<> model = instructed_model(lesson, life);
  tune(model, {.steps = 400, .learning_rate = 1e-3, .warmup = 20}, [&] {
    const Person& p = somebody(life);
    const bool polite = life.random.chance(0.5);
    return chat_example(life.words, question(p),
                        (polite ? polite_answer : rude_answer)(p.city, life.random));
  });
  return model;
}

/// What a policy answers when it is asked where somebody lives.
TuningExample sample_about(Gpt<>& policy, const Person& p, Life& life) {
  return sample_answer(policy, chat_prompt(life.words, question(p)), life.words.token("<son>"), 10,
                       life.random);
}

/// With --vote: the class judges 30 pairs of the model's own answers; the file keeps each vote.
void ask_class(const std::string& path, Life& life, Gpt<>& model, std::vector<Vote>& votes) {
  const auto draw = [&]() -> Vote {
    const Person& p = somebody(life);
    return {question(p), answer_text(life, sample_about(model, p, life)),
            answer_text(life, sample_about(model, p, life))};
  };
  ask_for_votes(std::cin, std::cout, 30, life.words, draw, [&](const Vote& vote) {
    votes.push_back(vote);
    write_votes(path, votes);
  });
  fmt::print("{}: {} votes / oy\n\n", path, votes.size());
}

/// Pairs of answers as examples: those that people chose, then those that they rejected. Where
/// nobody voted, a rule decides: politeness.
std::vector<TuningExample> draw_pairs(Life& life, const std::vector<Vote>& votes, Index pairs) {
  std::vector<TuningExample> chosen, rejected;
  for (Index i = 0; i < pairs; ++i) {
    const Person& p = somebody(life);
    const Vote vote = votes.empty() ? Vote{question(p), polite_answer(p.city, life.random),
                                           rude_answer(p.city, life.random)}
                                    : life.random.pick(votes);
    chosen.push_back(chat_example(life.words, vote.question, vote.chosen));
    rejected.push_back(chat_example(life.words, vote.question, vote.rejected));
  }
  chosen.insert(chosen.end(), rejected.begin(), rejected.end());
  return chosen;
}

/// The texts without the mark where the answers begin.
TokenBatch side_by_side(const std::vector<TuningExample>& examples) {
  std::vector<Tokens> texts;
  for (const TuningExample& e : examples) texts.push_back(e.tokens);
  return TokenBatch::of(texts);
}

/// Learns which answers people like better, from 16 pairs a step.
void learn_taste(RewardModel<>& taste, auto&& draw) {
  PreferenceLoss preference;
  AdamW optimizer{.learning_rate = Scalar(3e-4)};
  for (int step = 0; step < 12; ++step) {
    const TokenBatch batch = side_by_side(draw(16));
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
  PolicyGradient gradient{.clip = clip};
  AdamW optimizer{.learning_rate = Scalar(1e-3)};
  Progress progress(fmt::format("beta {}", beta), steps);
  for (Index step = 0; step < steps; ++step) {
    std::vector<TuningExample> texts;
    for (int i = 0; i < 32; ++i) texts.push_back(sample(policy));
    const TokenBatch batch = TokenBatch::of(texts);
    const Matrix r = reward(texts);
    const auto before = target_log_probabilities(policy.forward(batch), batch.targets);
    const auto unmoved = target_log_probabilities(reference.forward(batch), batch.targets);
    const auto advantages = policy_advantages(r, before, unmoved, beta);
    for (int pass = 0; pass < (clip > 0 ? 2 : 1); ++pass) {
      const Matrix& logits = policy.forward(batch);
      gradient.forward(logits, batch.targets, advantages, before);
      zero_gradients(policy);
      policy.backward(batch, gradient.backward(logits, batch.targets));
      optimizer.step(policy, clip_scale(policy, 1.0));
    }
    progress.update(step, -static_cast<double>(r.mean()), batch.B * batch.T);
  }
}

/// Direct preference optimisation: the same pairs, no reward model, no sampling.
void prefer(Gpt<>& policy, Gpt<>& reference, double likelihood, Index steps, auto&& draw) {
  DpoLoss dpo{.likelihood = likelihood};
  AdamW optimizer{.learning_rate = Scalar(5e-4)};
  for (Index step = 0; step < steps; ++step) {
    const TokenBatch batch = TokenBatch::of(draw(16));
    const auto before =
        sequence_log_probabilities(reference.forward(batch), batch.targets, batch.T);
    const Matrix& logits = policy.forward(batch);
    dpo.forward(logits, batch.targets, batch.T, before);
    zero_gradients(policy);
    policy.backward(batch, dpo.backward(logits, batch.targets, batch.T));
    optimizer.step(policy, clip_scale(policy, 1.0));
  }
}

/// One model, aligned in six ways.
void align(Lesson& lesson, Life& life, Gpt<>& reference, Judgements& judged, auto&& draw) {
  const Index steps = lesson.fast ? 50 : 400;
  const auto sample = [&](Gpt<>& p) { return sample_about(p, somebody(life), life); };
  Gpt<> untouched = reference;
  judged.add("before", untouched);
  for (const auto& [name, beta, clip] : {std::tuple{"β = 0", 0.0, 0.0},
                                         {"β = 0.2", 0.2, 0.0},
                                         {"β = 1", 1.0, 0.0},
                                         {"PPO, β = 0.2", 0.2, 0.2}}) {
    Gpt<> policy = reference;
    please(policy, reference, beta, clip, steps, sample, judged.reward);
    judged.add(name, policy);
    if (name == std::string("β = 0.2")) save_life(lesson, life, policy);
  }
  for (const auto& [name, likelihood] : {std::pair{"DPO", 0.0}, {"DPO + likelihood", 1.0}}) {
    Gpt<> policy = reference;
    prefer(policy, reference, likelihood, steps, draw);
    judged.add(name, policy);
  }
}

void claim_all(Lesson& lesson, const Judgements& judged, bool asserted) {
  const Judged &free = judged.found.at("β = 0"), &held = judged.found.at("β = 0.2"),
               &tight = judged.found.at("β = 1"), &dpo = judged.found.at("DPO"),
               &likely = judged.found.at("DPO + likelihood");
  lesson.claim(claims::hacks_the_reward, free.correct, asserted);
  lesson.claim(claims::liked_best, free.reward - std::max(held.reward, tight.reward), asserted);
  lesson.claim(claims::leash_polite, held.polite, asserted);
  lesson.claim(claims::leash_right, held.correct, asserted);
  lesson.claim(claims::short_leash, tight.kl / held.kl, asserted);
  lesson.claim(claims::dpo_polite, likely.polite, asserted);
  lesson.claim(claims::dpo_drifts, dpo.kl / likely.kl, asserted);
}

void run(Lesson& lesson) {
  // 1. A model that is polite or rude by chance.
  Life life(lesson.seed);
  const std::string& path = lesson.option("--vote");
  std::vector<Vote> votes = read_votes(path, life.words);  // a faulty file, before the training
  Gpt<> reference = polite_or_rude_model(lesson, life);

  // 2. Which of two answers is better? Here a rule decides; with --vote, the class.
  if (!path.empty()) ask_class(path, life, reference, votes);
  const auto draw = [&](Index pairs) { return draw_pairs(life, votes, pairs); };

  // 3. A reward model learns the taste. Its rewards are counted so that a preferred answer has 1
  // more than a rejected one, on average.
  RewardModel<> taste(reference);
  learn_taste(taste, draw);
  const Matrix r = taste.forward(side_by_side(draw(200)));
  const Scalar unit = r.topRows(200).mean() - r.bottomRows(200).mean();
  PreferenceLoss preference;
  preference.forward(r);
  lesson.claim(claims::taste_from_pairs, 100 * preference.accuracy, votes.empty());

  // 4. Policies learn to please it, and others learn from the pairs themselves.
  Judgements judged(
      reference, life,
      [&](Gpt<>& policy, const Person& p) { return sample_about(policy, p, life); },
      [&](const std::vector<TuningExample>& texts) -> Matrix {
        return taste.forward(side_by_side(texts)) / unit;
      });
  align(lesson, life, reference, judged, draw);
  lesson.table("One model before and after, aligned in six ways",
               "Bir model, önce ve altı türlü hizalamadan sonra", judged.rows);
  claim_all(lesson, judged, votes.empty() && !lesson.fast);
}

}  // namespace

int main(int argc, char** argv) {
  return run_lesson({"11_preferences",
                     "Preferences: a reward model, policy gradient with and without a leash, DPO",
                     {{"--vote", "FILE",
                       "You choose the better answers at the keyboard; FILE keeps the choices"}}},
                    argc, argv, run);
}
