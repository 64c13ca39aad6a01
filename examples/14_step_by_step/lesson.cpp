// Lesson 14: think step by step. “In the year in which Akspor won the cup, who was champion?” The
// model knows both facts. One and the same model is asked twice: for the answer at once it often
// guesses; asked for the steps, it gets there.
#include <fmt/core.h>

#include "asking.hpp"
#include "claims.hpp"
#include "damla/damla.hpp"
#include "pictures.hpp"
#include "worlds/teams.hpp"

using namespace damla;
using namespace damla::worlds;
using namespace damla::report;

namespace {

std::string thought(const CupYear& y) {
  return "Düşün: " + CupWorld::cup(y) + " " + CupWorld::champion(y) + " Yanıt: " + y.champion +
         " <son>";
}
std::string at_once(const CupYear& y) { return "Yanıt: " + y.champion + " <son>"; }

WordTokenizer words_of(const CupWorld& world) {
  std::string every_word;
  for (const CupYear& y : world.years)
    every_word += CupWorld::cup_question(y) + CupWorld::question(y) + thought(y) + " ";
  return WordTokenizer::from_text(every_word,
                                  {.casing = Casing::keep, .special_tokens = {"<son>"}});
}

/// Which questions stand in the text beside the facts.
struct Kinds {
  bool one_step = true, thoughts = true;
};

/// What the model reads: both facts of each year; questions of one step about every year; and for
/// the years that are `taught` the question of two steps, answered at once and with its steps.
std::vector<std::string> documents_of(const CupWorld& world, std::size_t taught, Kinds kinds) {
  std::vector<std::string> documents;
  for (std::size_t i = 0; i < world.years.size(); ++i) {
    const CupYear& y = world.years[i];
    documents.push_back(CupWorld::cup(y));
    documents.push_back(CupWorld::champion(y));
    if (kinds.one_step) {
      const std::string its_year = " Düşün: " + CupWorld::cup(y) + " Yanıt: " + y.year + " <son>";
      const std::string its_champion =
          " Düşün: " + CupWorld::champion(y) + " Yanıt: " + y.champion + " <son>";
      documents.push_back(CupWorld::cup_question(y) + its_year);
      documents.push_back(CupWorld::champion_question(y) + its_champion);
    }
    if (i >= taught) continue;
    documents.push_back(CupWorld::question(y) + " " + at_once(y));
    if (kinds.thoughts) documents.push_back(CupWorld::question(y) + " " + thought(y));
  }
  return documents;
}

/// All of them twenty times, each round in another random order.
Tokens to_read(std::vector<std::string> documents, const WordTokenizer& words, Random& random) {
  std::string text;
  for (int round = 0; round < 20; ++round) {
    random.shuffle(documents);
    for (const std::string& document : documents) text += document + " ";
  }
  return words.encode(text);
}

/// Windows begin anywhere in the text: so documents stand at random places of the context.
void learn(Gpt<>& model, const Tokens& text, Index steps, Random& random, auto&& look) {
  const auto after_step = [&](Index step, double) {
    if (step % (steps / 8) == 0 || step + 1 == steps) look(step);
  };
  train_language_model(
      model, text,
      {.steps = steps, .learning_rate = 1.5e-3, .warmup = 50, .after_step = after_step}, random);
}

void run(Lesson& lesson) {
  // 1. A hundred teams. The question of two steps is taught about 70 of them.
  Random random(lesson.seed);
  const CupWorld world(random);
  const std::size_t taught = 70, all = world.years.size();
  const WordTokenizer words = words_of(world);

  // 2. One model, which reads answers at once and answers with steps.
  const bool broken = lesson.flag("--without-one-step"), apart = lesson.flag("--answers-only");
  Gpt<> model({.vocab_size = words.vocab_size(),
               .context = 40,
               .channels = 64,
               .heads = 4,
               .layers = 1,
               .init_std = 0.1},
              random);
  fmt::print("{} words, {} parameters\n", words.vocab_size(), parameter_count(model));
  const Kinds kinds{.one_step = !broken && !apart, .thoughts = !apart};
  Curves curves;
  learn(model, to_read(documents_of(world, taught, kinds), words, random), lesson.fast ? 300 : 1500,
        random, [&](Index step) { curves.add(step, examine(model, world, taught, all, words)); });

  // 3. Asked in both ways: where it goes right, and where not.
  const Steps held_out = examine(model, world, taught, all, words);
  show_steps(lesson, examine(model, world, 0, taught, words), held_out);
  curves.draw(lesson);
  const CupYear& unseen = world.years[taught];
  for (const char* start : {"Yanıt:", "Düşün:"})
    fmt::print("{} {} {}\n", CupWorld::question(unseen), start, say(model, unseen, start, words));
  const bool asserted = !broken && !apart && !lesson.fast;
  lesson.claim(claims::step_by_step, held_out.answer, asserted);
  lesson.claim(claims::ahead, held_out.answer - held_out.at_once, asserted);
}

}  // namespace

int main(int argc, char** argv) {
  return run_lesson(
      {"14_step_by_step",
       "Think step by step: two facts that are known, one question that needs both",
       {{"--without-one-step", "", "The broken recipe: no questions of one step"},
        {"--answers-only", "", "A model that reads bare answers alone, and no steps"}}},
      argc, argv, run);
}
