// Feeling in a text: why the honest answer can be 85 %, and what a bag of words cannot see.
#include <fmt/format.h>

#include <chrono>

#include "damla/models/linear_model.hpp"
#include "damla/models/mlp.hpp"
#include "damla/models/text_classifier.hpp"
#include "damla/nn/loss.hpp"
#include "damla/optim/adamw.hpp"
#include "damla/optim/clip.hpp"
#include "damla/optim/schedule.hpp"
#include "damla/report/lesson.hpp"
#include "damla/report/picture.hpp"
#include "damla/synthetic/irony.hpp"
#include "damla/text/word_tokenizer.hpp"
#include "damla/train/csv.hpp"
#include "damla/train/metrics.hpp"
#include "damla/train/progress.hpp"

using namespace damla;
using report::Lesson;

// [texts] Texts as a model takes them: tokens, and the class of each text.
struct Texts {
  std::vector<Tokens> tokens;
  Tokens labels;

  Texts(std::span<const LabelledText> from, const WordTokenizer& tokenizer) {
    for (const LabelledText& t : from) tokens.push_back(tokenizer.encode(t.text)), labels.push_back(t.label);
  }
};

WordTokenizer tokenizer_of(std::span<const LabelledText> texts) {
  std::string all;
  for (const LabelledText& t : texts) all += t.text + "\n";
  return WordTokenizer::from_text(all, {.vocab_limit = 20000});
}
// [/texts]

// [counts] How often each word stands in a text, and a model on these numbers: logistic regression, or an MLP.
template <class Model>
struct OnCounts {
  Model model;
  Index vocab_size;
  Matrix x{};  // (B, V)

  const Matrix& forward(const TextBatch& batch) {
    x.setZero(std::ssize(batch.lengths), vocab_size);
    for (Index b = 0; b < x.rows(); ++b)
      for (Index t = 0; t < batch.lengths[static_cast<std::size_t>(b)]; ++t)
        x(b, batch.tokens[static_cast<std::size_t>(b * batch.T + t)]) += 1;
    return model.forward(x);
  }
  void backward(const TextBatch&, const Matrix& dlogits) { model.backward(x, dlogits); }
  void visit_parameters(auto&& visit) { model.visit_parameters(visit); }
};
// [/counts]

// [train] One loop for every model. Returns the seconds that it took.
double train(auto& model, const Texts& data, Index steps, Random& random, double peak = 3e-3) {
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
    const Matrix& logits = model.forward(batch);          // what the model says
    loss.forward(logits, labels);                         // how wrong that is
    zero_gradients(model);
    model.backward(batch, loss.backward(logits, labels)); // who is to blame
    optimizer.rate = rate(step);
    optimizer.step(model, clip_scale(model, 1.0));        // a small step to the better
    progress.update(step, loss.loss, batch.T * 32);
  }
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}
// [/train]

/// Which class the model finds likeliest for each text.
Tokens predict(auto& model, const Texts& data) {
  Tokens result;
  for (const Tokens& text : data.tokens)
    result.push_back(predicted_classes(model.forward(TextBatch::of(std::span(&text, 1))))[0]);
  return result;
}

// [opinion] P(Pozitif) of the lecture's sentence, by a bag of embeddings trained on opinions of which some labels are wrong.
double lecture_sentence(double flipped, Index steps, std::uint64_t seed) {
  Random random(seed);
  const std::vector<LabelledText> opinions = SentimentSource{flipped}.draw(32 * steps, random);
  const WordTokenizer tokenizer = tokenizer_of(opinions);
  const Index V = tokenizer.vocab_size();
  OnCounts<Mlp<Identity>> model{Mlp<Identity>(V, 16, 2, random), V};  // counts·W₁: the sum of the words' vectors
  train(model, Texts(opinions, tokenizer), steps, random, 1e-2);
  const Tokens sentence = tokenizer.encode("Gençlerbirliği müthiş bir spor kulübüdür.");
  CrossEntropy softmax;
  softmax.forward(model.forward(TextBatch::of(std::span(&sentence, 1))), Tokens{1});
  return static_cast<double>(softmax.probabilities(0, 1));
}
// [/opinion]

// [rule] What one would write by hand: praise and goals scored are good, insults and goals conceded are bad.
Token rule(const std::string& text) {
  int score = 0;
  for (const std::string& word : split_words(text, {})) {
    for (const std::string& good : positive_adjectives()) score += word == good;
    for (const std::string& bad : negative_adjectives()) score -= word == bad;
    score += word == "attı" || word == "attık";
    score -= word == "yedi" || word == "yedik";
  }
  return score > 0;
}
// [/rule]

/// Football news to learn from and, none of them the same, to be tested on.
struct News {
  std::vector<LabelledText> train;
  std::vector<std::vector<LabelledText>> test;  // one kind after the other
};

News news(const std::vector<Irony>& kinds, Random& random) {
  News result;
  for (const Irony kind : kinds) {
    const std::vector<LabelledText> texts = irony_texts(kind, 1400, random);
    result.train.insert(result.train.end(), texts.begin(), texts.begin() + 1000);
    result.test.emplace_back(texts.begin() + 1000, texts.end());
  }
  return result;
}

/// What a model scores, in %, on each kind of news and on all.
struct Score {
  std::string name;
  std::vector<double> percent;
  double all = 0;
  Index parameters = 0;
  double seconds = 0;
};

Score mean_of(Score score) {
  for (const double p : score.percent) score.all += p / static_cast<double>(score.percent.size());
  return score;
}

Score score_of(std::string name, auto& model, const News& data, const WordTokenizer& tokenizer, Random& random) {
  Score score{std::move(name), {}, 0, parameter_count(model), train(model, Texts(data.train, tokenizer), 400, random)};
  for (const auto& texts : data.test) {
    const Texts test(texts, tokenizer);
    score.percent.push_back(100 * accuracy(predict(model, test), test.labels));
  }
  return mean_of(score);
}

// [compare] The four models of the lecture's first slide, on one task.
struct Comparison {
  Score rule, logistic, mlp, transformer;
  TransformerClassifier<> trained;
  WordTokenizer tokenizer;
};

Comparison compare(std::uint64_t seed) {
  Random random(seed);
  const News data = news({Irony::plain, Irony::cheer, Irony::order}, random);
  const WordTokenizer tokenizer = tokenizer_of(data.train);
  const Index V = tokenizer.vocab_size();
  OnCounts<LinearModel> logistic{LinearModel(V, 2), V};
  OnCounts<Mlp<>> mlp{Mlp<>(V, 32, 2, random), V};
  TransformerClassifier<> transformer({.vocab_size = V, .channels = 32, .heads = 2, .layers = 1}, random);
  Score by_hand{"rule", {}};
  for (const auto& texts : data.test) {
    Tokens predicted, labels;
    for (const LabelledText& t : texts) predicted.push_back(rule(t.text)), labels.push_back(t.label);
    by_hand.percent.push_back(100 * accuracy(predicted, labels));
  }
  return {mean_of(by_hand), score_of("logistic regression", logistic, data, tokenizer, random),
          score_of("MLP", mlp, data, tokenizer, random),
          score_of("transformer", transformer, data, tokenizer, random), std::move(transformer), tokenizer};
}
// [/compare]

// [attention] Where each word looks: the head in which the two verbs look most at the two sides.
void draw_attention(Lesson& lesson, Comparison& c, const std::string& name, const std::string& text) {
  const Tokens tokens = c.tokenizer.encode(text);
  const Index T = std::ssize(tokens);
  c.trained.forward(TextBatch::of(std::span(&tokens, 1)));
  std::vector<std::string> words;
  for (const Token token : tokens) words.push_back(c.tokenizer.piece(token));
  const auto at = [&](const char* word) { return std::find(words.begin(), words.end(), word) - words.begin(); };
  const Matrix& weights = c.trained.h[0].attn.weights;  // (heads·T, T)
  Index head = 0;
  Scalar most = -1;
  for (Index h = 0; h < c.trained.h[0].attn.heads; ++h) {
    Scalar sum = 0;
    for (const char* verb : {"attı", "yedi"})
      for (const char* side : {"bizim", "rakip"}) sum += weights(h * T + at(verb), at(side));
    if (sum > most) most = sum, head = h;
  }
  report::draw_heat_map(lesson.picture(name, "Each row is a word, and shows where it looks: \"" + text + "\"",
                                       "Her satır bir kelimedir ve nereye baktığını gösterir: \"" + text + "\""),
                        {.title = "dikkat / attention", .x = "bakılan / looked at", .y = "bakan / looking"}, words, words,
                        weights.middleRows(head * T, T));
}
// [/attention]

/// The design that fails to be ironic: one word gives the sign away.
void broken(Lesson& lesson) {
  Random random(lesson.seed);
  const News data = news({Irony::giveaway}, random);
  const WordTokenizer tokenizer = tokenizer_of(data.train);
  OnCounts<LinearModel> logistic{LinearModel(tokenizer.vocab_size(), 2), tokenizer.vocab_size()};
  const Score score = score_of("logistic regression", logistic, data, tokenizer, random);
  fmt::print("\"{}\" … and so on\n", data.train[1].text);
  lesson.claim({.number = 10, .says = "attık / yedik: no irony is needed, one word tells even a linear bag of words",
                .says_tr = "attık / yedik: ironiye gerek yok, tek kelime doğrusal bir kelime torbasına bile yeter",
                .measured = score.all, .low = 99, .unit = "%"});
}

/// A user's own texts: columns text and label. A fifth is held out.
void own_data(Lesson& lesson) {
  const CsvTable table = read_csv(lesson.option("--data"));
  const auto column = [&](const char* name) {
    if (!table.has(name)) throw Error(fmt::format("{}: expected columns text and label, got {}", table.path, fmt::join(table.columns, ", ")));
    return static_cast<std::size_t>(std::find(table.columns.begin(), table.columns.end(), name) - table.columns.begin());
  };
  const std::size_t text_column = column("text"), label_column = column("label");
  std::vector<std::string> names;
  for (const auto& row : table.cells)
    if (std::find(names.begin(), names.end(), row[label_column]) == names.end()) names.push_back(row[label_column]);
  std::sort(names.begin(), names.end());
  const Tokens labels = table.classes("label", names);
  std::vector<LabelledText> texts;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (split_words(table.cells[i][text_column], {}).empty())
      throw Error(fmt::format("{}:{}: the text is empty; remove the row", table.path, table.lines[i]));
    texts.push_back({table.cells[i][text_column], labels[i]});
  }
  if (names.size() < 2 || texts.size() < 10)
    throw Error(fmt::format("{}: {} texts with {} different labels; expected at least 10 and 2", table.path, texts.size(), names.size()));

  Random random(lesson.seed);
  random.shuffle(texts);
  const std::size_t held_out = texts.size() / 5;
  const std::span all(texts);
  const WordTokenizer tokenizer = tokenizer_of(all.subspan(held_out));
  Texts learn(all.subspan(held_out), tokenizer), test(all.first(held_out), tokenizer);
  constexpr Index longest = 128;  // words of a text: what comes after is not read
  for (Texts* part : {&learn, &test})
    for (Tokens& text : part->tokens) text.resize(static_cast<std::size_t>(std::min(std::ssize(text), longest)));
  const Index V = tokenizer.vocab_size(), classes = std::ssize(names), steps = lesson.fast ? 300 : 1000;
  BagClassifier bag(V, 32, classes, random);
  TransformerClassifier<> transformer({.vocab_size = V, .context = longest, .channels = 32, .layers = 1, .classes = classes}, random);
  fmt::print("{} texts to learn from, {} held out, {} labels, {} words\n", learn.labels.size(), held_out, classes, V);
  train(bag, learn, steps, random, 1e-2);
  train(transformer, learn, steps, random);
  const Tokens predicted = predict(transformer, test);
  const auto counts = confusion_matrix(predicted, test.labels, classes);
  std::vector<std::string> heading{"true \\ predicted"};
  heading.insert(heading.end(), names.begin(), names.end());
  std::vector<std::vector<std::string>> rows{heading};
  for (Index i = 0; i < classes; ++i) {
    rows.push_back({names[static_cast<std::size_t>(i)]});
    for (Index j = 0; j < classes; ++j) rows.back().push_back(std::to_string(counts(i, j)));
  }
  lesson.table("Confusion matrix, transformer, held-out texts", "Karışıklık matrisi, transformer, ayrılmış metinler", rows);
  Index most = 0;
  for (Index i = 0; i < classes; ++i) most = std::max(most, counts.row(i).sum());
  lesson.table("Held-out accuracy", "Ayrılmış metinlerde doğruluk",
               {{"model", "%"},
                {"always the commonest label", fmt::format("{:.1f}", 100.0 * static_cast<double>(most) / static_cast<double>(held_out))},
                {"bag of words", fmt::format("{:.1f}", 100 * accuracy(predict(bag, test), test.labels))},
                {"transformer", fmt::format("{:.1f}", 100 * accuracy(predicted, test.labels))}});
}

void sentiment_and_irony(Lesson& lesson) {
  if (lesson.flag("--data")) return own_data(lesson);
  if (lesson.flag("--broken")) return broken(lesson);
  const Index steps = lesson.fast ? 2000 : 4000;
  const double flipped = SentimentSource{}.flipped;
  lesson.claim({.number = 8, .says = "\"Gençlerbirliği müthiş bir spor kulübüdür\": P(Pozitif), 15 % of labels turned over",
                .says_tr = "\"Gençlerbirliği müthiş bir spor kulübüdür\": P(Pozitif), etiketlerin % 15'i ters çevrilmiş",
                .measured = lecture_sentence(flipped, steps, lesson.seed), .low = 0.80, .high = 0.90,
                .truth = SentimentSource{flipped}.truth(true)});
  lesson.claim({.number = 8, .says = "the same sentence when every label is right", .says_tr = "bütün etiketler doğruyken aynı cümle",
                .measured = lecture_sentence(0, steps, lesson.seed), .low = 0.97, .truth = 1});

  Comparison c = compare(lesson.seed);
  const std::vector<const Score*> scores{&c.rule, &c.logistic, &c.mlp, &c.transformer};
  std::vector<std::vector<std::string>> rows{{"model", "plain %", "irony %", "order %", "all %", "parameters", "seconds"}};
  std::vector<report::Series> bars{{"plain / düz", {}, {}}, {"irony / ironi", {}, {}}, {"order / sıra", {}, {}}};
  for (const Score* s : scores) {
    rows.push_back({s->name, fmt::format("{:.1f}", s->percent[0]), fmt::format("{:.1f}", s->percent[1]),
                    fmt::format("{:.1f}", s->percent[2]), fmt::format("{:.1f}", s->all), std::to_string(s->parameters),
                    fmt::format("{:.2f}", s->seconds)});
    for (std::size_t k = 0; k < 3; ++k) bars[k].y.push_back(s->percent[k]);
  }
  lesson.table("Four models, one task: is the news good for us?", "Dört model, tek görev: haber bizim için iyi mi?", rows);
  report::draw_bars(lesson.picture("models", "Accuracy of the four models on each kind of news; 50 % is chance",
                                   "Dört modelin her haber türündeki doğruluğu; % 50 yazı turadır"),
                    {.title = "doğruluk / accuracy", .y = "%", .y_range = {0, 105}},
                    {"kural", "lojistik", "MLP", "transformer"}, bars);

  lesson.claim({.number = 10, .says = "irony (XOR): transformer", .says_tr = "ironi (XOR): transformer",
                .measured = c.transformer.percent[1], .low = 90, .unit = "%"});
  lesson.claim({.number = 10, .says = "irony (XOR): transformer minus linear bag", .says_tr = "ironi (XOR): transformer eksi doğrusal torba",
                .measured = c.transformer.percent[1] - c.logistic.percent[1], .low = 15, .unit = "points"});
  lesson.claim({.number = 10, .says = "irony (XOR): an MLP on the bag sees it too", .says_tr = "ironi (XOR): torba üstünde MLP de görür",
                .measured = c.mlp.percent[1], .low = 90, .unit = "%"});
  lesson.claim({.number = 10, .says = "the same words in another order: the better of the two bags",
                .says_tr = "aynı kelimeler başka sırada: iki torbanın iyisi",
                .measured = std::max(c.logistic.percent[2], c.mlp.percent[2]), .high = 55, .unit = "%"});
  lesson.claim({.number = 10, .says = "the same words in another order: transformer", .says_tr = "aynı kelimeler başka sırada: transformer",
                .measured = c.transformer.percent[2], .low = 90, .unit = "%"});
  lesson.claim({.number = 1, .says = "machine learning < deep learning: MLP minus logistic regression",
                .says_tr = "makine öğrenmesi < derin öğrenme: MLP eksi lojistik regresyon",
                .measured = c.mlp.all - c.logistic.all, .low = 5, .unit = "points"});
  lesson.claim({.number = 1, .says = "deep learning < the LLM's architecture: transformer minus MLP",
                .says_tr = "derin öğrenme < LLM'in mimarisi: transformer eksi MLP",
                .measured = c.transformer.all - c.mlp.all, .low = 5, .unit = "points"});
  draw_attention(lesson, c, "attention_good", "Derbide bizim takım harika bir gol attı, rakip takım ise güzel bir gol yedi.");
  draw_attention(lesson, c, "attention_bad", "Derbide bizim takım harika bir gol yedi, rakip takım ise güzel bir gol attı.");
}

int main(int argc, char** argv) {
  return report::run_lesson({.name = "04_sentiment_and_irony",
                             .about = "Feeling in a text: why the honest answer can be 85 %, and what a bag of words cannot see.",
                             .options = {{"--data", "CSV", "Own texts, with columns text and label"},
                                         {"--broken", "", "The failed design of the irony (attık / yedik)"}}},
                            argc, argv, sentiment_and_irony);
}
