#pragma once

// The football news of lessons 04 and 05: a model learns them and is scored on others; and a rule
// for them, written by hand.

#include <fmt/format.h>

#include <chrono>
#include <numeric>

#include "damla/data/labelled_texts.hpp"
#include "damla/train/metrics.hpp"
#include "damla/train/train.hpp"
#include "report/lesson.hpp"
#include "report/picture.hpp"
#include "worlds/irony.hpp"
#include "worlds/sentiment.hpp"

namespace damla::worlds {

/// Football news of several kinds.
struct News {
  std::vector<LabelledText> learn;
  std::vector<std::vector<LabelledText>> test;  // one kind after the other
  WordTokenizer words;                          // those of `learn`
};

/// Of each kind 1,000 texts to learn from, and 400 others.
inline News draw_news(const std::vector<Irony>& kinds, Random& random) {
  std::vector<LabelledText> learn;
  std::vector<std::vector<LabelledText>> test;
  for (const Irony kind : kinds) {
    const std::vector<LabelledText> texts = irony_texts(kind, 1400, random);
    learn.insert(learn.end(), texts.begin(), texts.begin() + 1000);
    test.emplace_back(texts.begin() + 1000, texts.end());
  }
  return {learn, test, tokenizer_of(learn)};
}

/// How often a model is right about news that it has not seen.
struct Score {
  std::string name;
  Index parameters;
  double seconds;               // of learning
  std::vector<double> percent;  // of each kind of news

  /// `predict` says a class for each of some texts.
  Score(std::string model, const News& news, Index parameters_of_model, double seconds_of_learning,
        auto&& predict)
      : name(std::move(model)), parameters(parameters_of_model), seconds(seconds_of_learning) {
    for (const std::vector<LabelledText>& texts : news.test) {
      Tokens labels;
      for (const LabelledText& t : texts) labels.push_back(t.label);
      percent.push_back(100 * accuracy(predict(texts), labels));
    }
  }

  double irony() const { return percent[1]; }
  double order() const { return percent[2]; }
  double all() const {
    const double n = static_cast<double>(percent.size());
    return std::accumulate(percent.begin(), percent.end(), 0.0,
                           [&](double sum, double p) { return sum + p / n; });
  }
};

/// Learns the news, 32 texts at a time, and is scored on others.
Score learn_and_score(const std::string& name, auto& model, const News& news, Random& random) {
  const auto start = std::chrono::steady_clock::now();
  const LabelledTokens learn(news.learn, news.words);
  train(model,
        {.steps = 600, .learning_rate = 3e-3, .warmup = 20, .title = report::in_language(name)},
        [&] { return learn.draw(32, random); });
  const std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
  return Score(name, news, parameter_count(model), time.count(), [&](const auto& texts) {
    return predicted_classes(model, LabelledTokens(texts, news.words).tokens);
  });
}

/// What one would write by hand: praise and goals scored are good, insults and goals conceded are
/// bad.
inline Token rule(const std::string& text) {
  int score = 0;
  for (const std::string& word : split_words(text, {})) {
    for (const std::string& good : positive_adjectives()) score += word == good;
    for (const std::string& bad : negative_adjectives()) score -= word == bad;
    score += (word == "attı" || word == "attık") - (word == "yedi" || word == "yedik");
  }
  return score > 0;
}

inline Score score_of_rule(const News& news) {
  return Score("rule / kural", news, 0, 0, [](const std::vector<LabelledText>& texts) {
    Tokens said;
    for (const LabelledText& t : texts) said.push_back(rule(t.text));
    return said;
  });
}

/// Models on each kind of news, as a table and as bars.
inline void show_scores(report::Lesson& lesson, const std::vector<Score>& scores) {
  std::vector<std::vector<std::string>> rows{{"model", "plain, % / düz, %", "irony, % / ironi, %",
                                              "order, % / sıra, %", "all, % / hepsi, %",
                                              "parameters / parametre", "seconds / saniye"}};
  std::vector<report::Series> bars{
      {"plain / düz", {}, {}}, {"irony / ironi", {}, {}}, {"order / sıra", {}, {}}};
  std::vector<std::string> names;
  for (const Score& s : scores) {
    names.push_back(s.name);
    rows.push_back({s.name});
    for (std::size_t k = 0; k < bars.size(); ++k) {
      rows.back().push_back(fmt::format("{:.1f}", s.percent[k]));
      bars[k].y.push_back(s.percent[k]);
    }
    rows.back().push_back(fmt::format("{:.1f}", s.all()));
    rows.back().push_back(std::to_string(s.parameters));
    rows.back().push_back(fmt::format("{:.2f}", s.seconds));
  }
  lesson.table("One task: is the news good for us?", "Tek görev: haber bizim için iyi mi?", rows);
  draw_bars(lesson.picture("models", "Accuracy on each kind of news; 50 % is chance",
                           "Her haber türünde doğruluk; %50, yazı tura demektir"),
            {.title = "accuracy / doğruluk", .y = "%", .y_range = {0, 105}}, names, bars);
}

}  // namespace damla::worlds
