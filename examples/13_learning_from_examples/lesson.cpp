// Lesson 13: learning from examples. A model follows an instruction never seen with these words
// (zero-shot), and learns a mapping that exists in the prompt alone (few-shot): the more examples,
// the better, as long as their format is kept.
#include <fmt/core.h>

#include "asking.hpp"
#include "claims.hpp"
#include "damla/damla.hpp"
#include "pictures.hpp"
#include "worlds/tasks.hpp"

using namespace damla;
using namespace damla::worlds;
using namespace damla::report;

namespace {

/// A task from the cells that are kept out of training, or from the others.
PickTask draw_task(bool held_out, Random& random) {
  for (;;) {
    const Index instruction = random.below(pick_instructions),
                category = random.below(pick_categories);
    if (pick_held_out(instruction, category) == held_out)
      return pick_task(instruction, category, random);
  }
}

/// Zero-shot: instructions × categories, of which six cells are kept out of training.
void follow_instructions(Lesson& lesson) {
  Random random(lesson.seed);
  const auto words = WordTokenizer::from_text(pick_every_word(), {.special_tokens = chat_tokens()});
  const GptOptions size{.vocab_size = words.vocab_size(),
                        .context = 16,
                        .channels = 64,
                        .heads = 2,
                        .layers = 2,
                        .init_std = 0.05};
  Gpt<> model(size, random);
  // Here everything depends on positions: they are loud from the start.
  random.fill_normal(model.transformer.positions.weight.value, 0.1);
  tune(model, {.steps = 1000, .learning_rate = 1e-3, .warmup = 20}, [&] {
    const PickTask task = draw_task(false, random);
    return chat_example(words, task.question(), task.answer);
  });
  int right = 0;
  const int trials = 300;
  for (int i = 0; i < trials; ++i) {
    const PickTask task = draw_task(true, random);
    right += answer(model, words, task.question()) == task.answer ? 1 : 0;
  }
  const PickTask shown = draw_task(true, random);
  fmt::print("{} → {}\n", shown.question(), answer(model, words, shown.question()));
  lesson.claim(claims::zero_shot, 100.0 * right / trials);
}

/// First anything that repeats: from it the model learns to look for the last place where a word
/// stood and to copy what followed. Then the game, with another mapping in each sequence. The
/// learning rate stays at its peak, since the game begins late: so the loop is written out.
void learn_to_learn(Gpt<>& model, const WordTokenizer& words, Index warm_up, Index steps,
                    Random& random) {
  CrossEntropy cross_entropy;
  AdamW optimizer;
  Progress progress(fmt::format("{} layers", model.options.layers), steps);
  Tokens alphabet;
  for (Token t = 1; t < words.vocab_size(); ++t) alphabet.push_back(t);
  for (Index step = 0; step < steps; ++step) {
    std::vector<TuningExample> texts;
    for (int b = 0; b < 32; ++b) {
      const Tokens text = step < warm_up ? repeating_tokens(alphabet, 33, random)
                                         : words.encode(CurrencyGame(random).draw(17, random));
      texts.push_back(TuningExample::of({}, TokenSpan(text).first(33)));
    }
    const TokenBatch batch = TokenBatch::of(texts);
    const Matrix& logits = model.forward(batch);
    const double loss = cross_entropy.forward(logits, batch.targets);
    zero_gradients(model);
    model.backward(batch, cross_entropy.backward(logits, batch.targets));
    optimizer.learning_rate =
        Scalar(1e-3) * std::min(Scalar(1), static_cast<Scalar>(step + 1) / 50);
    optimizer.step(model, clip_scale(model, 1.0));
    progress.update(step, loss, batch.B * batch.T);
  }
}

/// Few-shot: one model of two layers, and one of one.
void learn_from_examples(Lesson& lesson) {
  Random random(lesson.seed);
  const std::string every_word = pick_every_word() + " " + CurrencyGame::every_word();
  const auto words = WordTokenizer::from_text(every_word, {.casing = Casing::keep});
  GptOptions size{.vocab_size = words.vocab_size(),
                  .context = 32,
                  .channels = 64,
                  .heads = 4,
                  .layers = 2,
                  .init_std = 0.06};
  Gpt<> two(size, random);
  size.layers = 1;
  Gpt<> one(size, random);
  const bool broken = lesson.flag("--without-repeats");
  const Index warm_up = broken ? 0 : lesson.fast ? 300 : 800, steps = lesson.fast ? 500 : 1300;
  learn_to_learn(two, words, warm_up, steps, random);
  learn_to_learn(one, words, warm_up, steps, random);
  const std::vector<double> of_two = by_examples(two, words, false, random),
                            of_one = by_examples(one, words, false, random),
                            scrambled = by_examples(two, words, true, random);
  show_shots(lesson, of_two, of_one, scrambled);
  const bool asserted = !broken && !lesson.fast;
  lesson.claim(claims::few_shot, of_two[3], asserted);
  lesson.claim(claims::one_layer_cannot, of_one[3], asserted);
  lesson.claim(claims::keep_the_format, of_two[3] - scrambled[3], asserted);
}

void run(Lesson& lesson) {
  follow_instructions(lesson);
  learn_from_examples(lesson);
}

}  // namespace

int main(int argc, char** argv) {
  return run_lesson({"13_learning_from_examples",
                     "Zero-shot, few-shot, and why the format matters",
                     {{"--without-repeats", "", "The broken recipe: no repeating texts"}}},
                    argc, argv, run);
}
