#pragma once

// The table and the pictures of lesson 04.

#include <fmt/format.h>

#include <algorithm>

#include "damla/models/text_classifier.hpp"
#include "news.hpp"
#include "report/lesson.hpp"
#include "report/picture.hpp"

namespace damla {

/// All models on each kind of news, as a table and as bars.
inline void show_models(report::Lesson& lesson, const std::vector<Score>& scores) {
  std::vector<std::vector<std::string>> rows{
      {"model", "plain %", "irony %", "order %", "all %", "parameters", "seconds"}};
  std::vector<report::Series> bars{
      {"plain / düz", {}, {}}, {"irony / ironi", {}, {}}, {"order / sıra", {}, {}}};
  for (const Score& s : scores) {
    rows.push_back({s.name});
    for (std::size_t k = 0; k < bars.size(); ++k) {
      rows.back().push_back(fmt::format("{:.1f}", s.percent[k]));
      bars[k].y.push_back(s.percent[k]);
    }
    rows.back().push_back(fmt::format("{:.1f}", s.all()));
    rows.back().push_back(std::to_string(s.parameters));
    rows.back().push_back(fmt::format("{:.2f}", s.seconds));
  }
  lesson.table("Four models, one task: is the news good for us?",
               "Dört model, tek görev: haber bizim için iyi mi?", rows);
  draw_bars(lesson.picture("models", "Accuracy on each kind of news; 50 % is chance",
                           "Her haber türünde doğruluk; %50, yazı tura demektir"),
            {.title = "doğruluk / accuracy", .y = "%", .y_range = {0, 105}},
            {"kural", "lojistik", "MLP", "transformer"}, bars);
}

/// The head in which the two verbs look most at the two sides. weights is (heads·T, T).
inline Index most_telling_head(const Matrix& weights, const std::vector<std::string>& words) {
  const auto at = [&](const char* word) { return std::ranges::find(words, word) - words.begin(); };
  const Index T = weights.cols();
  Index best = 0;
  Scalar most = -1;
  for (Index head = 0; head < weights.rows() / T; ++head) {
    Scalar sum = 0;
    for (const char* verb : {"attı", "yedi"})
      for (const char* side : {"bizim", "rakip"}) sum += weights(head * T + at(verb), at(side));
    if (sum > most) most = sum, best = head;
  }
  return best;
}

/// Where each word of a text looks, in that head.
inline void draw_attention(report::Lesson& lesson, TransformerClassifier<>& model,
                           const WordTokenizer& tokenizer, const std::string& name,
                           const std::string& text) {
  const Tokens tokens = tokenizer.encode(text);
  model.forward(TokenBatch::of(std::span(&tokens, 1)));
  const Matrix& weights = model.transformer.blocks[0].attention.weights;
  std::vector<std::string> words;
  for (const Token token : tokens) words.push_back(tokenizer.piece(token));
  const Index T = weights.cols();
  report::draw_heat_map(
      lesson.picture(name, "Each row is a word, and shows where it looks: \"" + text + "\"",
                     "Her satır bir kelimedir ve nereye baktığını gösterir: \"" + text + "\""),
      {.title = "dikkat / attention", .x = "bakılan / looked at", .y = "bakan / looking"}, words,
      words, weights.middleRows(most_telling_head(weights, words) * T, T));
}

}  // namespace damla
