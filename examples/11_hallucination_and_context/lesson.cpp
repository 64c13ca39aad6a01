// Lesson 11: hallucination and context. Asked about people of whom it never read a fact, the model
// of lesson 09 answers all the same, and sounds sure. It can be taught to say “Bilmiyorum”, at a
// price; or it can be given the text to answer from.
#include "asking.hpp"
#include "claims.hpp"

using namespace damla;
using namespace damla::report;

namespace {

/// Of the unknown people, those whom the tuning of this lesson tells of; and the strangers, of whom
/// no text tells a fact and who are in no tuning.
std::span<const Person> acquaintances(const Life& life) {
  return std::span(life.world.unknown).first(20);
}
std::span<const Person> strangers_of(const Life& life) {
  return std::span(life.world.unknown).subspan(20);
}

/// Teaches the model to refuse: the acquaintances, beside the questions of lesson 09.
void teach_refusal(Gpt<>& model, Life& life, Index steps) {
  tune(model, steps, 1e-3, [&] {
    if (life.random.chance(0.5)) return draw_question(life);
    return chat_example(life.words, question(life.random.pick(acquaintances(life))), "Bilmiyorum.");
  });
}

/// Teaches the model to answer from a passage: first to copy at all, from random words that repeat;
/// then from passages with random cities.
void teach_context(Gpt<>& model, Life& life, Index warm_up, Index steps) {
  Tokens alphabet;
  for (const Person& p : life.world.told) alphabet.push_back(life.words.token(p.name));
  for (const std::string& city : life.world.cities) alphabet.push_back(life.words.token(city));
  tune(model, warm_up, 1e-3, [&] {
    if (life.random.chance(0.3)) return read_again(life);
    return TuningExample::of({}, repeating_tokens(alphabet, life.size.context, life.random));
  });
  tune(model, steps, 1e-3, [&] {
    if (life.random.chance(0.2)) return read_again(life);
    if (life.random.chance(0.2)) return draw_question(life);
    const std::span<const Person> half = std::span(life.world.known).first(50);
    const Person& p = life.random.pick(life.random.chance(0.5) ? acquaintances(life) : half);
    const std::string& city = life.random.pick(life.world.cities);
    return chat_example(life.words, with_passage(p, city, life.random), city);
  });
}

void hallucination_and_context(Lesson& lesson) {
  Life life(lesson.seed);
  Gpt<> model = instructed_model(lesson, life);
  const std::span<const Person> known = life.world.known, unknown = life.world.unknown,
                                strangers = strangers_of(life);
  const bool asserted = !lesson.fast;

  const Asked about_unknown = ask_all(model, life, unknown, question),
              about_known = ask_all(model, life, known, question);
  fmt::print("{} → {}\n", question(unknown[0]), answer(model, life.words, question(unknown[0])));
  lesson.claim(claims::names_a_city, about_unknown.cities, asserted);
  lesson.claim(claims::sounds_sure, about_unknown.confidence, asserted);

  // “Bilmiyorum”: learnt well, but some of what it knows goes too.
  Gpt<> humble = model;
  teach_refusal(humble, life, lesson.fast ? 150 : 300);
  const Asked refused = ask_all(humble, life, strangers, question);
  const Asked kept = ask_all(humble, life, known.subspan(50), question);
  // With two-word names, whose words are all known, it cannot tell whom it knows.
  Life doubled(lesson.seed, {.unknown = 140, .mentioned = false, .surnames = true});
  Gpt<> unsure(doubled.size, doubled.random);
  pre_train(unsure, doubled, lesson.fast ? 300 : 1000);
  teach_refusal(unsure, doubled, lesson.fast ? 150 : 300);
  const Asked taught2 = ask_all(unsure, doubled, acquaintances(doubled), question);
  const Asked strangers2 = ask_all(unsure, doubled, strangers_of(doubled), question);
  const Asked known2 =
      ask_all(unsure, doubled, std::span(doubled.world.known).subspan(50), question);

  // Context: the answer stands in the prompt.
  const auto passage = [&](const Person& p) { return with_passage(p, p.city, life.random); };
  const Asked without = ask_all(model, life, unknown, passage);
  Gpt<> reader = model;
  teach_context(reader, life,
                lesson.flag("--without-warm-up") ? 0
                : lesson.fast                    ? 100
                                                 : 300,
                lesson.fast ? 150 : 400);
  const Asked with = ask_all(reader, life, strangers, passage);
  const double followed = follows(reader, life, known.subspan(50));
  lesson.table("Asked where people live", "Kişilerin nerede yaşadığı sorulunca",
               {{"model and people", "a city", "right", "Bilmiyorum", "confidence"},
                row("tuned, known", about_known),
                row("tuned, unknown", about_unknown),
                row("taught to refuse, known", kept),
                row("taught to refuse, unknown", refused),
                row("two-word names, known", known2),
                row("two-word names, unknown", strangers2),
                row("two-word names, taught to refuse", taught2),
                row("passage, before, unknown", without),
                row("passage, taught, unknown", with)});
  show_stages(lesson, life,
              {"Adın ne?", question(known[60]), question(strangers[0]), passage(strangers[0])},
              {{"11: taught to refuse", &humble}, {"11: taught to read", &reader}});
  lesson.claim(claims::learns_to_refuse, refused.refused, asserted);
  lesson.claim(claims::refuses_too_much, kept.refused, asserted);
  lesson.claim(claims::refuses_by_heart, taught2.refused, asserted);
  lesson.claim(claims::cannot_tell_apart, strangers2.refused - known2.refused, asserted);
  lesson.claim(claims::passage_does_not_help, without.right, asserted);
  lesson.claim(claims::reads_the_passage, with.right, asserted);
  lesson.claim(claims::follows_the_passage, followed, asserted);
}

}  // namespace

int main(int argc, char** argv) {
  return run_lesson(
      {"11_hallucination_and_context",
       "Hallucination, the taught “Bilmiyorum”, and context",
       {{"--without-warm-up", "", "The broken recipe: no repeating words before the passages"}}},
      argc, argv, hallucination_and_context);
}
