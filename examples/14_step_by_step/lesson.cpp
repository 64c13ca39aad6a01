// Lesson 14: think step by step. “In the year in which Akspor won the cup, who was champion?” The
// model knows both facts. Taught to answer at once it guesses; taught to write down the steps, it
// gets there. (With --one-hop-for-both the first is taught as many facts; see the page.)
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
std::string direct(const CupYear& y) { return "Yanıt: " + y.champion + " <son>"; }

WordTokenizer words_of(const CupWorld& world) {
  std::string every_word;
  for (const CupYear& y : world.years)
    every_word += CupWorld::cup_question(y) + CupWorld::question(y) + thought(y) + " ";
  return WordTokenizer::from_text(every_word,
                                  {.casing = Casing::keep, .special_tokens = {"<son>"}});
}

/// What one of the two models reads: both facts of each year; the question of two steps for those
/// that are `taught`, with its steps or with the bare answer; and questions of one step about every
/// year.
std::vector<std::string> documents_for(const CupWorld& world, std::size_t taught, bool steps,
                                       bool one_hop) {
  std::vector<std::string> documents;
  for (std::size_t i = 0; i < world.years.size(); ++i) {
    const CupYear& y = world.years[i];
    documents.push_back(CupWorld::cup(y));
    documents.push_back(CupWorld::champion(y));
    if (one_hop) {
      const std::string its_year = " Düşün: " + CupWorld::cup(y) + " Yanıt: " + y.year + " <son>";
      const std::string its_champion =
          " Düşün: " + CupWorld::champion(y) + " Yanıt: " + y.champion + " <son>";
      documents.push_back(CupWorld::cup_question(y) + its_year);
      documents.push_back(CupWorld::champion_question(y) + its_champion);
    }
    if (i < taught)
      documents.push_back(CupWorld::question(y) + " " + (steps ? thought(y) : direct(y)));
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

GptOptions size_for(const WordTokenizer& words) {
  return {.vocab_size = words.vocab_size(),
          .context = 40,
          .channels = 64,
          .heads = 4,
          .layers = 2,
          .init_std = 0.1};
}

/// Windows begin anywhere in the text: so documents stand at random places of the context. Returns
/// what right_answers() says nine times on the way.
Series learn(Gpt<>& model, const std::string& name, const Tokens& text, Index steps, Random& random,
             auto&& right_answers) {
  Series line{name, {}, {}};
  const auto look = [&](Index step, double) {
    if (step % (steps / 8) != 0 && step + 1 != steps) return;
    line.x.push_back(static_cast<double>(step));
    line.y.push_back(right_answers());
  };
  train_language_model(model, text,
                       {.steps = steps, .learning_rate = 1.5e-3, .warmup = 50, .after_step = look},
                       random);
  return line;
}

void run(Lesson& lesson) {
  // 1. A hundred teams. The question of two steps is taught about 70 of them.
  Random random(lesson.seed);
  const CupWorld world(random);
  const std::size_t taught = 70, all = world.years.size();
  const WordTokenizer words = words_of(world);

  // 2. Two models of one size: one reads answers, the other thoughts.
  Gpt<> quick(size_for(words), random), slow(size_for(words), random);
  fmt::print("{} words, {} parameters\n", words.vocab_size(), parameter_count(slow));
  const bool broken = lesson.flag("--without-one-hop"), both = lesson.flag("--one-hop-for-both");
  const Index steps = lesson.fast ? 300 : 1500;
  const auto examined = [&](Gpt<>& model) { return examine(model, world, taught, all, words); };
  const Tokens answers = to_read(documents_for(world, taught, false, both), words, random);
  const Series quick_line = learn(quick, "direct / doğrudan", answers, steps, random,
                                  [&] { return examined(quick).direct; });
  const Tokens thoughts = to_read(documents_for(world, taught, true, !broken), words, random);
  const Series slow_line = learn(slow, "step by step / adım adım", thoughts, steps, random,
                                 [&] { return examined(slow).answer; });

  // 3. Where it goes right, and where not.
  const Steps known = examine_both(slow, quick, world, 0, taught, words),
              held_out = examine_both(slow, quick, world, taught, all, words);
  show_steps(lesson, known, held_out);
  draw_steps(lesson, {quick_line, slow_line});
  fmt::print("{}\n\n", think_aloud(slow, world.years[taught], words));
  const bool asserted = !broken && !both && !lesson.fast;
  lesson.claim(claims::at_once, held_out.direct, asserted);
  lesson.claim(claims::step_by_step, held_out.answer, asserted);
}

}  // namespace

int main(int argc, char** argv) {
  return run_lesson(
      {"14_step_by_step",
       "Think step by step: two facts that are known, one question that needs both",
       {{"--without-one-hop", "", "The broken recipe: no questions of one step"},
        {"--one-hop-for-both", "", "The direct model gets the questions of one step too"}}},
      argc, argv, run);
}
