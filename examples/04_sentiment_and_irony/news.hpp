#pragma once

// What lesson 04 compares its models on, and the picture of where they look.

#include <fmt/format.h>

#include "damla/models/text_classifier.hpp"
#include "damla/train/metrics.hpp"
#include "report/lesson.hpp"
#include "report/picture.hpp"
#include "worlds/irony.hpp"
#include "worlds/sentiment.hpp"

namespace damla {
using namespace worlds;

/// Claims 1 and 10: a hand-written rule and three models on football news of several kinds;
/// accuracy in % on news not seen.
struct Comparison {
  std::vector<LabelledText> learn;
  std::vector<std::vector<LabelledText>> test;  // one kind after the other
  std::vector<std::vector<std::string>> rows{
      {"model", "plain %", "irony %", "order %", "all %", "parameters", "seconds"}};
  std::vector<report::Series> bars{
      {"plain / düz", {}, {}}, {"irony / ironi", {}, {}}, {"order / sıra", {}, {}}};

  Comparison(const std::vector<Irony>& kinds, Random& random) {
    for (const Irony kind : kinds) {
      const std::vector<LabelledText> texts = irony_texts(kind, 1400, random);
      learn.insert(learn.end(), texts.begin(), texts.begin() + 1000);
      test.emplace_back(texts.begin() + 1000, texts.end());
    }
  }
  /// What `predict` scores on each kind, and on all.
  std::vector<double> score(const std::string& name, Index parameters, double seconds,
                            auto&& predict) {
    std::vector<double> percent(test.size() + 1);
    std::vector<std::string> row{name};
    for (std::size_t k = 0; k < test.size(); ++k) {
      Tokens labels;
      for (const LabelledText& t : test[k]) labels.push_back(t.label);
      percent[k] = 100 * accuracy(predict(test[k]), labels);
      percent.back() += percent[k] / static_cast<double>(test.size());
      bars[k].y.push_back(percent[k]);
    }
    for (const double p : percent) row.push_back(fmt::format("{:.1f}", p));
    row.push_back(std::to_string(parameters)), row.push_back(fmt::format("{:.2f}", seconds));
    rows.push_back(row);
    return percent;
  }
};

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

/// The head in which the two verbs look most at the two sides.
inline void draw_attention(report::Lesson& lesson, TransformerClassifier<>& model,
                           const WordTokenizer& tokenizer, const std::string& name,
                           const std::string& text) {
  const Tokens tokens = tokenizer.encode(text);
  const Index T = std::ssize(tokens);
  model.forward(TokenBatch::of(std::span(&tokens, 1)));
  std::vector<std::string> words;
  for (const Token token : tokens) words.push_back(tokenizer.piece(token));
  const auto at = [&](const char* word) {
    return std::find(words.begin(), words.end(), word) - words.begin();
  };
  const Matrix& weights = model.transformer.blocks[0].attention.weights;  // (heads·T, T)
  Index head = 0;
  Scalar most = -1;
  for (Index h = 0; h < model.transformer.blocks[0].attention.heads; ++h) {
    Scalar sum = 0;
    for (const char* verb : {"attı", "yedi"})
      for (const char* side : {"bizim", "rakip"}) sum += weights(h * T + at(verb), at(side));
    if (sum > most) most = sum, head = h;
  }
  report::draw_heat_map(
      lesson.picture(name, "Each row is a word, and shows where it looks: \"" + text + "\"",
                     "Her satır bir kelimedir ve nereye baktığını gösterir: \"" + text + "\""),
      {.title = "dikkat / attention", .x = "bakılan / looked at", .y = "bakan / looking"}, words,
      words, weights.middleRows(head * T, T));
}

}  // namespace damla
