#pragma once

// The tables and pictures of lesson 05.

#include <fmt/format.h>

#include "damla/damla.hpp"
#include "damla/models/text_classifier.hpp"
#include "damla/models/word_vectors.hpp"
#include "reading.hpp"
#include "report/lesson.hpp"
#include "report/picture.hpp"
#include "worlds/news.hpp"

namespace damla::report {

/// The numbers of one row, as a person would write them: "2, 1, 0".
inline std::string numbers(const auto& row, int digits) {
  std::string text;
  for (Index j = 0; j < row.cols(); ++j)
    text += fmt::format("{}{:.{}f}", j == 0 ? "" : ", ", row(0, j) + Scalar(0), digits);
  return text;
}

inline void show_softmax(Lesson& lesson, const Matrix& scores, const Matrix& weights) {
  std::vector<std::vector<std::string>> rows{
      {"scores / puanlar", "exp(score − largest) / exp(puan − en büyük)", "softmax"}};
  for (Index n = 0; n < scores.rows(); ++n) {
    const Matrix shifted = (scores.row(n).array() - scores.row(n).maxCoeff()).exp();
    rows.push_back({numbers(scores.row(n), 0), numbers(shifted, 3), numbers(weights.row(n), 3)});
  }
  lesson.table("Softmax: scores become weights", "Softmax: puanlar ağırlık olur", rows);
}

/// All numbers of one head.
inline void show_head(Lesson& lesson, const std::vector<std::string>& words, const Matrix& q,
                      const Matrix& k, const Matrix& v, const Matrix& weights, const Matrix& y) {
  Matrix scores;
  matmul(scores, q, k.transpose());
  std::vector<std::vector<std::string>> rows{{"word / kelime", "query / sorgu", "key / anahtar",
                                              "value / değer", "query · keys / sorgu · anahtarlar",
                                              "weights / ağırlıklar", "result / sonuç"}};
  for (Index t = 0; t < q.rows(); ++t)
    rows.push_back({words[static_cast<std::size_t>(t)], numbers(q.row(t), 1), numbers(k.row(t), 1),
                    numbers(v.row(t), 1), numbers(scores.row(t).head(t + 1), 1),
                    numbers(weights.row(t), 3), numbers(y.row(t), 3)});
  lesson.table("One head on four words", "Dört kelimede bir kafa", rows);
}

/// The words of a text, to stand beside a picture.
inline std::vector<std::string> pieces(const WordTokenizer& words, const Tokens& tokens) {
  std::vector<std::string> labels;
  for (const Token token : tokens) labels.push_back(words.piece(token));
  return labels;
}

/// Where the words of a piece of news look, by the mean of the heads.
inline void draw_news_attention(Lesson& lesson, TransformerClassifier<>& model,
                                const WordTokenizer& words) {
  const std::string text =
      "Derbide bizim takım harika bir gol attı, rakip takım ise güzel bir gol yedi.";
  const Tokens tokens = words.encode(text);
  model.forward(TokenBatch::of(std::span(&tokens, 1)));
  draw_heat_map(lesson.picture("news", "Each row is a word, and shows where it looks: " + text,
                               "Her satır bir kelimedir ve nereye baktığını gösterir: " + text),
                {.title = "attention / dikkat", .x = "looked at / bakılan", .y = "looking / bakan"},
                pieces(words, tokens), pieces(words, tokens),
                mean_of_heads(model.transformer.blocks[0].attention.weights));
}

/// Where the heads look when the verb is next, and what happens when a word is covered.
inline void show_covering(Lesson& lesson, const Reading& whole,
                          const std::array<Reading, 3>& without) {
  const auto row = [](const char* part, double weight, const Reading& covered) {
    return std::vector<std::string>{part, fmt::format("{:.2f}", weight),
                                    fmt::format("{:.1f}", covered.right)};
  };
  lesson.table(
      "What the verb needs: the heads' mean weight, and the verbs that are right when the "
      "word is covered",
      "Fiilin ihtiyacı: kafaların ortalama ağırlığı ve kelime örtülünce doğru fiiller",
      {{"word / kelime", "weight / ağırlık", "right when covered, % / örtülünce doğru, %"},
       row("subject / özne", whole.subject, without[0]),
       row("place / yer", whole.place, without[1]),
       row("time / zaman", whole.time, without[2])});
}

/// The weights of each head on a text: who looks at whom.
inline void draw_heads(Lesson& lesson, Gpt<>& model, const WordTokenizer& words,
                       const std::string& text) {
  const Tokens tokens = words.encode(text);
  const Index T = std::ssize(tokens);
  model.forward(tokens, T);
  for (Index h = 0; h < model.options.heads; ++h)
    draw_heat_map(lesson.picture(fmt::format("head_{}", h + 1),
                                 fmt::format("Where head {} looks: “{} …”", h + 1, text),
                                 fmt::format("{}. kafa nereye bakıyor: “{} …”", h + 1, text)),
                  {.title = fmt::format("Head {0} / Kafa {0}", h + 1),
                   .x = "looked at / bakılan",
                   .y = "looking / bakan"},
                  pieces(words, tokens), pieces(words, tokens),
                  model.transformer.blocks[0].attention.weights.middleRows(h * T, T));
  fmt::print("{} … → {}\n", text, words.decode(generate_greedy(model, tokens, 2)));
}

/// "yüz" in one sentence of each sense beside the means of the senses, and all its vectors on a
/// map.
inline void show_senses(Lesson& lesson, const Matrix& vectors, const Matrix& means,
                        const std::vector<worlds::SenseSentence>& sentences) {
  const Matrix near = nearness(vectors, means), map = principal_components(vectors, 2);
  std::vector<std::vector<std::string>> rows{
      {"sentence / cümle", "el, göz, burun", "elli, altmış, doksan", "dal, oyna, gez"}};
  std::vector<Series> points;
  for (const char* name : worlds::sense_names) points.push_back({name, {}, {}});
  for (Index n = 0; n < vectors.rows(); ++n) {
    const worlds::SenseSentence& s = sentences[static_cast<std::size_t>(n)];
    Series& cloud = points[static_cast<std::size_t>(s.sense)];
    if (cloud.x.empty()) {
      rows.push_back({s.begin + " " + s.word + " …"});
      for (Index k = 0; k < 3; ++k) rows.back().push_back(fmt::format("{:.2f}", near(n, k)));
    }
    cloud.x.push_back(static_cast<double>(map(n, 0)));
    cloud.y.push_back(static_cast<double>(map(n, 1)));
  }
  lesson.table("\"yüz\" after attention: the cosine with the words of each sense",
               "Dikkatten sonra \"yüz\": her anlamın kelimeleriyle kosinüsü", rows);
  draw_scatter(
      lesson.picture("senses", "\"yüz\" after attention, in places where it was not learned",
                     "Dikkatten sonra \"yüz\"; öğrenilmediği yerlerde"),
      {.title = "yüz", .x = "1", .y = "2"}, points);
}

}  // namespace damla::report
