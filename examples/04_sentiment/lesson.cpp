// Lesson 04: sentiment, with a bag of words. Why the honest answer can be 85 %: some labels are
// wrong, and the model finds out how many. What pieces of words are good for. And what no bag can
// see: the order of the words.
#include <fmt/format.h>

#include <algorithm>

#include "claims.hpp"
#include "damla/functional/softmax.hpp"
#include "damla/models/count_model.hpp"
#include "damla/models/mlp.hpp"
#include "damla/models/softmax_classifier.hpp"
#include "damla/models/text_classifier.hpp"
#include "damla/train/train.hpp"
#include "own_reviews.hpp"
#include "worlds/news.hpp"
#include "worlds/reviews.hpp"

using namespace damla;
using namespace damla::worlds;
using report::Lesson;

/// Claim 8: P(Pozitif) of the lecture's sentence, learned from opinions of which some labels may be
/// wrong.
double lecture_sentence(const SentimentSource& source, Index steps, std::uint64_t seed) {
  // Data.
  Random random(seed);
  const std::vector<LabelledText> opinions = source.draw(128 * steps, random);
  const WordTokenizer tokenizer = tokenizer_of(opinions);
  const LabelledTokens learn(opinions, tokenizer);
  const Index V = tokenizer.vocab_size();

  // Model: counts·W₁ is the sum of the words' vectors, and a softmax classifier stands on it.
  CountModel<Mlp<Identity>> model{Mlp<Identity>(V, 16, 2, random), V};

  // Loop: that of lesson 01, in one call.
  train(model, {.steps = steps, .learning_rate = 1e-2, .warmup = 20},
        [&] { return learn.draw(128, random); });

  // Figure.
  const Tokens sentence = tokenizer.encode("Gençlerbirliği müthiş bir spor kulübüdür.");
  Matrix p = model.forward(TokenBatch::of(std::span(&sentence, 1)));
  functional::softmax(p, p);
  return static_cast<double>(p(0, 1));
}

void sentiment(Lesson& lesson) {
  const Index steps = lesson.fast ? 2000 : 4000;
  const SentimentSource noisy{}, clean{.flipped = 0};
  lesson.claim(claims::positive_despite_wrong_labels.with_truth(noisy.truth(true)),
               lecture_sentence(noisy, steps, lesson.seed));
  lesson.claim(claims::positive_with_right_labels.with_truth(clean.truth(true)),
               lecture_sentence(clean, steps, lesson.seed));
}

/// Reviews in which most words are rare: with whole words, and with pieces of them.
void reviews(Lesson& lesson) {
  Random random(lesson.seed);
  const ReviewSource source;
  const std::vector<LabelledText> texts = source.draw(3000, random);
  fmt::print("\"{}\"\n", texts.front().text);
  const Accuracies accuracies = compare_pieces(lesson, {texts, {"Negatif", "Pozitif"}}, random);
  report::say("nobody can be right more often than {:.0f} %\n",
              "kimse %{:.0f} oranından çok doğru bilemez\n", 100 * (1 - source.flipped));
  lesson.claim(claims::pieces_of_words, accuracies.letter_grams - accuracies.words);
}

/// Is the news good for us? A rule written by hand, a line through the counts of the words, and a
/// network on them.
void irony(Lesson& lesson) {
  // Data: three kinds of news. What makes them hard grows.
  Random random(lesson.seed);
  const News news = draw_news({Irony::plain, Irony::cheer, Irony::order}, random);
  const Index V = news.words.vocab_size();

  // Models.
  CountModel<SoftmaxClassifier> linear{SoftmaxClassifier(V, 2), V};
  CountModel<Mlp<>> hidden{Mlp<>(V, 32, 2, random), V};

  // Loop.
  const Score logistic =
      learn_and_score("logistic regression / lojistik regresyon", linear, news, random);
  const Score mlp = learn_and_score("MLP", hidden, news, random);

  // Figures.
  show_scores(lesson, {score_of_rule(news), logistic, mlp});
  lesson.claim(claims::irony_linear, logistic.irony());
  lesson.claim(claims::irony_mlp, mlp.irony());
  lesson.claim(claims::order_bags, std::max(logistic.order(), mlp.order()));
}

/// The design that fails to be ironic: one word gives the sign away.
void giveaway(Lesson& lesson) {
  Random random(lesson.seed);
  const News news = draw_news({Irony::giveaway}, random);
  const Index V = news.words.vocab_size();
  CountModel<SoftmaxClassifier> linear{SoftmaxClassifier(V, 2), V};
  report::say("\"{}\" … and so on\n", "\"{}\" … ve ötekiler\n", news.learn[1].text);
  const double percent =
      learn_and_score("logistic regression / lojistik regresyon", linear, news, random).all();
  lesson.claim(claims::irony_given_away, percent);
  lesson.claim(claims::irony_linear, percent, false);
}

void sentiment_and_irony(Lesson& lesson) {
  if (lesson.flag("--data")) return own_reviews(lesson);
  if (lesson.flag("--broken")) return giveaway(lesson);
  sentiment(lesson);
  reviews(lesson);
  irony(lesson);
}

int main(int argc, char** argv) {
  return report::run_lesson(
      {"04_sentiment",
       "Sentiment: why the honest answer can be 85 %, and what a bag of words cannot see.",
       "Duygu: doğru yanıt neden %85 olabilir ve kelime torbası neyi göremez.",
       {{"--data", "CSV", "Texts of your own, with columns text and label",
         "Kendi metinleriniz; sütunları text ve label"},
        {"--broken", "", "The failed design of the irony (attık, yedik)",
         "İroninin başarısız tasarımı (attık, yedik)"}}},
      argc, argv, sentiment_and_irony);
}
