// Lesson 04. Feeling in a text: why the honest answer can be 85 %, and what a bag of words cannot see.
#include <fmt/format.h>

#include <chrono>

#include "damla/damla.hpp"
#include "news.hpp"
#include "own_reviews.hpp"

using namespace damla;
using report::Lesson;

/// One loop for every model. Returns the seconds that it took.
double train(auto& model, const LabelledTokens& data, Index steps, Random& random, double peak = 3e-3) {
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
    const TextBatch batch = TextBatch::of(texts);
    const Matrix& logits = model.forward(batch);           // what the model says
    loss.forward(logits, labels);                          // how wrong that is
    zero_gradients(model);
    model.backward(batch, loss.backward(logits, labels));  // who is to blame
    optimizer.rate = rate(step);
    optimizer.step(model, clip_scale(model, 1.0));         // a small step to the better
    progress.update(step, loss.loss, batch.T * 32);
  }
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// Claim 8: P(Pozitif) of the lecture's sentence, learned from opinions of which some labels are wrong.
double lecture_sentence(double flipped, Index steps, std::uint64_t seed) {
  Random random(seed);
  const std::vector<LabelledText> opinions = SentimentSource{flipped}.draw(32 * steps, random);
  const WordTokenizer tokenizer = tokenizer_of(opinions);
  const Index V = tokenizer.vocab_size();
  CountModel<Mlp<Identity>> model{Mlp<Identity>(V, 16, 2, random), V};  // counts·W₁: the sum of the words' vectors
  train(model, LabelledTokens(opinions, tokenizer), steps, random, 1e-2);
  const Tokens sentence = tokenizer.encode("Gençlerbirliği müthiş bir spor kulübüdür.");
  CrossEntropy softmax;
  softmax.forward(model.forward(TextBatch::of(std::span(&sentence, 1))), Tokens{1});
  return static_cast<double>(softmax.probabilities(0, 1));
}

/// What one would write by hand: praise and goals scored are good, insults and goals conceded are bad.
Token rule(const std::string& text) {
  int score = 0;
  for (const std::string& word : split_words(text, {})) {
    for (const std::string& good : positive_adjectives()) score += word == good;
    for (const std::string& bad : negative_adjectives()) score -= word == bad;
    score += (word == "attı" || word == "attık") - (word == "yedi" || word == "yedik");
  }
  return score > 0;
}

/// Trains a model on the news, and scores it on news that it has not seen.
std::vector<double> train_and_score(Comparison& c, const std::string& name, auto& model, const WordTokenizer& words, Random& random) {
  const double seconds = train(model, LabelledTokens(c.learn, words), 400, random);
  return c.score(name, parameter_count(model), seconds, [&](const std::vector<LabelledText>& texts) {
    return predicted_labels(model, LabelledTokens(texts, words).tokens);
  });
}

/// The design that fails to be ironic: one word gives the sign away.
void giveaway(Lesson& lesson) {
  Random random(lesson.seed);
  Comparison c({Irony::giveaway}, random);
  const WordTokenizer tokenizer = tokenizer_of(c.learn);
  CountModel<LinearModel> linear{LinearModel(tokenizer.vocab_size(), 2), tokenizer.vocab_size()};
  fmt::print("\"{}\" … and so on\n", c.learn[1].text);
  lesson.claim({.number = 10, .says = "attık / yedik: no irony is needed, one word tells even a linear bag of words",
                .says_tr = "attık / yedik: ironiye gerek yok, tek kelime doğrusal bir kelime torbasına bile yeter",
                .measured = train_and_score(c, "logistic regression", linear, tokenizer, random).back(), .low = 99, .unit = "%"});
}

void sentiment_and_irony(Lesson& lesson) {
  if (lesson.flag("--data")) return own_reviews(lesson, [](auto&&... args) { return train(args...); });
  if (lesson.flag("--broken")) return giveaway(lesson);
  for (const double flipped : {SentimentSource{}.flipped, 0.0})
    lesson.claim({.number = 8, .says = fmt::format("\"Gençlerbirliği müthiş bir spor kulübüdür\": P(Pozitif), {:.0f} % of labels turned over", 100 * flipped),
                  .says_tr = fmt::format("\"Gençlerbirliği müthiş bir spor kulübüdür\": P(Pozitif), etiketlerin % {:.0f} kadarı ters", 100 * flipped),
                  .measured = lecture_sentence(flipped, lesson.fast ? 2000 : 4000, lesson.seed), .low = flipped > 0 ? 0.80 : 0.97,
                  .high = flipped > 0 ? 0.90 : 1, .truth = SentimentSource{flipped}.truth(true)});

  Random random(lesson.seed);
  Comparison c({Irony::plain, Irony::cheer, Irony::order}, random);
  const WordTokenizer tokenizer = tokenizer_of(c.learn);
  const Index V = tokenizer.vocab_size();
  CountModel<LinearModel> linear{LinearModel(V, 2), V};
  CountModel<Mlp<>> hidden{Mlp<>(V, 32, 2, random), V};
  TransformerClassifier<> attentive({.vocab_size = V, .channels = 32, .heads = 2, .layers = 1}, random);
  c.score("rule", 0, 0, [](const std::vector<LabelledText>& texts) {
    Tokens said;
    for (const LabelledText& t : texts) said.push_back(rule(t.text));
    return said;
  });
  const std::vector<double> logistic = train_and_score(c, "logistic regression", linear, tokenizer, random);
  const std::vector<double> mlp = train_and_score(c, "MLP", hidden, tokenizer, random);
  const std::vector<double> transformer = train_and_score(c, "transformer", attentive, tokenizer, random);
  lesson.table("Four models, one task: is the news good for us?", "Dört model, tek görev: haber bizim için iyi mi?", c.rows);
  report::draw_bars(lesson.picture("models", "Accuracy on each kind of news; 50 % is chance", "Her haber türünde doğruluk; % 50 yazı turadır"),
            {.title = "doğruluk / accuracy", .y = "%", .y_range = {0, 105}}, {"kural", "lojistik", "MLP", "transformer"}, c.bars);
  const auto claim = [&](int number, const char* says, const char* says_tr, double measured, double low, double high, const char* unit) {
    lesson.claim({.number = number, .says = says, .says_tr = says_tr, .measured = measured, .low = low, .high = high, .unit = unit});
  };
  claim(10, "irony (XOR): transformer", "ironi (XOR): transformer", transformer[1], 90, 100, "%");
  claim(10, "irony (XOR): transformer minus linear bag", "ironi (XOR): transformer eksi doğrusal torba", transformer[1] - logistic[1], 15, 100, "points");
  claim(10, "irony (XOR): an MLP on the bag sees it too", "ironi (XOR): torba üstünde MLP de görür", mlp[1], 90, 100, "%");
  claim(10, "the same words in another order: the better of the two bags", "aynı kelimeler başka sırada: iki torbanın iyisi", std::max(logistic[2], mlp[2]), 0, 55, "%");
  claim(10, "the same words in another order: transformer", "aynı kelimeler başka sırada: transformer", transformer[2], 90, 100, "%");
  claim(1, "machine learning < deep learning: MLP minus logistic regression", "makine öğrenmesi < derin öğrenme: MLP eksi lojistik regresyon", mlp[3] - logistic[3], 5, 100, "points");
  claim(1, "deep learning < the LLM's architecture: transformer minus MLP", "derin öğrenme < LLM'in mimarisi: transformer eksi MLP", transformer[3] - mlp[3], 5, 100, "points");
  draw_attention(lesson, attentive, tokenizer, "attention_good", "Derbide bizim takım harika bir gol attı, rakip takım ise güzel bir gol yedi.");
  draw_attention(lesson, attentive, tokenizer, "attention_bad", "Derbide bizim takım harika bir gol yedi, rakip takım ise güzel bir gol attı.");
}

int main(int argc, char** argv) {
  return report::run_lesson({"04_sentiment_and_irony", "Feeling in a text: why the honest answer can be 85 %, and what a bag of words cannot see.",
                             {{"--data", "CSV", "Texts of your own, with columns text and label"},
                              {"--broken", "", "The failed design of the irony (attık / yedik)"}}}, argc, argv, sentiment_and_irony);
}
