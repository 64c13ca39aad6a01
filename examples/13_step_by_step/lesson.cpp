// Lesson 13: think step by step. “In the year in which Akspor won the cup, who was champion?” The
// model knows both facts. Taught to answer at once it guesses; taught to write down the steps, it
// gets there. (With --one-hop-for-both the first is taught as many facts; see the page.)
#include <fmt/core.h>

#include "asking.hpp"
#include "claims.hpp"
#include "report/picture.hpp"

using namespace damla;
using namespace damla::report;

namespace {
std::string thought(const CupYear& y) {
  return "Düşün: " + CupWorld::cup(y) + " " + CupWorld::champion(y) + " Yanıt: " + y.champion +
         " <son>";
}
std::string direct(const CupYear& y) { return "Yanıt: " + y.champion + " <son>"; }

/// What one of the two models reads: both facts of each year; the question of two steps for those
/// that are `taught`, with its steps or with the bare answer; and questions of one step about every
/// year. Each round in another random order.
Tokens to_read(const CupWorld& world, std::size_t taught, bool steps, bool one_hop,
               const WordTokenizer& words, Random& random) {
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
  std::string text;
  for (int round = 0; round < 20; ++round) {
    random.shuffle(documents);
    for (const std::string& document : documents) text += document + " ";
  }
  return words.encode(text);
}

/// Windows begin anywhere in the text: so documents stand at random places of the context.
void train(Gpt<>& model, const Tokens& text, Index steps, Random& random, auto&& look) {
  TokenBatch batch(32, model.options.context);
  CrossEntropy cross_entropy;
  AdamW optimizer;
  const WarmupCosine schedule{.peak = 1.5e-3, .warmup = 50, .steps = steps};
  Progress progress("training", steps);
  for (Index step = 0; step < steps; ++step) {
    batch.draw(text, random);
    const Matrix& logits = model.forward(batch.tokens, batch.T);
    const double loss = cross_entropy.forward(logits, batch.targets);
    zero_gradients(model);
    model.backward(batch.tokens, cross_entropy.backward(logits, batch.targets), batch.T);
    optimizer.learning_rate = schedule(step);
    optimizer.step(model, clip_scale(model, 1.0));
    progress.update(step, loss, batch.B * batch.T);
    if (step % (steps / 8) == 0 || step + 1 == steps) look(step);
  }
}

void step_by_step(Lesson& lesson) {
  Random random(lesson.seed);
  const CupWorld world(random);
  const std::size_t taught = 70, all = world.years.size();
  std::string every_word;
  for (const CupYear& y : world.years)
    every_word += CupWorld::cup_question(y) + CupWorld::question(y) + thought(y) + " ";
  const auto words =
      WordTokenizer::from_text(every_word, {.casing = Casing::keep, .special_tokens = {"<son>"}});
  const GptOptions size{.vocab_size = words.vocab_size(),
                        .context = 40,
                        .channels = 64,
                        .heads = 4,
                        .layers = 2,
                        .init_std = 0.1};
  Gpt<> quick(size, random), slow(size, random);
  fmt::print("{} words, {} parameters\n", words.vocab_size(), parameter_count(slow));

  const bool broken = lesson.flag("--without-one-hop"), both = lesson.flag("--one-hop-for-both");
  const Index training_steps = lesson.fast ? 300 : 1500;
  Series quick_line{"direct / doğrudan", {}, {}}, slow_line{"step by step / adım adım", {}, {}};
  const auto look = [&](Gpt<>& model, Series& line, double Steps::*part) {
    return [&, part](Index step) {
      line.x.push_back(static_cast<double>(step));
      line.y.push_back(examine(model, world, taught, all, words).*part);
    };
  };
  const Tokens answers = to_read(world, taught, false, both, words, random);
  train(quick, answers, training_steps, random, look(quick, quick_line, &Steps::direct));
  const Tokens thoughts = to_read(world, taught, true, !broken, words, random);
  train(slow, thoughts, training_steps, random, look(slow, slow_line, &Steps::answer));

  Steps known = examine(slow, world, 0, taught, words),
        held_out = examine(slow, world, taught, all, words);
  known.direct = examine(quick, world, 0, taught, words).direct;
  held_out.direct = examine(quick, world, taught, all, words).direct;
  std::vector<std::vector<std::string>> rows{{"step", "taught", "held out"}};
  for (const auto& [name, part] : {std::pair{"copies the team", &Steps::team},
                                   {"finds its year", &Steps::year},
                                   {"finds that year's champion", &Steps::champion},
                                   {"step by step: the answer", &Steps::answer},
                                   {"directly: the answer", &Steps::direct}})
    rows.push_back(
        {name, fmt::format("{:.0f} %", known.*part), fmt::format("{:.0f} %", held_out.*part)});
  lesson.table("Where it goes right: questions that it was taught, and others",
               "Nerede doğru yapıyor: öğretilen sorular ve ötekiler", rows);
  draw_lines(
      lesson.picture("steps", "Answers about held-out teams while it learns",
                     "Öğrenirken, hiç sorulmamış takımlar hakkındaki yanıtlar"),
      {.title = "Adım adım / step by step", .x = "step / adım", .y = "%", .y_range = {0, 105}},
      {quick_line, slow_line});
  const std::string asked = CupWorld::question(world.years[taught]) + " Düşün:";
  fmt::print("{} {}\n\n", asked,
             words.decode(generate_greedy(slow, words.encode(asked), 20, {words.token("<son>")})));
  const bool asserted = !broken && !both && !lesson.fast;
  lesson.claim(claims::at_once, held_out.direct, asserted);
  lesson.claim(claims::step_by_step, held_out.answer, asserted);
}

}  // namespace

int main(int argc, char** argv) {
  return run_lesson(
      {"13_step_by_step",
       "Think step by step: two facts that are known, one question that needs both",
       {{"--without-one-hop", "", "The broken recipe: no questions of one step"},
        {"--one-hop-for-both", "", "The direct model gets the questions of one step too"}}},
      argc, argv, step_by_step);
}
