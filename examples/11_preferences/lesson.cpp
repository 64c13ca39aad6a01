// Lesson 11: preferences. People like polite answers better. Part 1: a reward model learns their
// taste from pairs, and the policy learns to please it: too well, when nothing holds it to its
// language. Part 2: PPO needs fewer answers, and DPO no reward model.
#include <fmt/core.h>

#include <iostream>
#include <span>

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
  Gpt<> model = instructed_model(lesson, life, [&] { return pre_trained_model(lesson, life); });
  tune(model, {.steps = lesson.fast ? 100 : 400, .learning_rate = 1e-3, .warmup = 20}, [&] {
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
  say("{}: {} votes\n\n", "{}: {} oy\n\n", path, votes.size());
}

/// The people of the pairs that teach the reward model, and those of the pairs that judge it: no
/// pair and nobody is in both.
std::span<const Person> taught_people(const Life& life) {
  return std::span(life.world.known).first(80);
}
std::span<const Person> judged_people(const Life& life) {
  return std::span(life.world.known).subspan(80);
}

/// Pairs of answers as examples: those that people chose, then those that they rejected. Where
/// nobody voted, a rule decides: politeness.
std::vector<TuningExample> draw_pairs(Life& life, std::span<const Person> people,
                                      std::span<const Vote> votes, Index pairs) {
  std::vector<TuningExample> chosen, rejected;
  for (Index i = 0; i < pairs; ++i) {
    const Person& p = life.random.pick(people);
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
  const TrainOptions options{.steps = 12,
                             .learning_rate = 3e-4,
                             .final_learning_rate = 3e-4,
                             .title = in_language("taste / beğeni")};
  minimize(taste, options, [&] {
    const TokenBatch batch = side_by_side(draw(16));
    const double loss = preference.forward(taste.forward(batch));
    taste.backward(batch, preference.backward(taste.score.y));
    return loss;
  });
}

/// Policy gradient with a baseline, and a price β on the distance from the reference. With a clip
/// it is PPO: each batch of answers is used twice.
void please(Gpt<>& policy, Gpt<>& reference, double beta, double clip, Index steps, auto&& sample,
            auto&& reward) {
  PolicyGradient gradient{.clip = clip};
  TokenBatch batch;
  std::vector<double> before, advantages;
  const auto answer_all = [&] {
    std::vector<TuningExample> texts;
    for (int i = 0; i < 32; ++i) texts.push_back(sample(policy));
    batch = TokenBatch::of(texts);
    before = target_log_probabilities(policy.forward(batch), batch.targets);
    const auto unmoved = target_log_probabilities(reference.forward(batch), batch.targets);
    advantages = policy_advantages(reward(texts), before, unmoved, beta);
  };
  const Index passes = clip > 0 ? 2 : 1;
  Index step = 0;
  // A policy on a leash settles; one without goes on as far as the steps take it.
  const TrainOptions options{.steps = steps,
                             .learning_rate = 1e-3,
                             .final_learning_rate = beta > 0 ? 0 : 1e-3,
                             .title = fmt::format("beta {}", beta)};
  minimize(policy, options, [&] {
    if (step++ % passes == 0) answer_all();
    const Matrix& logits = policy.forward(batch);
    const double loss = gradient.forward(logits, batch.targets, advantages, before);
    policy.backward(batch, gradient.backward(logits, batch.targets));
    return loss;
  });
}

/// Direct preference optimisation: the same pairs, no reward model, no sampling.
void prefer(Gpt<>& policy, Gpt<>& reference, double likelihood, Index steps, auto&& draw) {
  DpoLoss dpo{.likelihood = likelihood};
  minimize(policy, {.steps = steps, .learning_rate = 5e-4, .title = "DPO"}, [&] {
    const TokenBatch batch = TokenBatch::of(draw(16));
    const auto before =
        sequence_log_probabilities(reference.forward(batch), batch.targets, batch.T);
    const Matrix& logits = policy.forward(batch);
    const double loss = dpo.forward(logits, batch.targets, batch.T, before);
    policy.backward(batch, dpo.backward(logits, batch.targets, batch.T));
    return loss;
  });
}

/// Part 1: policies learn to please the reward model, on leashes of three lengths.
void leashes(Lesson& lesson, Life& life, Gpt<>& reference, Judgements& judged, Index steps,
             bool asserted) {
  const auto sample = [&](Gpt<>& p) { return sample_about(p, somebody(life), life); };
  const auto pleased = [&](const std::string& name, double beta) {
    Gpt<> policy = reference;
    please(policy, reference, beta, 0, steps, sample, judged.reward);
    if (beta == 0.2) save_life(lesson, life, policy);
    return judged.add(name, policy);
  };
  judged.add("before / önce", reference);
  const Judged free = pleased("β = 0", 0), held = pleased("β = 0.2", 0.2),
               tight = pleased("β = 1", 1);
  lesson.claim(claims::hacks_the_reward, free.correct, asserted);
  lesson.claim(claims::does_not_mind, free.reward - std::max(held.reward, tight.reward), asserted);
  lesson.claim(claims::leash_polite, held.polite, asserted);
  lesson.claim(claims::leash_right, held.correct, asserted);
  lesson.claim(claims::short_leash, tight.polite, asserted);
  lesson.claim(claims::moves_less, held.kl - tight.kl, asserted);
}

/// Part 2: PPO needs half as many answers; DPO learns from the pairs themselves.
void other_ways(Lesson& lesson, Life& life, Gpt<>& reference, Judgements& judged, Index steps,
                auto&& draw, bool asserted) {
  const auto sample = [&](Gpt<>& p) { return sample_about(p, somebody(life), life); };
  Gpt<> ppo = reference;
  please(ppo, reference, 0.2, 0.2, steps, sample, judged.reward);
  const Judged clipped = judged.add("PPO, β = 0.2", ppo);
  lesson.claim(claims::ppo_polite, clipped.polite, asserted);
  const auto preferred = [&](const std::string& name, double likelihood) {
    Gpt<> policy = reference;
    prefer(policy, reference, likelihood, steps, draw);
    return judged.add(name, policy);
  };
  const Judged dpo = preferred("DPO", 0),
               likely = preferred("DPO + likelihood / DPO + olabilirlik", 1);
  lesson.claim(claims::dpo_polite, likely.polite, asserted);
  lesson.claim(claims::dpo_drifts, dpo.kl / likely.kl, asserted);
}

void preferences(Lesson& lesson) {
  // 1. A model that is polite or rude by chance. Which of two answers is better? Here a rule
  // decides; with --vote, the class.
  Life life(lesson.seed);
  const std::string& path = lesson.option("--vote");
  std::vector<Vote> votes = read_votes(path, life.words);  // a faulty file, before the training
  Gpt<> reference = polite_or_rude_model(lesson, life);
  if (!path.empty()) ask_class(path, life, reference, votes);
  const std::span<const Vote> all(votes);
  const std::size_t taught = votes.size() - votes.size() / 5;  // a fifth of the votes judges
  const auto draw = [&](Index n) {
    return draw_pairs(life, taught_people(life), all.first(taught), n);
  };

  // 2. A reward model learns the taste. Its rewards are counted so that a preferred answer has 1
  // more than a rejected one, on average.
  RewardModel<> taste(reference);
  learn_taste(taste, draw);
  const Matrix r =
      taste.forward(side_by_side(draw_pairs(life, judged_people(life), all.subspan(taught), 200)));
  const Scalar unit = r.topRows(200).mean() - r.bottomRows(200).mean();
  PreferenceLoss preference;
  preference.forward(r);
  lesson.claim(claims::taste_from_pairs, 100 * preference.accuracy, votes.empty() && !lesson.fast);

  // 3. Policies learn to please it, and others learn from the pairs themselves.
  Judgements judged(
      reference, life,
      [&](Gpt<>& policy, const Person& p) { return sample_about(policy, p, life); },
      [&](const std::vector<TuningExample>& texts) -> Matrix {
        return taste.forward(side_by_side(texts)) / unit;
      });
  const Index steps = lesson.fast ? 20 : 400;
  const bool asserted = votes.empty() && !lesson.fast;
  leashes(lesson, life, reference, judged, steps, asserted);
  other_ways(lesson, life, reference, judged, steps, draw, asserted);
  lesson.table("One model before and after, aligned in six ways",
               "Bir model, önce ve altı türlü hizalamadan sonra", judged.rows);
}

}  // namespace

int main(int argc, char** argv) {
  return run_lesson(
      {"11_preferences",
       "Preferences: a reward model, policy gradient with and without a leash, DPO",
       "Tercihler: ödül modeli, tasmalı ve tasmasız politika gradyanı, DPO",
       {{"--vote", "FILE", "You choose the better answers at the keyboard; FILE keeps the choices",
         "Daha iyi yanıtları klavyeden siz seçersiniz; DOSYA seçimleri saklar"}}},
      argc, argv, preferences);
}
