#pragma once

// What lessons 08 to 11 share: one world, one vocabulary, one model that is carried from lesson to
// lesson.

#include <filesystem>
#include <optional>

#include "damla/damla.hpp"
#include "report/lesson.hpp"
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

/// The model that an earlier lesson of the same tour saved with this seed, if it did.
inline std::optional<Gpt<>> saved_model(const report::Lesson& lesson, Life& life,
                                        const std::string& from) {
  const std::string path = lesson.file_of(from, "model.safetensors");
  if (!std::filesystem::exists(path)) return {};
  Random unused(0);
  Gpt<> model(life.size, unused);
  const Settings settings = load_model(path, model);
  if (!settings.contains("seed") || settings.at("seed") != std::to_string(lesson.seed)) return {};
  return model;
}

/// That model, or, where it is missing, one that `train` makes now.
inline Gpt<> earlier_model(const report::Lesson& lesson, Life& life, const std::string& from,
                           auto&& train) {
  if (std::optional<Gpt<>> saved = saved_model(lesson, life, from)) {
    fmt::print("the model of lesson {} goes on\n", from);
    return *std::move(saved);
  }
  fmt::print("no model of lesson {} with this seed: it is trained now\n", from);
  Gpt<> model(life.size, life.random);
  train(model);
  return model;
}

/// Lesson 08 in one call.
inline void pre_train(Gpt<>& model, Life& life, Index steps = 1000) {
  train_language_model(model, life.words.encode(life.world.text(20, life.random)), {.steps = steps},
                       life.random);
}

/// The answer to a question, greedily.
inline std::string answer(Gpt<>& model, const WordTokenizer& words, const std::string& question) {
  const Tokens said =
      generate_greedy(model, words.encode(chat_prompt(question)), 8, {words.token("<son>")});
  return words.decode(said);
}

/// Tunes a model on question and answer, 32 examples a step, loss on the answers only: the loop of
/// lesson 09 for later ones.
inline void tune(Gpt<>& model, Index steps, double rate, auto&& draw_example) {
  CrossEntropy cross_entropy;
  AdamW optimizer;
  const WarmupCosine schedule{.peak = rate, .warmup = 20, .steps = steps};
  Progress progress("tuning", steps);
  for (Index step = 0; step < steps; ++step) {
    std::vector<TuningExample> examples;
    for (int i = 0; i < 32; ++i) examples.push_back(draw_example());
    const TokenBatch batch = TokenBatch::of(examples);
    const Matrix& logits = model.forward(batch.tokens, batch.T);
    const double loss = cross_entropy.forward(logits, batch.targets);
    zero_gradients(model);
    model.backward(batch.tokens, cross_entropy.backward(logits, batch.targets), batch.T);
    optimizer.learning_rate = schedule(step);
    optimizer.step(model, clip_scale(model, 1.0));
    progress.update(step, loss, batch.B * batch.T);
  }
}

/// One question about one of the first half of the known people, with its answer; now and then the
/// model's own name.
inline TuningExample draw_question(Life& life) {
  if (life.random.chance(0.1)) return chat_example(life.words, "Adın ne?", "Benim adım Damla.");
  const Person& person =
      life.world
          .known[static_cast<std::size_t>(life.random.below(std::ssize(life.world.known) / 2))];
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

/// Lesson 09 in one call: questions about the first half of the people.
inline void instruct(Gpt<>& model, Life& life) {
  tune(model, 300, 2e-3,
       [&] { return life.random.chance(0.3) ? read_again(life) : draw_question(life); });
}

/// The model of lesson 09, or one that has gone the same way.
inline Gpt<> instructed_model(const report::Lesson& lesson, Life& life) {
  return earlier_model(lesson, life, "09_instruction_tuning", [&](Gpt<>& model) {
    pre_train(model, life);
    instruct(model, life);
  });
}

/// Saves the model for the lessons that carry it on.
inline void save_life(const report::Lesson& lesson, const Life& life, Gpt<>& model) {
  Settings settings = gpt_settings(life.size);
  settings["seed"] = std::to_string(lesson.seed);
  save_model(lesson.file("model.safetensors"), model, settings);
}

/// One list of prompts, answered by each stage of the model's life whose lesson has run, and by
/// those given.
inline void show_stages(report::Lesson& lesson, Life& life, const std::vector<std::string>& prompts,
                        const std::vector<std::pair<std::string, Gpt<>*>>& here) {
  std::vector<std::vector<std::string>> rows{{"prompt"}};
  for (const std::string& prompt : prompts) rows.push_back({prompt});
  const auto add = [&](const std::string& name, Gpt<>& model) {
    rows[0].push_back(name);
    for (std::size_t i = 0; i < prompts.size(); ++i)
      rows[i + 1].push_back(answer(model, life.words, prompts[i]));
  };
  for (const char* from : {"08_pre_training", "09_instruction_tuning", "10_preferences"})
    if (std::optional<Gpt<>> model = saved_model(lesson, life, from)) add(from, *model);
  for (const auto& [name, model] : here) add(name, *model);
  lesson.table("One model's life: the same prompts at each stage",
               "Bir modelin yaşamı: her aşamada aynı sorular", rows);
}

}  // namespace damla::worlds
