#pragma once

// The second half of lesson 04: texts in which most words are rare, and what pieces of words gain.
// Also for reviews of the user's own.

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "damla/data/labelled_texts.hpp"
#include "damla/models/text_classifier.hpp"
#include "damla/text/byte_pair_tokenizer.hpp"
#include "damla/text/unicode.hpp"
#include "damla/train/metrics.hpp"
#include "damla/train/train.hpp"
#include "letter_grams.hpp"
#include "report/lesson.hpp"

namespace damla {

using Rows = std::vector<std::vector<std::string>>;

/// Texts to learn from, to stop by (a tenth of all, 1,000 at most), and to be tested on (a fifth).
/// All in small letters.
struct Split {
  std::vector<LabelledText> learn, validation, test;

  Split(std::vector<LabelledText> texts, Random& random) {
    random.shuffle(texts);
    for (LabelledText& text : texts) text.text = to_lower(text.text);
    const auto n = std::ssize(texts);
    const auto tested = texts.begin() + n / 5,
               validated = tested + std::clamp<std::ptrdiff_t>(n / 10, 1, 1000);
    test.assign(texts.begin(), tested);
    validation.assign(tested, validated);
    learn.assign(validated, texts.end());
  }
};

/// What a bag of words, or of pieces, says.
struct Verdict {
  std::string name;
  double loss = std::numeric_limits<double>::infinity();  // on the validation texts
  Tokens predicted{};                                     // of the test texts
};

/// A bag learns with an eye on texts that it does not learn from: the model that is surest of them
/// is kept. What comes later has begun to learn by heart (early stopping). Two learning rates are
/// tried.
Verdict learn_and_judge(const std::string& name, const auto& tokenizer, const Split& split,
                        Index classes, Index steps, Random random) {
  constexpr std::size_t longest = 1000;  // tokens of a text: what comes after is not read
  const LabelledTokens learn(split.learn, tokenizer, longest),
      validation(split.validation, tokenizer, longest), test(split.test, tokenizer, longest);
  const TokenBatch unseen = TokenBatch::of(validation.tokens, validation.labels);
  const BagClassifier start(tokenizer.vocab_size(), classes, classes, random);
  BagClassifier best = start;
  CrossEntropy cross_entropy;
  Verdict verdict{name};
  for (const double rate : {1e-2, 2e-2}) {
    BagClassifier model = start;
    TrainOptions options{.steps = steps, .learning_rate = rate, .weight_decay = 0.1, .title = name};
    options.after_step = [&](Index step, double) {
      if (step % 25 != 0) return;
      const double loss = cross_entropy.forward(model.forward(unseen), unseen.targets);
      if (loss < verdict.loss) verdict.loss = loss, best = model;
    };
    train(model, options, [&] { return learn.draw(32, random); });
  }
  verdict.predicted = predicted_classes(best, test.tokens);
  return verdict;
}

inline Token commonest(std::span<const LabelledText> texts, Index classes) {
  std::vector<Index> counts(static_cast<std::size_t>(classes));
  for (const LabelledText& t : texts) ++counts[static_cast<std::size_t>(t.label)];
  return static_cast<Token>(std::ranges::max_element(counts) - counts.begin());
}

/// How many texts of each label were taken for which.
inline void show_confusion(report::Lesson& lesson, const std::vector<std::string>& names,
                           const Verdict& verdict, const Tokens& labels) {
  const Index classes = std::ssize(names);
  const auto counts = confusion_matrix(verdict.predicted, labels, classes);
  Rows rows{{"true \\ predicted / gerçek \\ tahmin"}};
  rows[0].insert(rows[0].end(), names.begin(), names.end());
  for (Index i = 0; i < classes; ++i) {
    rows.push_back({names[static_cast<std::size_t>(i)]});
    for (Index j = 0; j < classes; ++j) rows.back().push_back(std::to_string(counts(i, j)));
  }
  lesson.table(
      "Confusion matrix, test texts, " + report::in_language(verdict.name, Language::english),
      "Karışıklık matrisi, sınama metinleri, " +
          report::in_language(verdict.name, Language::turkish),
      rows);
}

/// Per cent right of the test texts.
struct Accuracies {
  double words, byte_pairs, letter_grams;
};

/// Three bags learn the same texts: of whole words, of byte pairs, of letter n-grams.
inline Accuracies compare_pieces(report::Lesson& lesson, const LabelledFile& file, Random& random) {
  const Split split(file.texts, random);
  const Index classes = std::ssize(file.names), steps = lesson.fast ? 300 : 800;
  std::string text;
  for (const LabelledText& t : split.learn) text += t.text + "\n";
  const auto judge = [&](const char* name, const auto& tokenizer) {
    return learn_and_judge(name, tokenizer, split, classes, steps, random);
  };
  const std::vector<Verdict> verdicts{
      judge("whole words / bütün kelimeler", tokenizer_of(split.learn)),
      judge("byte pairs / bayt çiftleri", BytePairTokenizer::train(text, {.vocab_size = 1500})),
      judge("letter n-grams / harf n-gramları", LetterGrams{})};

  Tokens labels;
  for (const LabelledText& t : split.test) labels.push_back(t.label);
  const auto percent = [&](const Tokens& said) { return 100 * accuracy(said, labels); };
  Rows rows{{"a bag of / torbadaki", "loss on validation texts / doğrulama metinlerinde kayıp",
             "right test texts, % / doğru sınama metni, %"}};
  for (const Verdict& v : verdicts)
    rows.push_back(
        {v.name, fmt::format("{:.3f}", v.loss), fmt::format("{:.1f}", percent(v.predicted))});
  const Tokens same(labels.size(), commonest(split.learn, classes));
  rows.push_back(
      {"always the commonest label / hep en sık etiket", "", fmt::format("{:.1f}", percent(same))});
  lesson.table("Whole words and pieces of words", "Bütün kelimeler ve kelime parçaları", rows);
  show_confusion(lesson, file.names, *std::ranges::min_element(verdicts, {}, &Verdict::loss),
                 labels);
  return {percent(verdicts[0].predicted), percent(verdicts[1].predicted),
          percent(verdicts[2].predicted)};
}

/// The same for texts and labels from the CSV file of --data.
inline void own_reviews(report::Lesson& lesson) {
  Random random(lesson.seed);
  const LabelledFile file = read_labelled_texts(lesson.option("--data"));
  report::say("{} texts, {} labels\n", "{} metin, {} etiket\n", file.texts.size(),
              file.names.size());
  compare_pieces(lesson, file, random);
}

}  // namespace damla
