// Lesson 05: attention. The last word of a Turkish sentence agrees with two words before it. A GPT
// with one layer learns to look at them; we open it and see where it looks. The formula of one head
// is `functional::attend` in damla/functional/attention.hpp.
#include <fmt/core.h>

#include "claims.hpp"
#include "damla/damla.hpp"
#include "pictures.hpp"
#include "report/lesson.hpp"
#include "report/trace.hpp"
#include "worlds/agreement.hpp"

using namespace damla;
using namespace damla::worlds;
using namespace damla::report;

namespace {

/// Every word that the sentences can have.
WordTokenizer read_vocabulary(Random& random) {
  std::string all;
  for (int i = 0; i < 4000; ++i) all += agreement_sentence(random).text() + " ";
  return WordTokenizer::from_text(all, {.casing = Casing::keep});
}

/// A batch of sentences side by side; every word but the first is a label, and the text gives them
/// all.
TokenBatch draw_sentences(const WordTokenizer& words, Index count, Random& random) {
  std::vector<TuningExample> sentences;
  for (Index i = 0; i < count; ++i)
    sentences.push_back(TuningExample::of({}, words.encode(agreement_sentence(random).text())));
  return TokenBatch::of(sentences);
}

/// How strongly head h of the latest forward, from position `from`, looks at position `to`.
double look(const Gpt<>& model, Index T, Index h, Index from, Index to) {
  return static_cast<double>(model.transformer.blocks[0].attention.weights(h * T + from, to));
}

/// Does the verb agree, and where does each head look when the verb is next? Over 300 sentences.
void where_it_looks(Lesson& lesson, Gpt<>& model, const WordTokenizer& words, Random& random) {
  const int trials = 300;
  int right = 0;
  double future = 0, subject[4] = {0}, previous[4] = {0};
  for (int i = 0; i < trials; ++i) {
    const Tokens tokens = words.encode(agreement_sentence(random).text());
    // The model reads up to the time. The verb and the full stop are left.
    const Index T = std::ssize(tokens) - 2;
    const Token verb = tokens[static_cast<std::size_t>(T)];
    const Matrix& logits = model.forward(TokenSpan(tokens).first(static_cast<std::size_t>(T)), T);
    right += candidates(logits.bottomRows(1))[0].token == verb ? 1 : 0;
    for (Index h = 0; h < 4; ++h) {
      subject[h] += look(model, T, h, T - 1, 0) / trials;
      previous[h] += look(model, T, h, T - 1, T - 2) / trials;
      for (Index t = 0; t < T; ++t)
        for (Index later = t + 1; later < T; ++later)
          future = std::max(future, look(model, T, h, t, later));
    }
  }
  lesson.claim(claims::verb_agrees, 100.0 * right / trials);
  lesson.claim(claims::head_for_previous_word, *std::max_element(previous, previous + 4));
  lesson.claim(claims::head_for_subject, *std::max_element(subject, subject + 4));
  lesson.claim(claims::nobody_looks_ahead, future);
}

void attention(Lesson& lesson) {
  // Data: sentences that a program draws.
  Random random(lesson.seed);
  const WordTokenizer words = read_vocabulary(random);

  // Model: a GPT with one layer of four heads.
  const GptOptions size{.vocab_size = words.vocab_size(),
                        .context = 8,
                        .channels = 32,
                        .heads = 4,
                        .layers = 1,
                        .init_std = 0.05};
  Gpt<> model(size, random);

  // Loop: that of lesson 07, in one call. Each step reads 32 new sentences.
  train(model, {.steps = lesson.fast ? 1500 : 3000, .learning_rate = 5e-3},
        [&] { return draw_sentences(words, 32, random); });

  // Figures: where the heads look, over many sentences and in one; and how large models are.
  where_it_looks(lesson, model, words, random);
  const std::string example = "Biz kalabalık okuldan sabah";
  const Tokens tokens = words.encode(example);
  draw_heads(lesson, model, words, example);
  fmt::print("{} … → {}\n", example, words.decode(generate_greedy(model, tokens, 2)));
  print_trace(model, tokens, std::ssize(tokens));
  show_sizes(lesson, size);
}

}  // namespace

int main(int argc, char** argv) {
  return run_lesson(
      {"05_attention", "Attention: a model looks back at the words that the next one agrees with"},
      argc, argv, attention);
}
