#pragma once

// The tables of lesson 12.

#include <fmt/core.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "asking.hpp"
#include "report/saved_model.hpp"

namespace damla {

/// What each model says about whom, a row each.
struct AskedTable {
  std::vector<std::vector<std::string>> rows{{"model and people / model ve kişiler",
                                              "a city / bir şehir", "right / doğru", "Bilmiyorum",
                                              "confidence / güven"}};

  void add(const std::string& name, const Asked& a) {
    rows.push_back({name, fmt::format("{:.0f} %", a.cities), fmt::format("{:.0f} %", a.right),
                    fmt::format("{:.0f} %", a.refused), fmt::format("{:.2f}", a.confidence)});
  }
};

/// One list of prompts, answered by each stage of the model's life whose lesson has run, and by
/// those given.
inline void show_stages(report::Lesson& lesson, const Life& life,
                        const std::vector<std::string>& prompts,
                        const std::vector<std::pair<std::string, Gpt<>*>>& here) {
  std::vector<std::vector<std::string>> rows{{"prompt / istem"}};
  for (const std::string& prompt : prompts) rows.push_back({prompt});
  const auto add = [&](const std::string& name, Gpt<>& model) {
    rows[0].push_back(name);
    for (std::size_t i = 0; i < prompts.size(); ++i)
      rows[i + 1].push_back(answer(model, life.words, prompts[i]));
  };
  for (const char* from : {"09_pre_training", "10_instruction_tuning", "11_preferences"})
    if (std::optional<Gpt<>> model = report::saved_model(lesson, life, from)) add(from, *model);
  for (const auto& [name, model] : here) add(name, *model);
  lesson.table("One model's life: the same prompts at each stage",
               "Bir modelin yaşamı: her aşamada aynı sorular", rows);
}

}  // namespace damla
