#pragma once

// What lessons 09 to 12 share: one world, and one vocabulary for a model that is carried from
// lesson to lesson.

#include "damla/damla.hpp"
#include "worlds/people.hpp"

namespace damla::worlds {

/// The people of a seed, the words for the model's whole life, and its size.
struct Life {
  Random random;
  PeopleWorld world;
  WordTokenizer words;
  GptOptions size;

  explicit Life(std::uint64_t seed, const PeopleOptions& people = {})
      : random(seed),
        world(people, random),
        words(WordTokenizer::from_text(world.every_word(),
                                       {.casing = Casing::keep, .special_tokens = chat_tokens()})),
        size{.vocab_size = words.vocab_size(),
             .context = 32,
             .channels = 64,
             .heads = 4,
             .layers = 2,
             .init_std = 0.05} {}
};

/// One question about one of the first half of the known people, with its answer; now and then the
/// model's own name.
inline TuningExample draw_question(Life& life) {
  if (life.random.chance(0.1)) return chat_example(life.words, "Adın ne?", "Benim adım Damla.");
  const Index half = std::ssize(life.world.known) / 2;
  const Person& person = life.world.known[static_cast<std::size_t>(life.random.below(half))];
  const Fact fact = life.random.chance(0.5) ? Fact::city : Fact::job;
  return chat_example(life.words, PeopleWorld::question(person, fact),
                      PeopleWorld::value(person, fact));
}

/// A sentence from pre-training: read again now and then, so that tuning does not push out what the
/// model knows.
inline TuningExample read_again(Life& life) {
  const Person& person = life.random.pick(life.world.told);
  const Fact fact = life.random.chance(0.5) ? Fact::city : Fact::job;
  const int paraphrase = static_cast<int>(life.random.below(paraphrases));
  return TuningExample::of({}, life.words.encode(PeopleWorld::sentence(person, fact, paraphrase)));
}

/// Lesson 09 in one call: reads about the people.
inline void pre_train(Gpt<>& model, Life& life, Index steps = 1000) {
  train_language_model(model, life.words.encode(life.world.text(20, life.random)), {.steps = steps},
                       life.random);
}

/// Lesson 10 in one call: questions about the first half of the people.
inline void instruct(Gpt<>& model, Life& life) {
  tune(model, {.steps = 300, .learning_rate = 2e-3, .warmup = 20},
       [&] { return life.random.chance(0.3) ? read_again(life) : draw_question(life); });
}

}  // namespace damla::worlds
