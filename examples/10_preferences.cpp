// Lesson 10: preferences. People like polite answers better. A reward model learns their taste from pairs, and the policy learns
// to please the reward model: too well, when nothing holds it to its language. DPO needs no reward model.
#include "preferences.hpp"

using namespace damla;
using namespace damla::report;

namespace {

/// Learns which answers people like better. The first half of the examples are chosen answers, the second the rejected ones.
void learn_taste(RewardModel<>& taste, auto&& draw_pairs) {
  PreferenceLoss preference;
  AdamW optimizer{.rate = Scalar(3e-4)};
  for (int step = 0; step < 12; ++step) {
    const TextBatch batch = side_by_side(draw_pairs(16));
    preference.forward(taste.forward(batch));
    zero_gradients(taste);
    taste.backward(batch, preference.backward(taste.score.y));
    optimizer.step(taste, clip_scale(taste, 1.0));
  }
}

/// Policy gradient with a baseline, and a price β on the distance from the reference. With a clip it is PPO, twice over each batch.
void please(Gpt<>& policy, Gpt<>& reference, double beta, double clip, Index steps, auto&& sample, auto&& reward) {
  PolicyGradient gradient;
  gradient.clip = clip;
  AdamW optimizer{.rate = Scalar(1e-3)};
  Progress progress(fmt::format("beta {}", beta), steps);
  for (Index step = 0; step < steps; ++step) {
    std::vector<TuningExample> texts;
    for (int i = 0; i < 32; ++i) texts.push_back(sample(policy));
    const TuningBatch batch = TuningBatch::of(texts);
    const Matrix r = reward(texts);
    const auto before = target_log_probabilities(policy.forward(batch.inputs, batch.T), batch.targets);
    const auto unmoved = target_log_probabilities(reference.forward(batch.inputs, batch.T), batch.targets);
    const auto advantages = policy_advantages(r, before, unmoved, beta);
    for (int pass = 0; pass < (clip > 0 ? 2 : 1); ++pass) {
      const Matrix& logits = policy.forward(batch.inputs, batch.T);
      gradient.forward(logits, batch.targets, advantages, before);
      zero_gradients(policy);
      policy.backward(batch.inputs, gradient.backward(logits, batch.targets), batch.T);
      optimizer.step(policy, clip_scale(policy, 1.0));
    }
    progress.update(step, -static_cast<double>(r.mean()), batch.B * batch.T);
  }
}

void preferences(Lesson& lesson) {
  Life life(lesson.seed);
  Gpt<> reference = earlier_model(lesson, life, "09_instruction_tuning", [&](Gpt<>& m) { pre_train(m, life), instruct(m, life); });
  const auto question = [](const Person& p) { return PeopleWorld::question(p, Fact::city); };
  const auto somebody = [&]() -> const Person& { return life.random.pick(life.world.known); };
  tune(reference, 400, 1e-3, [&] {  // rightly, but politely or rudely as a coin falls
    const Person& p = somebody();
    return chat_example(life.words, question(p), life.random.chance(0.5) ? polite_answer(p.city, life.random) : rude_answer(p.city, life.random));
  });
  const auto sample_about = [&](Gpt<>& policy, const Person& p) {
    return sample_answer(policy, life.words.encode(chat_prompt(question(p))), life.words.token("<son>"), 10, life.random);
  };

  // Which of two answers is better? Here a rule decides; with --vote, the class.
  const std::vector<Vote> votes = votes_in(lesson.option("--vote"), [&]() -> Vote {
    const Person& p = somebody();
    return {question(p), answer_text(life, sample_about(reference, p)), answer_text(life, sample_about(reference, p))};
  });
  const auto draw_pairs = [&](Index pairs) {
    std::vector<TuningExample> chosen, rejected;
    for (Index i = 0; i < pairs; ++i) {
      const Person& p = somebody();
      const Vote vote = votes.empty() ? Vote{question(p), polite_answer(p.city, life.random), rude_answer(p.city, life.random)} : life.random.pick(votes);
      chosen.push_back(chat_example(life.words, vote.question, vote.chosen));
      rejected.push_back(chat_example(life.words, vote.question, vote.rejected));
    }
    chosen.insert(chosen.end(), rejected.begin(), rejected.end());
    return chosen;
  };
  RewardModel<> taste(reference);
  learn_taste(taste, draw_pairs);
  PreferenceLoss preference;
  const Matrix r = taste.forward(side_by_side(draw_pairs(200)));
  preference.forward(r);
  // Rewards are counted so that a preferred answer has 1 more than a rejected one, on average.
  const Scalar unit = r.topRows(200).mean() - r.bottomRows(200).mean();
  const auto reward = [&](const std::vector<TuningExample>& texts) -> Matrix { return taste.forward(side_by_side(texts)) / unit; };
  const bool asserted = votes.empty() && !lesson.fast;
  lesson.claim({.number = 20, .says = "a reward model learns the taste from pairs: right about new pairs", .says_tr = "ödül modeli beğeniyi çiftlerden öğrenir: yeni çiftlerde doğru",
                .measured = 100 * preference.accuracy, .low = 95, .unit = "%", .asserted = votes.empty()});

  const Index steps = lesson.fast ? 50 : 400;
  Judgements judged(reference, life, sample_about, reward);
  Gpt<> untouched = reference;
  judged.add("before", untouched);
  for (const auto& [name, beta, clip] : {std::tuple{"β = 0", 0.0, 0.0}, {"β = 0.2", 0.2, 0.0}, {"β = 1", 1.0, 0.0}, {"PPO, β = 0.2", 0.2, 0.2}}) {
    Gpt<> policy = reference;
    please(policy, reference, beta, clip, steps, [&](Gpt<>& p) { return sample_about(p, somebody()); }, reward);
    judged.add(name, policy);
    if (name == std::string("β = 0.2")) save_life(lesson, life, policy);
  }
  for (const auto& [name, likelihood] : {std::pair{"DPO", 0.0}, {"DPO + likelihood", 1.0}}) {
    Gpt<> policy = reference;
    prefer(policy, reference, likelihood, steps, draw_pairs);
    judged.add(name, policy);
  }
  lesson.table("One model before and after, aligned in six ways", "Bir model, önce ve altı türlü hizalamadan sonra", judged.rows);

  const auto claim = [&](const std::string& says, const std::string& says_tr, double measured, double low, double high, const std::string& in) {
    lesson.claim({.number = 20, .says = says, .says_tr = says_tr, .measured = measured, .low = low, .high = high, .unit = in, .asserted = asserted});
  };
  const Judged &free = judged.found["β = 0"], &held = judged.found["β = 0.2"], &tight = judged.found["β = 1"];
  claim("β = 0 hacks the reward: right cities", "β = 0 ödülü kandırır: doğru şehirler", free.correct, 0, 20, "%");
  claim("… while the reward model likes it best: reward above the next", "… ama ödül modeli en çok onu beğenir: sonrakinden fazlası", free.reward - std::max(held.reward, tight.reward), 0, 2, "");
  claim("β = 0.2 is polite", "β = 0,2 kibardır", held.polite, 90, 100, "%");
  claim("β = 0.2 still says the right city", "β = 0,2 hâlâ doğru şehri söyler", held.correct, 85, 100, "%");
  claim("β = 1 hardly moves: its KL as a share of β = 0.2's", "β = 1 pek kıpırdamaz: KL'si, β = 0,2'ninkine oranla", tight.kl / held.kl, 0, 0.5, "");
  claim("DPO with the likelihood of the chosen answer is polite", "seçilen yanıtın olabilirliği eklenen DPO kibardır", judged.found["DPO + likelihood"].polite, 90, 100, "%");
  claim("without it DPO drifts: its KL, times that of the other", "o olmadan DPO sürüklenir: KL'si, ötekinin katı olarak", judged.found["DPO"].kl / judged.found["DPO + likelihood"].kl, 2, 1e3, "×");
}

}  // namespace

int main(int argc, char** argv) {
  return run_lesson({"10_preferences", "Preferences: a reward model, policy gradient with and without a leash, DPO",
                     {{"--vote", "FILE", "You choose the better answers at the keyboard; FILE keeps the choices"}}}, argc, argv, preferences);
}
