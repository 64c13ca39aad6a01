#pragma once

// Lesson 04 on reviews of the user's own.

#include <fmt/format.h>

#include <algorithm>

#include "damla/data/labelled_texts.hpp"
#include "damla/models/text_classifier.hpp"
#include "damla/train/metrics.hpp"
#include "damla/train/train.hpp"
#include "report/lesson.hpp"

namespace damla {

using Rows = std::vector<std::vector<std::string>>;

/// How many texts of each label were taken for which.
inline void show_confusion(report::Lesson& lesson, const std::vector<std::string>& names,
                           const Tokens& predicted, const Tokens& labels) {
  const Index classes = std::ssize(names);
  const auto counts = confusion_matrix(predicted, labels, classes);
  Rows rows{{"true \\ predicted"}};
  rows[0].insert(rows[0].end(), names.begin(), names.end());
  for (Index i = 0; i < classes; ++i) {
    rows.push_back({names[static_cast<std::size_t>(i)]});
    for (Index j = 0; j < classes; ++j) rows.back().push_back(std::to_string(counts(i, j)));
  }
  lesson.table("Confusion matrix, transformer, held-out texts",
               "Karışıklık matrisi, transformer, ayrılmış metinler", rows);
}

inline Token commonest(const Tokens& labels, Index classes) {
  std::vector<Index> counts(static_cast<std::size_t>(classes));
  for (const Token label : labels) ++counts[static_cast<std::size_t>(label)];
  return static_cast<Token>(std::ranges::max_element(counts) - counts.begin());
}

/// Both models beside one that always says the same label.
inline void show_accuracy(report::Lesson& lesson, const Tokens& labels, Token same,
                          const Tokens& bag, const Tokens& transformer) {
  const auto percent = [&](const Tokens& said) {
    return fmt::format("{:.1f}", 100 * accuracy(said, labels));
  };
  lesson.table("Held-out accuracy", "Ayrılmış metinlerde doğruluk",
               {{"model", "%"},
                {"always the commonest label", percent(Tokens(labels.size(), same))},
                {"bag of words", percent(bag)},
                {"transformer", percent(transformer)}});
}

/// Texts and labels from the CSV file of --data: a bag of words and a transformer learn four fifths
/// of them, and are tested on the rest.
inline void own_reviews(report::Lesson& lesson) {
  LabelledFile file = read_labelled_texts(lesson.option("--data"));
  Random random(lesson.seed);
  random.shuffle(file.texts);
  const std::size_t held_out = file.texts.size() / 5;
  const std::span all(file.texts);
  const WordTokenizer tokenizer = tokenizer_of(all.subspan(held_out));
  constexpr Index longest = 128;  // words of a text: what comes after is not read
  const LabelledTokens learn(all.subspan(held_out), tokenizer, longest);
  const LabelledTokens test(all.first(held_out), tokenizer, longest);
  const Index V = tokenizer.vocab_size(), classes = std::ssize(file.names);
  fmt::print("{} texts to learn from, {} held out, {} labels, {} words\n", learn.labels.size(),
             held_out, classes, V);

  BagClassifier bag(V, 32, classes, random);
  TransformerClassifier<> transformer(
      {.vocab_size = V, .context = longest, .channels = 32, .layers = 1, .classes = classes},
      random);
  const Index steps = lesson.fast ? 300 : 1000;
  const auto next_batch = [&] { return learn.draw(32, random); };
  train(bag, {.steps = steps, .learning_rate = 1e-2, .warmup = 20}, next_batch);
  train(transformer, {.steps = steps, .learning_rate = 3e-3, .warmup = 20}, next_batch);

  const Tokens predicted = predicted_classes(transformer, test.tokens);
  show_confusion(lesson, file.names, predicted, test.labels);
  show_accuracy(lesson, test.labels, commonest(learn.labels, classes),
                predicted_classes(bag, test.tokens), predicted);
}

}  // namespace damla
