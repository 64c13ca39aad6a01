#pragma once

// The news of lesson 04, how a model is scored on them, and a rule for them, written by hand.

#include <numeric>

#include "damla/data/labelled_texts.hpp"
#include "damla/train/metrics.hpp"
#include "worlds/irony.hpp"
#include "worlds/sentiment.hpp"

namespace damla {

/// Football news of several kinds.
struct News {
  std::vector<LabelledText> learn;
  std::vector<std::vector<LabelledText>> test;  // one kind after the other
  WordTokenizer words;                          // those of `learn`
};

/// Of each kind 1,000 texts to learn from, and 400 others.
inline News draw_news(const std::vector<worlds::Irony>& kinds, Random& random) {
  std::vector<LabelledText> learn;
  std::vector<std::vector<LabelledText>> test;
  for (const worlds::Irony kind : kinds) {
    const std::vector<LabelledText> texts = worlds::irony_texts(kind, 1400, random);
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

/// What one would write by hand: praise and goals scored are good, insults and goals conceded are
/// bad.
inline Token rule(const std::string& text) {
  int score = 0;
  for (const std::string& word : split_words(text, {})) {
    for (const std::string& good : worlds::positive_adjectives()) score += word == good;
    for (const std::string& bad : worlds::negative_adjectives()) score -= word == bad;
    score += (word == "attı" || word == "attık") - (word == "yedi" || word == "yedik");
  }
  return score > 0;
}

inline Score score_of_rule(const News& news) {
  return Score("rule", news, 0, 0, [](const std::vector<LabelledText>& texts) {
    Tokens said;
    for (const LabelledText& t : texts) said.push_back(rule(t.text));
    return said;
  });
}

}  // namespace damla
