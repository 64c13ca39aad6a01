#pragma once

// Lesson 04 on reviews of the user's own.

#include <fmt/format.h>

#include <algorithm>

#include "damla/data/labelled_texts.hpp"
#include "damla/models/count_model.hpp"
#include "damla/train/metrics.hpp"
#include "report/lesson.hpp"

namespace damla {

/// Texts and labels from the CSV file of --data: a bag of words and a transformer learn four fifths
/// of them with the lesson's loop, `train`, and are tested on the rest.
inline void own_reviews(report::Lesson& lesson, auto&& train) {
  LabelledFile file = read_labelled_texts(lesson.option("--data"));
  Random random(lesson.seed);
  random.shuffle(file.texts);
  const std::size_t held_out = file.texts.size() / 5;
  const std::span all(file.texts);
  const std::vector<std::string>& names = file.names;
  const WordTokenizer tokenizer = tokenizer_of(all.subspan(held_out));
  constexpr Index longest = 128;  // words of a text: what comes after is not read
  const LabelledTokens learn(all.subspan(held_out), tokenizer, longest),
      test(all.first(held_out), tokenizer, longest);
  const Index V = tokenizer.vocab_size(), classes = std::ssize(names),
              steps = lesson.fast ? 300 : 1000;
  BagClassifier bag(V, 32, classes, random);
  TransformerClassifier<> transformer(
      {.vocab_size = V, .context = longest, .channels = 32, .layers = 1, .classes = classes},
      random);
  fmt::print("{} texts to learn from, {} held out, {} labels, {} words\n", learn.labels.size(),
             held_out, classes, V);
  train(bag, learn, steps, random, 1e-2);
  train(transformer, learn, steps, random);
  const Tokens predicted = predicted_classes(transformer, test.tokens);
  const auto counts = confusion_matrix(predicted, test.labels, classes);
  std::vector<std::string> heading{"true \\ predicted"};
  heading.insert(heading.end(), names.begin(), names.end());
  std::vector<std::vector<std::string>> rows{heading};
  for (Index i = 0; i < classes; ++i) {
    rows.push_back({names[static_cast<std::size_t>(i)]});
    for (Index j = 0; j < classes; ++j) rows.back().push_back(std::to_string(counts(i, j)));
  }
  lesson.table("Confusion matrix, transformer, held-out texts",
               "Karışıklık matrisi, transformer, ayrılmış metinler", rows);
  std::vector<Index> learnt(names.size());
  for (const Token label : learn.labels) ++learnt[static_cast<std::size_t>(label)];
  const auto commonest = static_cast<Token>(std::ranges::max_element(learnt) - learnt.begin());
  lesson.table(
      "Held-out accuracy", "Ayrılmış metinlerde doğruluk",
      {{"model", "%"},
       {"always the commonest label",
        fmt::format("{:.1f}", 100 * accuracy(Tokens(held_out, commonest), test.labels))},
       {"bag of words",
        fmt::format("{:.1f}", 100 * accuracy(predicted_classes(bag, test.tokens), test.labels))},
       {"transformer", fmt::format("{:.1f}", 100 * accuracy(predicted, test.labels))}});
}

}  // namespace damla
