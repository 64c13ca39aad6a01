// Lesson 13: learning from examples. A model follows an instruction never seen with these words
// (zero-shot), and learns a mapping that exists in the prompt alone (few-shot): the more examples,
// the better, as long as their format is kept.
#include <fmt/core.h>

#include <algorithm>

#include "asking.hpp"
#include "claims.hpp"
#include "damla/damla.hpp"
#include "pictures.hpp"
#include "worlds/tasks.hpp"

using namespace damla;
using namespace damla::worlds;
using namespace damla::report;

namespace {

/// A task to learn: one in ten is about a proverb, since what comes often is learned by heart.
/// Never an instruction with a text that it is kept from; with `narrow` each text has one
/// instruction only.
PickTask draw_task(bool narrow, Random& random) {
  for (;;) {
    const bool proverb = random.chance(0.1);
    const Index instruction = random.below(pick_instructions),
                text = random.below(proverb ? pick_proverbs : pick_categories);
    const bool held_out =
        proverb ? instruction == proverb_held_out(text) : pick_held_out(instruction, text);
    if (held_out || (narrow && instruction != (text + 1) % pick_instructions)) continue;
    return proverb ? proverb_task(instruction, text) : pick_task(instruction, text, random);
  }
}

/// Zero-shot: instructions × texts, of which some cells are kept out of training.
void follow_instructions(Lesson& lesson) {
  Random random(lesson.seed);
  const auto words = WordTokenizer::from_text(pick_every_word() + " " + every_proverb(),
                                              {.special_tokens = chat_tokens()});
  const GptOptions size{.vocab_size = words.vocab_size(),
                        .context = 16,
                        .channels = 64,
                        .heads = 2,
                        .layers = 2,
                        .init_std = 0.05};
  Gpt<> model(size, random);
  // Here everything depends on positions: they begin with large numbers.
  random.fill_normal(model.transformer.positions.weight.value, 0.1);
  const bool narrow = lesson.flag("--one-instruction-each");
  tune(model, {.steps = lesson.fast ? 200 : 1200, .batch = 64, .learning_rate = 1e-3, .warmup = 20},
       [&] {
         const PickTask task = draw_task(narrow, random);
         return chat_example(words, task.question(), task.answer);
       });
  const std::vector<AskedProverb> proverbs = ask_proverbs(model, words);
  show_proverbs(lesson, proverbs);
  const auto right = std::count_if(proverbs.begin(), proverbs.end(),
                                   [](const AskedProverb& p) { return p.right(); });
  const bool asserted = !narrow && !lesson.fast;
  lesson.claim(claims::zero_shot, right_about_lists(model, words, random), asserted);
  lesson.claim(claims::zero_shot_proverbs, 100.0 * static_cast<double>(right) / pick_proverbs,
               false);
}

/// First anything that repeats: from it the model learns to look for the last place where a word
/// stood and to copy what followed. Then the game, with another mapping in each sequence. The
/// learning rate stays at its peak, since the game begins late.
void learn_to_learn(Gpt<>& model, const WordTokenizer& words, Index warm_up, Index steps,
                    Random& random) {
  Tokens alphabet;
  for (Token t = 1; t < words.vocab_size(); ++t) alphabet.push_back(t);
  Index step = 0;
  train(model,
        {.steps = steps,
         .learning_rate = 1e-3,
         .final_learning_rate = 1e-3,
         .warmup = 50,
         .title =
             fmt::format(fmt::runtime(in_language("{} layers / {} katman")), model.options.layers),
         .after_step = [&](Index, double) { ++step; }},
        [&] {
          std::vector<TuningExample> texts;
          for (int b = 0; b < 32; ++b) {
            const Tokens text = step < warm_up
                                    ? repeating_tokens(alphabet, 33, random)
                                    : words.encode(CurrencyGame(random).draw(17, random));
            texts.push_back(TuningExample::of({}, TokenSpan(text).first(33)));
          }
          return TokenBatch::of(texts);
        });
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
  const Index warm_up = broken ? 0 : lesson.fast ? 60 : 800, steps = lesson.fast ? 120 : 1300;
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
                     "Örneksiz, birkaç örnekle ve biçimin önemi",
                     {{"--one-instruction-each", "", "The broken recipe of zero-shot",
                       "Örneksiz sormanın bozuk tarifi"},
                      {"--without-repeats", "", "The broken recipe of few-shot: no repeating texts",
                       "Birkaç örnekle sormanın bozuk tarifi: yinelenen metin yok"}}},
                    argc, argv, run);
}
