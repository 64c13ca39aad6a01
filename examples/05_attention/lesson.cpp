// Lesson 05: attention. Where the order of words counts, a bag of them is lost. Attention lets each
// word look at the others and fetch what it needs: first by hand, on four words; then in models
// that learn where to look. The formula of one head is `functional::attend` in
// damla/functional/attention.hpp.
#include <fmt/core.h>

#include "claims.hpp"
#include "damla/damla.hpp"
#include "damla/models/count_model.hpp"
#include "damla/models/text_classifier.hpp"
#include "damla/models/word_vectors.hpp"
#include "pictures.hpp"
#include "reading.hpp"
#include "report/lesson.hpp"
#include "worlds/news.hpp"
#include "worlds/senses.hpp"

using namespace damla;
using namespace damla::worlds;
using namespace damla::report;

namespace {

/// Scores become weights that are positive and sum to 1.
void softmax_with_numbers(Lesson& lesson) {
  const Matrix scores{{2, 1, 0}, {4, 2, 0}, {102, 101, 100}, {1, 1, 1}};
  Matrix weights(4, 3);
  functional::softmax(weights, scores);
  show_softmax(lesson, scores, weights);
}

/// One head reads four words. Row t of x says of word t: is it a side, is it ours, is it an event?
/// Returns what the last word has fetched.
double read_by_hand(Lesson& lesson, const std::string& side, const Matrix& x) {
  // What a word looks for, what it offers, what it tells: column 0 for sides, column 1 for events.
  const Matrix Wq{{0, 1}, {0, 0}, {2, 0}}, Wk{{2, 0}, {0, 0}, {0, 1}}, Wv{{0, 0}, {1, 0}, {0, 1}};
  Matrix q, k, v;
  matmul(q, x, Wq);
  matmul(k, x, Wk);
  matmul(v, x, Wv);
  Matrix weights(4, 4), y(4, 2);
  functional::attend(y, weights, q, k, v, functional::Visible::causal());
  show_head(lesson, {side, "takım", "gol", "yedi"}, q, k, v, weights, y);
  return static_cast<double>(y(3, 0));
}

void one_head(Lesson& lesson) {
  const Matrix ours{{1, 1, 0}, {0.5, 0, 0}, {0, 0, 1}, {0, 0, 1}};
  Matrix theirs = ours;
  theirs(0, 1) = -1;
  read_by_hand(lesson, "rakip", theirs);
  // The scores of "yedi" are 4, 2, 0, 0, divided by √2.
  const double a = std::exp(4 / std::sqrt(2.0)), b = std::exp(2 / std::sqrt(2.0));
  lesson.claim(claims::one_head_by_hand.with_truth(a / (a + b + 2)),
               read_by_hand(lesson, "bizim", ours));
}

/// Claims 1 and 10: the news of lesson 04, now also read by a model whose words look at each other.
void irony(Lesson& lesson) {
  // Data.
  Random random(lesson.seed);
  const News news = draw_news({Irony::plain, Irony::cheer, Irony::order}, random);
  const Index V = news.words.vocab_size();

  // Models. The weights of the new one are drawn elsewhere, so that the others learn as in lesson
  // 04.
  Random weights(lesson.seed, 1);
  CountModel<SoftmaxClassifier> linear{SoftmaxClassifier(V, 2), V};
  CountModel<Mlp<>> hidden{Mlp<>(V, 32, 2, random), V};
  TransformerClassifier<> attentive({.vocab_size = V, .channels = 32, .heads = 2, .layers = 1},
                                    weights);

  // Loop.
  const Score logistic =
      learn_and_score("logistic regression / lojistik regresyon", linear, news, random);
  const Score mlp = learn_and_score("MLP", hidden, news, random);
  const Score transformer = learn_and_score("transformer", attentive, news, random);

  // Figures.
  show_scores(lesson, {score_of_rule(news), logistic, mlp, transformer});
  lesson.claim(claims::irony_transformer, transformer.irony());
  lesson.claim(claims::order_transformer, transformer.order());
  lesson.claim(claims::mlp_beats_line, mlp.all() - logistic.all());
  lesson.claim(claims::transformer_beats_mlp, transformer.all() - mlp.all());
  draw_news_attention(lesson, attentive, news.words);
}

/// Claims 10 and 16: a GPT with one layer says the verb. Where does it look, and what does it need?
void agreement(Lesson& lesson) {
  // Data: sentences that a program draws. In some of them a word is covered.
  Random random(lesson.seed);
  const Sentences sentences(random);

  // Model: one layer of four heads.
  Gpt<> model({.vocab_size = sentences.words.vocab_size(),
               .context = 8,
               .channels = 32,
               .heads = 4,
               .layers = 1,
               .init_std = 0.05},
              random);

  // Loop: each step reads 32 new sentences.
  train(model, {.steps = lesson.fast ? 1500 : 3000, .learning_rate = 5e-3},
        [&] { return sentences.draw(32, random); });

  // Figures.
  const Reading whole = read(model, sentences, nullptr, random);
  const Reading no_subject = read(model, sentences, &AgreementSentence::subject, random);
  const Reading no_place = read(model, sentences, &AgreementSentence::place, random);
  const Reading no_time = read(model, sentences, &AgreementSentence::time, random);
  show_covering(lesson, whole, {no_subject, no_place, no_time});
  lesson.claim(claims::verb_agrees, whole.right);
  lesson.claim(claims::subject_covered, no_subject.right);
  lesson.claim(claims::place_covered, no_place.right);
  lesson.claim(claims::time_covered, no_time.right);
  lesson.claim(claims::nobody_looks_ahead, whole.ahead);
  draw_heads(lesson, model, sentences.words, "Biz kalabalık okuldan sabah");
}

/// The vectors of the words in these sentences, after attention: (N, C).
Matrix vectors_in_context(Gpt<>& model, const WordTokenizer& words,
                          const std::vector<SenseSentence>& sentences) {
  Matrix vectors(std::ssize(sentences), model.options.channels);
  for (Index n = 0; n < vectors.rows(); ++n) {
    const SenseSentence& s = sentences[static_cast<std::size_t>(n)];
    const Tokens tokens = words.encode(s.begin + " " + s.word);
    model.forward(tokens, std::ssize(tokens));
    vectors.row(n) = model.transformer.final_norm.y.bottomRows(1);
  }
  return vectors;
}

/// The vectors of the same words as they come out of the table, before any attention.
Matrix vectors_alone(Gpt<>& model, const WordTokenizer& words,
                     const std::vector<SenseSentence>& sentences) {
  Tokens tokens;
  for (const SenseSentence& s : sentences) tokens.push_back(words.token(s.word));
  return vectors_of(model.transformer.token_embedding.weight.value, tokens);
}

/// Claim 7: "yüz" has one vector in the table, and after attention one for each sense.
void three_senses(Lesson& lesson) {
  // Data: "yüz" in the places that are held out, and everything else. Of the latter, the words that
  // have one sense only.
  Random random(lesson.seed);
  std::vector<SenseSentence> learn, others, fresh;
  std::string text;
  for (const SenseSentence& s : sense_sentences()) {
    (s.held_out ? fresh : learn).push_back(s);
    if (s.word != "yüz") others.push_back(s);
    text += s.text() + " ";
  }
  const auto words = WordTokenizer::from_text(text, {.casing = Casing::keep});

  // Model and loop: it guesses the next word.
  Gpt<> model({.vocab_size = words.vocab_size(),
               .context = 8,
               .channels = 32,
               .heads = 2,
               .layers = 1,
               .init_std = 0.05},
              random);
  train(model, {.steps = 600, .learning_rate = 5e-3}, [&] {
    std::vector<TuningExample> batch;
    for (int i = 0; i < 32; ++i)
      batch.push_back(TuningExample::of({}, words.encode(random.pick(learn).text())));
    return TokenBatch::of(batch);
  });

  // Figures: to the other words of which sense is "yüz" nearest?
  const Matrix after = vectors_in_context(model, words, fresh);
  const Matrix senses = mean_of_senses(vectors_in_context(model, words, others), others);
  const Matrix alone = mean_of_senses(vectors_alone(model, words, others), others);
  lesson.claim(claims::yuz_in_context, right_senses(after, senses, fresh));
  lesson.claim(claims::yuz_alone, right_senses(vectors_alone(model, words, fresh), alone, fresh));
  show_senses(lesson, after, senses, fresh);
}

void attention(Lesson& lesson) {
  softmax_with_numbers(lesson);
  one_head(lesson);
  irony(lesson);
  agreement(lesson);
  three_senses(lesson);
}

}  // namespace

int main(int argc, char** argv) {
  return run_lesson(
      {"05_attention", "Attention: words look at each other, and fetch from there what they need",
       "Dikkat: kelimeler birbirine bakar ve gerekeni oradan alır"},
      argc, argv, attention);
}
