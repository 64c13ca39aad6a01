// Lesson 14: think step by step. “In the year in which Ak Spor won the cup, who was champion?” The
// model knows both facts. One and the same model is asked twice: for the answer at once it can only
// guess; asked for the steps, it gets there.
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

/// What the model reads.
struct Texts {
  std::vector<std::string> facts, questions;

  /// Both facts of each year; questions of one step about every year; and for the years that are
  /// `taught` the question of two steps, answered at once and with its steps. `bare`: of the
  /// questions only those that are answered at once.
  Texts(const CupWorld& world, std::size_t taught, bool bare) {
    for (std::size_t i = 0; i < world.years.size(); ++i) {
      const CupYear& y = world.years[i];
      const std::string cup = CupWorld::cup(y), champion = CupWorld::champion(y);
      facts.insert(facts.end(), {cup, champion});
      if (i < taught) questions.push_back(CupWorld::question(y) + " " + at_once(y));
      if (bare) continue;
      if (i < taught) questions.push_back(CupWorld::question(y) + " " + thought(y));
      questions.push_back(CupWorld::cup_question(y) + " Düşün: " + cup + " Yanıt: " + y.year +
                          " <son>");
      questions.push_back(CupWorld::champion_question(y) + " Düşün: " + champion +
                          " Yanıt: " + y.champion + " <son>");
    }
  }

  /// A question with its answer, or facts in a row that have nothing to do with each other: each is
  /// to be known whatever stands around it.
  std::string draw(Random& random) const {
    if (random.chance(0.5)) return random.pick(questions);
    return random.pick(facts) + " " + random.pick(facts) + " " + random.pick(facts);
  }
};

/// Each step reads 32 of the texts, side by side.
void learn(Gpt<>& model, const Texts& texts, const WordTokenizer& words, Index steps,
           Random& random, auto&& look) {
  const auto after_step = [&](Index step, double) {
    if (step % (steps / 8) == 0 || step + 1 == steps) look(step);
  };
  tune(model,
       {.steps = steps, .batch = 32, .learning_rate = 3e-3, .warmup = 50, .after_step = after_step},
       [&] { return TuningExample::of({}, words.encode(texts.draw(random))); });
}

void run(Lesson& lesson) {
  // 1. A hundred teams. The question of two steps is taught about 70 of them.
  Random random(lesson.seed);
  const CupWorld world(random);
  const std::size_t taught = 70, all = world.years.size();
  const WordTokenizer words = words_of(world);

  // 2. One model, which reads answers at once and answers with steps.
  const bool bare = lesson.flag("--answers-only");
  Gpt<> model({.vocab_size = words.vocab_size(),
               .context = 40,
               .channels = 64,
               .heads = 4,
               .layers = 1,
               .init_std = 0.1},
              random);
  say("{} words, {} parameters\n", "{} kelime, {} parametre\n", words.vocab_size(),
      parameter_count(model));
  Curves curves;
  learn(model, Texts(world, taught, bare), words, lesson.fast ? 300 : 1500, random,
        [&](Index step) { curves.add(step, examine(model, world, taught, all, words)); });

  // 3. Asked in both ways: where it goes right, and where not.
  const Steps held_out = examine(model, world, taught, all, words);
  show_steps(lesson, examine(model, world, 0, taught, words), held_out);
  curves.draw(lesson);
  const CupYear& unseen = world.years[taught];
  for (const char* start : {"Yanıt:", "Düşün:"})
    fmt::print("{} {} {}\n", CupWorld::question(unseen), start, say(model, unseen, start, words));
  const bool asserted = !bare && !lesson.fast;
  lesson.claim(claims::step_by_step, held_out.answer, asserted);
  lesson.claim(claims::at_once, held_out.at_once, !lesson.fast);
}

}  // namespace

int main(int argc, char** argv) {
  return run_lesson({"14_step_by_step",
                     "Think step by step: two facts that are known, one question that needs both",
                     "Adım adım düşünmek: bilinen iki bilgi, ikisini de isteyen tek soru",
                     {{"--answers-only", "", "A model that reads bare answers alone, and no steps",
                       "Yalnız yanıt okuyan, hiç adım okumayan bir model"}}},
                    argc, argv, run);
}
