// Lesson 06: the block of GPT. Around attention stand four more parts: positions, residual sums,
// norms and a feed-forward network. Each is taken away in turn, and the loss tells what it was
// worth. Then a whole GPT is looked through and counted. The same GPT on one page, without our
// library, is one_page/gpt.cpp.
#include <fmt/core.h>

#include "claims.hpp"
#include "damla/damla.hpp"
#include "report/lesson.hpp"
#include "report/trace.hpp"
#include "tables.hpp"
#include "without.hpp"
#include "worlds/alchemy.hpp"

using namespace damla;
using namespace damla::worlds;
using namespace damla::report;

namespace {

/// Stories side by side; every word but the first is a label.
TokenBatch draw_stories(const AlchemyBook& book, const WordTokenizer& words, Index count,
                        Random& random) {
  std::vector<TuningExample> stories;
  for (Index i = 0; i < count; ++i)
    stories.push_back(TuningExample::of({}, words.encode(book.draw(random))));
  return TokenBatch::of(stories);
}

/// Every word that a story can have.
WordTokenizer read_vocabulary(const AlchemyBook& book, Random& random) {
  std::string all;
  for (int i = 0; i < 500; ++i) all += book.draw(random) + " ";
  return WordTokenizer::from_text(all, {.casing = Casing::keep});
}

/// What all models share: their size, the number of updates, and stories that none has read.
struct Trial {
  const AlchemyBook& book;
  const WordTokenizer& words;
  GptOptions size;
  Index steps;
  std::uint64_t seed;
  TokenBatch fresh;

  /// Trains a model of this kind from this seed, on the same stories as any other. Returns its
  /// losses on the fresh ones.
  template <class Model>
  Outcome of(const std::string& title) const {
    Random weights(seed, 1), data(seed, 2);
    Model model(size, weights);
    train(model, {.steps = steps, .learning_rate = 5e-3, .title = title},
          [&] { return draw_stories(book, words, 32, data); });
    const std::vector<double> losses =
        loss_by_position(window_losses(model, fresh.tokens, fresh.targets, fresh.T), fresh.T);
    return {title, parameter_count(model), mean_where(losses, [](Index) { return true; }),
            mean_where(losses, AlchemyBook::copied), mean_where(losses, AlchemyBook::mixed)};
  }
};

/// The whole model, and what is left of it without each of its parts.
void take_away(Lesson& lesson, const Trial& trial) {
  using WithoutNorms = TransformerBlock<MultiHeadAttention, NoNorm>;
  using WithoutFeedForward = TransformerBlock<MultiHeadAttention, LayerNorm, NoFeedForward>;
  const Outcome whole = trial.of<Gpt<>>("the whole GPT");
  const Outcome positions = trial.of<Gpt<TransformerBlock<>, NoPositions>>("without positions");
  const Outcome sums = trial.of<Gpt<NoSums>>("without residual sums");
  const Outcome norms = trial.of<Gpt<WithoutNorms>>("without norms");
  const Outcome feed_forward = trial.of<Gpt<WithoutFeedForward>>("without feed-forward");
  show_outcomes(lesson, AlchemyBook::best_loss(), {whole, positions, sums, norms, feed_forward});
  lesson.claim(claims::whole_learns, whole.loss - AlchemyBook::best_loss(), !lesson.fast);
  lesson.claim(claims::positions_cost, positions.loss - whole.loss, !lesson.fast);
  lesson.claim(claims::sums_cost, sums.loss - whole.loss, !lesson.fast);
  lesson.claim(claims::norms_cost, norms.loss - whole.loss, !lesson.fast);
  lesson.claim(claims::feed_forward_cost, feed_forward.loss - whole.loss, !lesson.fast);
}

void gpt_block(Lesson& lesson) {
  // Data: stories that a program draws.
  Random random(lesson.seed);
  const AlchemyBook book(random);
  const WordTokenizer words = read_vocabulary(book, random);
  const TokenBatch fresh = draw_stories(book, words, 500, random);
  fmt::print("{}\n\n", book.draw(random));

  // Models: GPTs of three layers, and the same without one of their parts.
  const GptOptions size{.vocab_size = words.vocab_size(),
                        .context = fresh.T,
                        .channels = 32,
                        .heads = 4,
                        .layers = 3,
                        .init_std = 0.1};

  // Loop and figures: what each part is worth.
  take_away(lesson, {book, words, size, lesson.fast ? 60 : steps_of(lesson), lesson.seed, fresh});

  // One pass through a GPT: a row for each word, from the vectors to the logits.
  Gpt<> model(size, random);
  const Tokens begun = words.encode("önce su ateş ateş toprak su");
  print_trace(model, begun, std::ssize(begun));
  show_sizes(lesson, size, parameter_count(model));
}

}  // namespace

int main(int argc, char** argv) {
  return run_lesson(
      {"06_gpt_block",
       "The block of GPT: each part is taken away in turn, and all of its numbers are counted",
       "GPT'nin bloğu: parçaları sırayla çıkarılır, bütün sayıları sayılır",
       {{"--steps", "N", "Updates of each model (default: 600); with 100 no part is worth much",
         "Her modelin güncelleme sayısı (verilmezse 600); 100 ile hiçbir parça pek işe yaramaz"}}},
      argc, argv, gpt_block);
}
