#pragma once

#include <algorithm>
#include <deque>
#include <string>
#include <vector>

#include "damla/damla.hpp"
#include "worlds/people.hpp"
#include "worlds/politeness.hpp"

namespace damla::playground {

/// Lesson 11 in small: a model that answers politely or rudely by chance, a reward model that
/// learned from pairs which people like better, and a policy that learns to please it, on a leash
/// of length β.
class Leash {
 public:
  /// What a policy's latest answers are like.
  struct Figures {
    double reward = 0;  ///< a preferred answer has 1 more than a rejected one, on average
    double kl = 0;      ///< nats an answer, from the reference
    double polite = 0, right = 0;  ///< shares; right: names the person's city and no other

    void visit_fields(auto&& visit) const {
      visit("reward", reward), visit("kl", kl), visit("polite", polite), visit("right", right);
    }
  };

  /// Teaches the reference and the reward model, which takes a second or two. Throws Error for a β
  /// under 0.
  Leash(std::int32_t seed, double beta)
      : random_(static_cast<std::uint64_t>(seed)),
        world_({.known = 20, .unknown = 0}, random_),
        words_(WordTokenizer::from_text(every_word(),
                                        {.casing = Casing::keep, .special_tokens = chat_tokens()})),
        reference_(taught()),
        policy_(reference_),
        taste_(reference_) {
    set_beta(beta);
    learn_taste();
  }

  void set_beta(double beta) {
    expect_number("Leash", "beta", beta, not_negative);
    beta_ = beta;
  }

  /// n steps of policy gradient, each on 32 answers of the policy. Returns the mean reward of the
  /// last step's answers.
  double step(std::int32_t n) {
    for (std::int32_t i = 0; i < n; ++i) {
      std::vector<Asked> asked;
      std::vector<TuningExample> texts;
      for (int k = 0; k < 32; ++k)
        asked.push_back(ask(policy_)), texts.push_back(asked.back().text);
      const TokenBatch batch = TokenBatch::of(texts);
      const Matrix unmoved = reference_.forward(batch);
      const Matrix& logits = policy_.forward(batch);
      const Matrix rewards = reward(texts);
      zero_gradients(policy_);
      gradient_.forward(logits, batch.targets,
                        policy_advantages(rewards, target_log_probabilities(logits, batch.targets),
                                          target_log_probabilities(unmoved, batch.targets), beta_));
      note(asked, rewards, kl_divergence(logits, unmoved, batch.targets));
      policy_.backward(batch, gradient_.backward(logits, batch.targets));
      adamw_.step(policy_, clip_scale(policy_, 1.0));
    }
    return figures().reward;
  }

  /// Of the latest 128 answers.
  Figures figures() const {
    Figures mean;
    const double share = 1 / static_cast<double>(std::max<std::size_t>(1, seen_.size()));
    for (const Figures& f : seen_)
      mean.reward += share * f.reward, mean.kl += share * f.kl, mean.polite += share * f.polite,
          mean.right += share * f.right;
    return mean;
  }

  /// k questions, each with the policy's answer.
  std::vector<std::string> sample(std::int32_t k) {
    std::vector<std::string> texts;
    for (std::int32_t i = 0; i < k; ++i) {
      const Asked asked = ask(policy_);
      texts.push_back(question(*asked.person) + " " + asked.answer);
    }
    return texts;
  }
  /// The same of the model before it learned to please.
  std::vector<std::string> sample_before(std::int32_t k) {
    std::swap(policy_, reference_);
    std::vector<std::string> texts = sample(k);
    std::swap(policy_, reference_);
    return texts;
  }
  double parameters() { return static_cast<double>(parameter_count(policy_)); }

 private:
  struct Asked {
    const worlds::Person* person;
    TuningExample text;
    std::string answer;
  };

  static std::string question(const worlds::Person& p) {
    return worlds::PeopleWorld::question(p, worlds::Fact::city);
  }
  std::string every_word() {
    std::string text;
    Random any(0);
    for (const worlds::Person& p : world_.known)
      for (int i = 0; i < 8; ++i) {
        text += question(p) + " " + worlds::polite_answer(p.city, any);
        text += " " + worlds::rude_answer(p.city, any) + " ";
      }
    return text;
  }

  /// Knows where everybody lives, and says it politely or rudely as a coin falls.
  Gpt<> taught() {
    Gpt<> model({.vocab_size = words_.vocab_size(),
                 .context = 24,
                 .channels = 32,
                 .heads = 2,
                 .layers = 1,
                 .init_std = 0.1},
                random_);
    tune(model, {.steps = 300, .learning_rate = 1e-2, .title = ""}, [&] {
      const worlds::Person& p = random_.pick(world_.known);
      const bool polite = random_.chance(0.5);
      return chat_example(words_, question(p),
                          (polite ? worlds::polite_answer : worlds::rude_answer)(p.city, random_));
    });
    return model;
  }

  static TokenBatch side_by_side(const std::vector<TuningExample>& examples) {
    std::vector<Tokens> texts;
    for (const TuningExample& e : examples) texts.push_back(e.tokens);
    return TokenBatch::of(texts);
  }
  /// As many pairs, the answers that people prefer first.
  TokenBatch pairs(std::int32_t n) {
    std::vector<TuningExample> chosen, rejected;
    for (std::int32_t i = 0; i < n; ++i) {
      const worlds::Person& p = random_.pick(world_.known);
      chosen.push_back(chat_example(words_, question(p), worlds::polite_answer(p.city, random_)));
      rejected.push_back(chat_example(words_, question(p), worlds::rude_answer(p.city, random_)));
    }
    chosen.insert(chosen.end(), rejected.begin(), rejected.end());
    return side_by_side(chosen);
  }
  void learn_taste() {
    PreferenceLoss preference;
    minimize(taste_, {.steps = 12, .learning_rate = 1e-3, .final_learning_rate = 1e-3, .title = ""},
             [&] {
               const TokenBatch batch = pairs(16);
               const double loss = preference.forward(taste_.forward(batch));
               taste_.backward(batch, preference.backward(taste_.score.y));
               return loss;
             });
    const Matrix r = taste_.forward(pairs(200));
    unit_ = r.topRows(200).mean() - r.bottomRows(200).mean();
  }
  Matrix reward(const std::vector<TuningExample>& texts) {
    return taste_.forward(side_by_side(texts)) / unit_;
  }

  Asked ask(Gpt<>& model) {
    const worlds::Person& p = random_.pick(world_.known);
    const Token end = words_.token("<son>");
    Asked asked{&p, sample_answer(model, chat_prompt(words_, question(p)), end, 10, random_), {}};
    Tokens said;
    for (std::size_t t = 0; t < asked.text.tokens.size(); ++t)
      if (asked.text.learn[t] && asked.text.tokens[t] != end) said.push_back(asked.text.tokens[t]);
    asked.answer = words_.decode(said);
    return asked;
  }
  void note(const std::vector<Asked>& asked, const Matrix& rewards, double kl) {
    for (std::size_t i = 0; i < asked.size(); ++i) {
      const std::string& answer = asked[i].answer;
      const auto names = [&](const std::string& city) {
        return answer.find(city) != std::string::npos;
      };
      const bool one = std::count_if(world_.cities.begin(), world_.cities.end(), names) == 1;
      seen_.push_back({static_cast<double>(rewards(static_cast<Index>(i), 0)),
                       kl / static_cast<double>(asked.size()),
                       worlds::is_polite(answer) ? 1.0 : 0.0,
                       one && names(asked[i].person->city) ? 1.0 : 0.0});
      if (seen_.size() > 128) seen_.pop_front();
    }
  }

  Random random_;
  worlds::PeopleWorld world_;
  WordTokenizer words_;
  Gpt<> reference_, policy_;
  RewardModel<> taste_;
  Scalar unit_ = 1;
  double beta_ = 0;
  PolicyGradient gradient_;
  AdamW adamw_{.learning_rate = Scalar(1e-3)};
  std::deque<Figures> seen_;
};

}  // namespace damla::playground
