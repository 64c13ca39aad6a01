#pragma once

// For lesson 11: how a policy is judged.

#include <fmt/core.h>

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "worlds/life.hpp"
#include "worlds/politeness.hpp"

namespace damla {
using namespace worlds;

/// The answer in a text that a policy made.
inline std::string answer_text(const Life& life, const TuningExample& text) {
  Tokens answer;
  for (std::size_t t = 0; t < text.tokens.size(); ++t)
    if (text.learn[t] && text.tokens[t] != life.words.token("<son>"))
      answer.push_back(text.tokens[t]);
  return life.words.decode(answer);
}

/// What a policy says when it is asked 300 times.
struct Judged {
  double polite = 0, correct = 0;  // %; correct: names the person's city and no other
  double reward = 0;
  double kl = 0;  // nats an answer, from the reference
  std::string example;
};

/// sample(policy, person) answers a question about the person's city; reward(texts) returns a
/// column.
inline Judged judge(Gpt<>& policy, Gpt<>& reference, Life& life, auto&& sample, auto&& reward) {
  Judged j;
  const int trials = 300;
  std::vector<TuningExample> texts;
  for (int i = 0; i < trials; ++i) {
    const Person& person = life.random.pick(life.world.known);
    texts.push_back(sample(policy, person));
    j.example = answer_text(life, texts.back());
    j.polite += is_polite(j.example) ? 100.0 / trials : 0;
    const auto names = [&](const std::string& city) {
      return j.example.find(city) != std::string::npos;
    };
    j.correct += std::ranges::count_if(life.world.cities, names) == 1 && names(person.city)
                     ? 100.0 / trials
                     : 0;
  }
  const TokenBatch batch = TokenBatch::of(texts);
  j.reward = static_cast<double>(reward(texts).mean());
  const Matrix reference_logits = reference.forward(batch);
  j.kl = kl_divergence(policy.forward(batch), reference_logits, batch.targets) / trials;
  return j;
}

/// The figures of each policy by name, and as a table.
struct Judgements {
  Gpt<>& reference;
  Life& life;
  std::function<TuningExample(Gpt<>&, const Person&)> sample;
  std::function<Matrix(const std::vector<TuningExample>&)> reward;
  std::map<std::string, Judged> found{};
  std::vector<std::vector<std::string>> rows{{"policy / politika", "polite / kibar",
                                              "correct / doğru", "learned reward / öğrenilen ödül",
                                              "KL", "it says / dediği"}};

  Judgements(Gpt<>& reference_, Life& life_, auto&& sample_, auto&& reward_)
      : reference(reference_), life(life_), sample(sample_), reward(reward_) {}

  /// One more row; returns the figures.
  const Judged& add(const std::string& name, Gpt<>& policy) {
    const Judged& j = found[name] = judge(policy, reference, life, sample, reward);
    rows.push_back({name, fmt::format("{:.0f} %", j.polite), fmt::format("{:.0f} %", j.correct),
                    fmt::format("{:.3f}", j.reward), fmt::format("{:.2f}", j.kl), j.example});
    return j;
  }
};

}  // namespace damla
