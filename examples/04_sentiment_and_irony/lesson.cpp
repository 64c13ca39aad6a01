// Lesson 04. Feeling in a text: why the honest answer can be 85 %, and what a bag of words cannot
// see.
#include <fmt/format.h>

#include <chrono>

#include "claims.hpp"
#include "damla/damla.hpp"
#include "news.hpp"
#include "own_reviews.hpp"

using namespace damla;
using report::Lesson;

/// One loop for every model. Returns the seconds that it took.
double train(auto& model, const LabelledTokens& data, Index steps, Random& random,
             double peak = 3e-3) {
  const auto start = std::chrono::steady_clock::now();
  const WarmupCosine rate{.peak = peak, .warmup = 20, .steps = steps};
  AdamW optimizer;
  CrossEntropy loss;
  Progress progress("training", steps);
  for (Index step = 0; step < steps; ++step) {
    std::vector<Tokens> texts;
    Tokens labels;
    for (int i = 0; i < 32; ++i) {
      const auto n = static_cast<std::size_t>(random.below(std::ssize(data.labels)));
      texts.push_back(data.tokens[n]), labels.push_back(data.labels[n]);
    }
    const TokenBatch batch = TokenBatch::of(texts);
    const Matrix& logits = model.forward(batch);  // what the model says
    loss.forward(logits, labels);                 // how wrong that is
    zero_gradients(model);
    model.backward(batch, loss.backward(logits, labels));  // who is to blame
    optimizer.learning_rate = rate(step);
    optimizer.step(model, clip_scale(model, 1.0));  // a small step to the better
    progress.update(step, loss.loss, batch.T * 32);
  }
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// Claim 8: P(Pozitif) of the lecture's sentence, learned from opinions of which some labels are
/// wrong.
double lecture_sentence(const SentimentSource& source, Index steps, std::uint64_t seed) {
  Random random(seed);
  const std::vector<LabelledText> opinions = source.draw(32 * steps, random);
  const WordTokenizer tokenizer = tokenizer_of(opinions);
  const Index V = tokenizer.vocab_size();
  CountModel<Mlp<Identity>> model{Mlp<Identity>(V, 16, 2, random),
                                  V};  // counts·W₁: the sum of the words' vectors
  train(model, LabelledTokens(opinions, tokenizer), steps, random, 1e-2);
  const Tokens sentence = tokenizer.encode("Gençlerbirliği müthiş bir spor kulübüdür.");
  CrossEntropy softmax;
  softmax.forward(model.forward(TokenBatch::of(std::span(&sentence, 1))), Tokens{1});
  return static_cast<double>(softmax.probabilities(0, 1));
}

/// Trains a model on the news, and scores it on news that it has not seen.
std::vector<double> train_and_score(Comparison& c, const std::string& name, auto& model,
                                    const WordTokenizer& words, Random& random) {
  const double seconds = train(model, LabelledTokens(c.learn, words), 400, random);
  return c.score(name, parameter_count(model), seconds,
                 [&](const std::vector<LabelledText>& texts) {
                   return predicted_classes(model, LabelledTokens(texts, words).tokens);
                 });
}

/// The design that fails to be ironic: one word gives the sign away.
void giveaway(Lesson& lesson) {
  Random random(lesson.seed);
  Comparison c({Irony::giveaway}, random);
  const WordTokenizer tokenizer = tokenizer_of(c.learn);
  CountModel<LinearModel> linear{LinearModel(tokenizer.vocab_size(), 2), tokenizer.vocab_size()};
  fmt::print("\"{}\" … and so on\n", c.learn[1].text);
  lesson.claim(claims::irony_given_away,
               train_and_score(c, "logistic regression", linear, tokenizer, random).back());
}

void sentiment_and_irony(Lesson& lesson) {
  if (lesson.flag("--data"))
    return own_reviews(lesson, [](auto&&... args) { return train(args...); });
  if (lesson.flag("--broken")) return giveaway(lesson);
  const Index steps = lesson.fast ? 2000 : 4000;
  const SentimentSource noisy{}, clean{.flipped = 0};
  lesson.claim(claims::positive_despite_wrong_labels.with_truth(noisy.truth(true)),
               lecture_sentence(noisy, steps, lesson.seed));
  lesson.claim(claims::positive_with_right_labels.with_truth(clean.truth(true)),
               lecture_sentence(clean, steps, lesson.seed));

  Random random(lesson.seed);
  Comparison c({Irony::plain, Irony::cheer, Irony::order}, random);
  const WordTokenizer tokenizer = tokenizer_of(c.learn);
  const Index V = tokenizer.vocab_size();
  CountModel<LinearModel> linear{LinearModel(V, 2), V};
  CountModel<Mlp<>> hidden{Mlp<>(V, 32, 2, random), V};
  TransformerClassifier<> attentive({.vocab_size = V, .channels = 32, .heads = 2, .layers = 1},
                                    random);
  c.score("rule", 0, 0, [](const std::vector<LabelledText>& texts) {
    Tokens said;
    for (const LabelledText& t : texts) said.push_back(rule(t.text));
    return said;
  });
  const std::vector<double> logistic =
      train_and_score(c, "logistic regression", linear, tokenizer, random);
  const std::vector<double> mlp = train_and_score(c, "MLP", hidden, tokenizer, random);
  const std::vector<double> transformer =
      train_and_score(c, "transformer", attentive, tokenizer, random);
  lesson.table("Four models, one task: is the news good for us?",
               "Dört model, tek görev: haber bizim için iyi mi?", c.rows);
  draw_bars(lesson.picture("models", "Accuracy on each kind of news; 50 % is chance",
                           "Her haber türünde doğruluk; %50, yazı tura demektir"),
            {.title = "doğruluk / accuracy", .y = "%", .y_range = {0, 105}},
            {"kural", "lojistik", "MLP", "transformer"}, c.bars);
  lesson.claim(claims::irony_transformer, transformer[1]);
  lesson.claim(claims::irony_not_linear, transformer[1] - logistic[1]);
  lesson.claim(claims::irony_mlp, mlp[1]);
  lesson.claim(claims::order_bags, std::max(logistic[2], mlp[2]));
  lesson.claim(claims::order_transformer, transformer[2]);
  lesson.claim(claims::deep_beats_linear, mlp[3] - logistic[3]);
  lesson.claim(claims::transformer_beats_deep, transformer[3] - mlp[3]);
  draw_attention(lesson, attentive, tokenizer, "attention_good",
                 "Derbide bizim takım harika bir gol attı, rakip takım ise güzel bir gol yedi.");
  draw_attention(lesson, attentive, tokenizer, "attention_bad",
                 "Derbide bizim takım harika bir gol yedi, rakip takım ise güzel bir gol attı.");
}

int main(int argc, char** argv) {
  return report::run_lesson(
      {"04_sentiment_and_irony",
       "Feeling in a text: why the honest answer can be 85 %, and what a bag of words cannot see.",
       {{"--data", "CSV", "Texts of your own, with columns text and label"},
        {"--broken", "", "The failed design of the irony (attık / yedik)"}}},
      argc, argv, sentiment_and_irony);
}
