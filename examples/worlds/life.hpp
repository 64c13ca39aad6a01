#pragma once

// What lessons 09 to 12 share: one world, and one vocabulary for a model that is carried from
// lesson to lesson.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <span>

#include "damla/damla.hpp"
#include "worlds/match_report.hpp"
#include "worlds/people.hpp"
#include "worlds/references.hpp"

namespace damla::worlds {

/// For how long the model reads; `fast` is for a first look.
inline Index pre_training_steps(bool fast) { return fast ? 120 : 1200; }

struct LifeOptions {
  PeopleOptions people{};
  bool others = true;     ///< besides people, books and match reports
  bool summaries = true;  ///< behind each match report
};

/// The world of a seed, the words for the model's whole life, and its size.
struct Life {
  Random random;
  ReferenceWorld books;
  PeopleWorld world;
  LifeOptions options;
  WordTokenizer words;
  GptOptions size;

  explicit Life(std::uint64_t seed, const LifeOptions& o = {})
      : random(seed),
        books(random),
        world(o.people, random),
        options(o),
        words(WordTokenizer::from_text(
            world.every_word() + " " + ReferenceWorld::every_word() + " " + match_every_word(),
            {.casing = Casing::keep, .special_tokens = chat_tokens()})),
        size{.vocab_size = words.vocab_size(),
             .context = 40,
             .channels = 64,
             .heads = 4,
             .layers = 2,
             .init_std = 0.05} {}
};

/// What the model reads in pre-training, in random order: people, books, and match reports.
inline std::string life_text(Life& life) {
  std::vector<std::string> all = life.world.sentences(20, life.random);
  if (life.options.others) {
    for (std::string& sentence : life.books.sentences(30)) all.push_back(std::move(sentence));
    // With 7,000, seed 11 came to copy a team's name too late.
    for (int i = 0; i < 10000; ++i) {
      const MatchReport report = draw_match(false, life.random);
      all.push_back(report.text + (life.options.summaries ? " Özet: " + report.summary : ""));
    }
  }
  life.random.shuffle(all);
  return fmt::format("{}", fmt::join(all, " "));
}

/// Whom lesson 10 asks about: the first half of the known people. The others are kept for the test.
inline std::span<const Person> asked_people(const Life& life) {
  return std::span(life.world.known).first(life.world.known.size() / 2);
}
inline std::span<const Person> other_people(const Life& life) {
  return std::span(life.world.known).subspan(life.world.known.size() / 2);
}

/// One question about one of them, with its answer; now and then the model's own name. Of everybody
/// two things are asked, so that the words of the question decide what kind of answer it gets, and
/// not only the name in it.
inline TuningExample draw_question(Life& life) {
  if (life.random.chance(0.1)) return chat_example(life.words, "Adın ne?", "Benim adım Damla.");
  const Person& person = life.random.pick(asked_people(life));
  const Fact fact = life.random.chance(0.5) ? Fact::city : Fact::job;
  return chat_example(life.words, PeopleWorld::question(person, fact),
                      PeopleWorld::value(person, fact));
}

/// A sentence from pre-training: read again now and then, so that tuning does not push out what the
/// model knows.
inline TuningExample read_again(Life& life) {
  if (life.options.others && life.random.chance(0.3))
    return TuningExample::of({}, life.words.encode(life.random.pick(life.books.sentences(1))));
  const Person& person = life.random.pick(life.world.told);
  const Fact fact = life.random.chance(0.5) ? Fact::city : Fact::job;
  const int paraphrase = static_cast<int>(life.random.below(paraphrases));
  return TuningExample::of({}, life.words.encode(PeopleWorld::sentence(person, fact, paraphrase)));
}

/// Lesson 09 in one call: reads the text.
inline void pre_train(Gpt<>& model, Life& life, Index steps) {
  train_language_model(model, life.words.encode(life_text(life)), {.steps = steps}, life.random);
}

/// Lesson 10 in one call: questions with their answers, among sentences from pre-training, of which
/// `old` is the share.
inline void instruct(Gpt<>& model, Life& life, Index steps = 300, double old = 0.3) {
  tune(model, {.steps = steps, .learning_rate = 4e-3, .warmup = 20},
       [&] { return life.random.chance(old) ? read_again(life) : draw_question(life); });
}

}  // namespace damla::worlds
