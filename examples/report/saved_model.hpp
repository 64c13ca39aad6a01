#pragma once

// The model that one lesson saves and a later one of the same tour takes up.

#include <fmt/core.h>

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "report/lesson.hpp"
#include "worlds/life.hpp"

namespace damla::report {

/// Which words the model knows: a world that was changed since has others.
inline std::string words_of(const worlds::Life& life) {
  std::string all;
  for (Token t = 0; t < life.words.vocab_size(); ++t) all += life.words.piece(t) + ' ';
  return fmt::format("{:x}", std::hash<std::string>{}(all));
}

/// Saves the model for the lessons that carry it on.
inline void save_life(const Lesson& lesson, const worlds::Life& life, Gpt<>& model) {
  Settings settings = gpt_settings(life.size);
  settings["seed"] = std::to_string(lesson.seed);
  settings["fast"] = lesson.fast ? "yes" : "no";
  settings["words"] = words_of(life);
  save_model(lesson.file("model.safetensors"), model, settings);
}

/// The model that an earlier lesson of the same tour saved with this seed and as long a run, if it
/// did.
inline std::optional<Gpt<>> saved_model(const Lesson& lesson, const worlds::Life& life,
                                        const std::string& from) {
  const std::string path = lesson.file_of(from, "model.safetensors");
  if (!std::filesystem::exists(path)) return {};
  const Settings settings = read_tensors(path).settings;
  const auto has = [&](const char* name, const std::string& value) {
    return settings.contains(name) && settings.at(name) == value;
  };
  if (!has("seed", std::to_string(lesson.seed)) || !has("fast", lesson.fast ? "yes" : "no") ||
      !has("words", words_of(life)))
    return {};
  Random unused(0);
  Gpt<> model(life.size, unused);
  load_model(path, model);
  return model;
}

/// That model, or, where it is missing, one that `train` makes now.
inline Gpt<> earlier_model(const Lesson& lesson, worlds::Life& life, const std::string& from,
                           auto&& train) {
  if (std::optional<Gpt<>> saved = saved_model(lesson, life, from)) {
    say("the model of lesson {} goes on\n", "{} dersinin modeli sürüyor\n", from);
    return *std::move(saved);
  }
  say("no model of lesson {} with this seed: it is trained now\n",
      "bu tohumla {} dersinin modeli yok: şimdi eğitiliyor\n", from);
  Gpt<> model(life.size, life.random);
  train(model);
  return model;
}

/// The model of lesson 09, or one that has read the same text.
inline Gpt<> pre_trained_model(const Lesson& lesson, worlds::Life& life) {
  return earlier_model(lesson, life, "09_pre_training", [&](Gpt<>& model) {
    pre_train(model, life, worlds::pre_training_steps(lesson.fast));
  });
}

/// The model of lesson 10, or one that is made in the same way from base(), lesson 09's.
inline Gpt<> instructed_model(const Lesson& lesson, worlds::Life& life, auto&& base) {
  return earlier_model(lesson, life, "10_instruction_tuning", [&](Gpt<>& model) {
    model = base();
    instruct(model, life, lesson.fast ? 100 : 300);
  });
}

}  // namespace damla::report
