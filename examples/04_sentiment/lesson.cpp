// Lesson 04: feeling in a text. Why the honest answer can be 85 %: some labels are wrong, and the
// model finds out how many. And what a bag of words cannot see: irony, where two words count only
// together, and the order of the words.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "claims.hpp"
#include "damla/functional/softmax.hpp"
#include "damla/models/count_model.hpp"
#include "damla/models/mlp.hpp"
#include "damla/models/softmax_classifier.hpp"
#include "damla/models/text_classifier.hpp"
#include "damla/train/metrics.hpp"
#include "damla/train/train.hpp"
#include "news.hpp"
#include "own_reviews.hpp"
#include "pictures.hpp"

using namespace damla;
using namespace damla::worlds;
using report::Lesson;

/// The loop, for every model: 32 texts at a time. `train` does what lesson 01 does line by line:
/// forward, loss, backward, a small step. Returns the seconds that it took.
double learn(auto& model, const LabelledTokens& data, Index steps, Random& random,
             double learning_rate = 3e-3) {
  const auto start = std::chrono::steady_clock::now();
  train(model, {.steps = steps, .learning_rate = learning_rate, .warmup = 20},
        [&] { return data.draw(32, random); });
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// Claim 8: P(Pozitif) of the lecture's sentence, learned from opinions of which some labels may be
/// wrong.
double lecture_sentence(const SentimentSource& source, Index steps, std::uint64_t seed) {
  // Data.
  Random random(seed);
  const std::vector<LabelledText> opinions = source.draw(32 * steps, random);
  const WordTokenizer tokenizer = tokenizer_of(opinions);
  const Index V = tokenizer.vocab_size();

  // Model: counts·W₁ is the sum of the words' vectors. A line divides such sums.
  CountModel<Mlp<Identity>> model{Mlp<Identity>(V, 16, 2, random), V};

  // Loop.
  learn(model, LabelledTokens(opinions, tokenizer), steps, random, 1e-2);

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

/// Learns the news, and is scored on news that it has not seen.
Score learn_and_score(const std::string& name, auto& model, const News& news, Random& random) {
  const double seconds = learn(model, LabelledTokens(news.learn, news.words), 400, random);
  return Score(name, news, parameter_count(model), seconds, [&](const auto& texts) {
    return predicted_classes(model, LabelledTokens(texts, news.words).tokens);
  });
}

/// Claims 1 and 10: which model sees which kind of news.
void show_what_they_see(Lesson& lesson, const Score& logistic, const Score& mlp,
                        const Score& transformer) {
  lesson.claim(claims::irony_transformer, transformer.irony());
  lesson.claim(claims::irony_not_linear, transformer.irony() - logistic.irony());
  lesson.claim(claims::irony_mlp, mlp.irony());
  lesson.claim(claims::order_bags, std::max(logistic.order(), mlp.order()));
  lesson.claim(claims::order_transformer, transformer.order());
  lesson.claim(claims::deep_beats_linear, mlp.all() - logistic.all());
  lesson.claim(claims::transformer_beats_deep, transformer.all() - mlp.all());
}

/// Is the news good for us? A rule written by hand, and three models.
void irony(Lesson& lesson) {
  // Data: three kinds of news. What makes them hard grows.
  Random random(lesson.seed);
  const News news = draw_news({Irony::plain, Irony::cheer, Irony::order}, random);
  const Index V = news.words.vocab_size();

  // Models: a line through the counts, a network on the counts, and words that look at each other.
  CountModel<SoftmaxClassifier> linear{SoftmaxClassifier(V, 2), V};
  CountModel<Mlp<>> hidden{Mlp<>(V, 32, 2, random), V};
  TransformerClassifier<> attentive({.vocab_size = V, .channels = 32, .heads = 2, .layers = 1},
                                    random);

  // Loop.
  const Score by_rule = score_of_rule(news);
  const Score logistic = learn_and_score("logistic regression", linear, news, random);
  const Score mlp = learn_and_score("MLP", hidden, news, random);
  const Score transformer = learn_and_score("transformer", attentive, news, random);

  // Figures.
  show_models(lesson, {by_rule, logistic, mlp, transformer});
  show_what_they_see(lesson, logistic, mlp, transformer);
  draw_attention(lesson, attentive, news.words, "attention_good",
                 "Derbide bizim takım harika bir gol attı, rakip takım ise güzel bir gol yedi.");
  draw_attention(lesson, attentive, news.words, "attention_bad",
                 "Derbide bizim takım harika bir gol yedi, rakip takım ise güzel bir gol attı.");
}

/// The design that fails to be ironic: one word gives the sign away.
void giveaway(Lesson& lesson) {
  Random random(lesson.seed);
  const News news = draw_news({Irony::giveaway}, random);
  const Index V = news.words.vocab_size();
  CountModel<SoftmaxClassifier> linear{SoftmaxClassifier(V, 2), V};
  fmt::print("\"{}\" … and so on\n", news.learn[1].text);
  lesson.claim(claims::irony_given_away,
               learn_and_score("logistic regression", linear, news, random).all());
}

void sentiment_and_irony(Lesson& lesson) {
  if (lesson.flag("--data")) return own_reviews(lesson);
  if (lesson.flag("--broken")) return giveaway(lesson);
  sentiment(lesson);
  irony(lesson);
}

int main(int argc, char** argv) {
  return report::run_lesson(
      {"04_sentiment",
       "Feeling in a text: why the honest answer can be 85 %, and what a bag of words cannot see.",
       {{"--data", "CSV", "Texts of your own, with columns text and label"},
        {"--broken", "", "The failed design of the irony (attık / yedik)"}}},
      argc, argv, sentiment_and_irony);
}
