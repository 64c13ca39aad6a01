// Lesson 12: hallucination and context. Asked about people of whom it never read a fact, the model
// of lesson 10 answers all the same, and sounds sure. It can be taught to say “Bilmiyorum”, at a
// price; or it can be given the text to answer from.
#include <fmt/core.h>

#include "asking.hpp"
#include "claims.hpp"
#include "report/saved_model.hpp"
#include "tables.hpp"
#include "worlds/life.hpp"
#include "worlds/tasks.hpp"

using namespace damla;
using namespace damla::worlds;
using namespace damla::report;

namespace {

/// Of the unknown people, those whom the tuning of this lesson tells of; and the strangers, of whom
/// no text tells a fact and who are in no tuning.
std::span<const Person> acquaintances(const Life& life) {
  return std::span(life.world.unknown).first(20);
}
std::span<const Person> strangers(const Life& life) {
  return std::span(life.world.unknown).subspan(20);
}
/// The known people about whom lesson 10 asked nothing.
std::span<const Person> never_asked(const Life& life) {
  return std::span(life.world.known).subspan(50);
}

void hallucinate(Lesson& lesson, Life& life, Gpt<>& model, AskedTable& table) {
  const std::vector<Person>& unknown = life.world.unknown;
  const Asked about_known = ask_all(model, life, life.world.known, question),
              about_unknown = ask_all(model, life, unknown, question);
  fmt::print("{} → {}\n", question(unknown[0]), answer(model, life.words, question(unknown[0])));
  table.add("tuned, known", about_known);
  table.add("tuned, unknown", about_unknown);
  lesson.claim(claims::names_a_city, about_unknown.cities, !lesson.fast);
  lesson.claim(claims::sounds_sure, about_unknown.confidence, !lesson.fast);
}

/// Teaches the model to refuse: the acquaintances, beside the questions of lesson 10.
void teach_refusal(Gpt<>& model, Life& life, Index steps) {
  tune(model, {.steps = steps, .learning_rate = 1e-3, .warmup = 20}, [&] {
    if (life.random.chance(0.5)) return draw_question(life);
    return chat_example(life.words, question(life.random.pick(acquaintances(life))), "Bilmiyorum.");
  });
}

/// “Bilmiyorum”: learnt well, but some of what it knows goes too.
void refuse(Lesson& lesson, Life& life, Gpt<>& model, AskedTable& table) {
  teach_refusal(model, life, lesson.fast ? 150 : 300);
  const Asked refused = ask_all(model, life, strangers(life), question);
  const Asked kept = ask_all(model, life, never_asked(life), question);
  table.add("taught to refuse, known", kept);
  table.add("taught to refuse, unknown", refused);
  lesson.claim(claims::learns_to_refuse, refused.refused, !lesson.fast);
  lesson.claim(claims::refuses_too_much, kept.refused, !lesson.fast);
}

/// With two-word names, whose words are all known, it cannot tell whom it knows.
void refuse_two_word_names(Lesson& lesson, AskedTable& table) {
  Life doubled(lesson.seed, {.unknown = 140, .mentioned = false, .surnames = true});
  Gpt<> unsure(doubled.size, doubled.random);
  pre_train(unsure, doubled, lesson.fast ? 300 : 1000);
  teach_refusal(unsure, doubled, lesson.fast ? 150 : 300);
  const Asked known = ask_all(unsure, doubled, never_asked(doubled), question);
  const Asked unknown = ask_all(unsure, doubled, strangers(doubled), question);
  const Asked taught = ask_all(unsure, doubled, acquaintances(doubled), question);
  table.add("two-word names, known", known);
  table.add("two-word names, unknown", unknown);
  table.add("two-word names, taught to refuse", taught);
  lesson.claim(claims::refuses_by_heart, taught.refused, !lesson.fast);
  lesson.claim(claims::cannot_tell_apart, unknown.refused - known.refused, !lesson.fast);
}

/// Teaches the model to answer from a passage: first to copy at all, from random words that repeat;
/// then from passages with random cities.
void teach_context(Gpt<>& model, Life& life, Index warm_up, Index steps) {
  Tokens alphabet;
  for (const Person& p : life.world.told) alphabet.push_back(life.words.token(p.name));
  for (const std::string& city : life.world.cities) alphabet.push_back(life.words.token(city));
  if (warm_up > 0)
    tune(model, {.steps = warm_up, .learning_rate = 1e-3, .warmup = 20}, [&] {
      if (life.random.chance(0.3)) return read_again(life);
      return TuningExample::of({}, repeating_tokens(alphabet, life.size.context, life.random));
    });
  tune(model, {.steps = steps, .learning_rate = 1e-3, .warmup = 20}, [&] {
    if (life.random.chance(0.2)) return read_again(life);
    if (life.random.chance(0.2)) return draw_question(life);
    const std::span<const Person> half = std::span(life.world.known).first(50);
    const Person& p = life.random.pick(life.random.chance(0.5) ? acquaintances(life) : half);
    const std::string& city = life.random.pick(life.world.cities);
    return chat_example(life.words, with_passage(p, city, life.random), city);
  });
}

/// Context: the answer stands in the prompt.
void read_passages(Lesson& lesson, Life& life, Gpt<>& model, AskedTable& table) {
  const auto passage = [&](const Person& p) { return with_passage(p, p.city, life.random); };
  const Asked before = ask_all(model, life, life.world.unknown, passage);
  const Index warm_up = lesson.fast ? 100 : 300;
  teach_context(model, life, lesson.flag("--without-warm-up") ? 0 : warm_up,
                lesson.fast ? 150 : 400);
  const Asked after = ask_all(model, life, strangers(life), passage);
  table.add("passage, before, unknown", before);
  table.add("passage, taught, unknown", after);
  lesson.claim(claims::passage_does_not_help, before.right, !lesson.fast);
  lesson.claim(claims::reads_the_passage, after.right, !lesson.fast);
  lesson.claim(claims::follows_the_passage, follows(model, life, never_asked(life)), !lesson.fast);
}

void run(Lesson& lesson) {
  Life life(lesson.seed);
  Gpt<> model = instructed_model(lesson, life);
  Gpt<> humble = model, reader = model;
  AskedTable table;
  hallucinate(lesson, life, model, table);
  refuse(lesson, life, humble, table);
  refuse_two_word_names(lesson, table);
  read_passages(lesson, life, reader, table);
  lesson.table("Asked where people live", "Kişilerin nerede yaşadığı sorulunca", table.rows);
  const Person& stranger = strangers(life)[0];
  show_stages(lesson, life,
              {"Adın ne?", question(never_asked(life)[10]), question(stranger),
               with_passage(stranger, stranger.city, life.random)},
              {{"11: taught to refuse", &humble}, {"11: taught to read", &reader}});
}

}  // namespace

int main(int argc, char** argv) {
  return run_lesson(
      {"12_hallucination_and_context",
       "Hallucination, the taught “Bilmiyorum”, and context",
       {{"--without-warm-up", "", "The broken recipe: no repeating words before the passages"}}},
      argc, argv, run);
}
