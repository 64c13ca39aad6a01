#pragma once

// For lesson 10: which of two answers is better, said by people at the keyboard and kept in a file;
// and how a policy is judged.

#include <fmt/core.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "worlds/life.hpp"
#include "worlds/politeness.hpp"

namespace damla {
using namespace worlds;

struct Vote {
  std::string question, chosen, rejected;
};

/// The votes in a file: one a line, question, chosen and rejected answer separated by tabs. None
/// when there is no file yet. Throws Error with path and line.
inline std::vector<Vote> read_votes(const std::string& path) {
  std::vector<Vote> votes;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    const std::size_t first = line.find('\t'), second = line.find('\t', first + 1);
    if (first == std::string::npos || second == std::string::npos)
      throw Error(fmt::format(
          "{}: line {}: expected question, chosen and rejected answer, separated by tabs", path,
          votes.size() + 1));
    votes.push_back({line.substr(0, first), line.substr(first + 1, second - first - 1),
                     line.substr(second + 1)});
  }
  return votes;
}

/// Asks at the keyboard until somebody types q (or the input ends) and adds each vote to the file.
/// draw() returns a question with two answers in random order. Throws Error when the file cannot be
/// written.
inline void ask_for_votes(const std::string& path, auto&& draw) {
  std::ofstream file(path, std::ios::app);
  fmt::print(
      "Which answer is better? Hangi yanıt daha iyi? (a, b; s: skip/geç, q: enough/yeter)\n");
  for (std::string line = "s"; line != "q";) {
    const Vote pair = draw();
    fmt::print("\n{}\n  A: {}\n  B: {}\n> ", pair.question, pair.chosen, pair.rejected);
    std::fflush(stdout);
    if (!std::getline(std::cin, line)) break;
    if (line == "a" || line == "A")
      file << pair.question << '\t' << pair.chosen << '\t' << pair.rejected << std::endl;
    if (line == "b" || line == "B")
      file << pair.question << '\t' << pair.rejected << '\t' << pair.chosen << std::endl;
    if (!file) throw Error(path + ": cannot be written");
  }
}

/// All votes in the file, new ones first asked for; none when the path is empty.
inline std::vector<Vote> votes_in(const std::string& path, auto&& draw) {
  if (path.empty()) return {};
  ask_for_votes(path, draw);
  return read_votes(path);
}

/// The answer in a text that a policy made.
inline std::string answer_text(const Life& life, const TuningExample& text) {
  Tokens answer;
  for (std::size_t t = 0; t < text.tokens.size(); ++t)
    if (text.learn[t] && text.tokens[t] != life.words.token("<son>"))
      answer.push_back(text.tokens[t]);
  return life.words.decode(answer);
}

/// Draws votes: the chosen answers as examples, then the rejected ones.
inline std::vector<TuningExample> examples_of(const Life& life, Index votes, auto&& draw_vote) {
  std::vector<TuningExample> chosen, rejected;
  for (Index i = 0; i < votes; ++i) {
    const Vote vote = draw_vote();
    chosen.push_back(chat_example(life.words, vote.question, vote.chosen));
    rejected.push_back(chat_example(life.words, vote.question, vote.rejected));
  }
  chosen.insert(chosen.end(), rejected.begin(), rejected.end());
  return chosen;
}

/// The texts without the mark where the answers begin.
inline TokenBatch side_by_side(const std::vector<TuningExample>& examples) {
  std::vector<Tokens> texts;
  for (const TuningExample& e : examples) texts.push_back(e.tokens);
  return TokenBatch::of(texts);
}

/// Direct preference optimisation: the same pairs, no reward model, no sampling.
inline void prefer(Gpt<>& policy, Gpt<>& reference, double likelihood, Index steps,
                   auto&& draw_pairs) {
  DpoLoss dpo;
  dpo.likelihood = likelihood;
  AdamW optimizer{.learning_rate = Scalar(5e-4)};
  for (Index step = 0; step < steps; ++step) {
    const TokenBatch batch = TokenBatch::of(draw_pairs(16));
    const auto before = sequence_log_probabilities(reference.forward(batch.tokens, batch.T),
                                                   batch.targets, batch.T);
    const Matrix& logits = policy.forward(batch.tokens, batch.T);
    dpo.forward(logits, batch.targets, batch.T, before);
    zero_gradients(policy);
    policy.backward(batch.tokens, dpo.backward(logits, batch.targets, batch.T), batch.T);
    optimizer.step(policy, clip_scale(policy, 1.0));
  }
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
  const Matrix reference_logits = reference.forward(batch.tokens, batch.T);
  j.kl = kl_divergence(policy.forward(batch.tokens, batch.T), reference_logits, batch.targets) /
         trials;
  return j;
}

/// The figures of each policy by name, and as a table.
struct Judgements {
  Gpt<>& reference;
  Life& life;
  std::function<TuningExample(Gpt<>&, const Person&)> sample;
  std::function<Matrix(const std::vector<TuningExample>&)> reward;
  std::map<std::string, Judged> found{};
  std::vector<std::vector<std::string>> rows{
      {"policy", "polite", "correct", "learned reward", "KL", "it says"}};

  Judgements(Gpt<>& reference_, Life& life_, auto&& sample_, auto&& reward_)
      : reference(reference_), life(life_), sample(sample_), reward(reward_) {}

  void add(const std::string& name, Gpt<>& policy) {
    const Judged j = found[name] = judge(policy, reference, life, sample, reward);
    rows.push_back({name, fmt::format("{:.0f} %", j.polite), fmt::format("{:.0f} %", j.correct),
                    fmt::format("{:.3f}", j.reward), fmt::format("{:.2f}", j.kl), j.example});
  }
};

}  // namespace damla
