#pragma once

// The tables and the picture of lesson 15.

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "damla/models/size.hpp"
#include "habit.hpp"
#include "report/lesson.hpp"
#include "report/picture.hpp"
#include "rounding.hpp"

namespace damla::report {

constexpr WeightType weight_types[] = {WeightType::f32, WeightType::bf16, WeightType::f16,
                                       WeightType::q8_0};

/// Where the model's numbers are.
template <class Model>
void show_parts(Lesson& lesson, const Model& model, const AnyTokenizer& tokenizer) {
  const auto& o = model.options;
  say("{} layers, {} channels, {} heads, {} words ({}), context {}\n",
      "{} katman, {} kanal, {} kafa, {} kelime ({}), bağlam {}\n", o.layers, o.channels, o.heads,
      o.vocab_size,
      tokenizer.kind() == "byte pairs" ? in_language("byte pairs / bayt çifti")
                                       : std::string(tokenizer.kind()),
      o.context);
  const ParameterCounts n = parameters_by_part(o);
  std::vector<std::vector<std::string>> rows{{"part / parça", "parameters / parametre", "%"}};
  for (const auto& [name, count] : {std::pair{"token embedding / token gömmesi", n.token_embedding},
                                    {"positions / konumlar", n.positions},
                                    {"attention / dikkat", n.attention},
                                    {"feed-forward / ileri besleme", n.feed_forward},
                                    {"norms / normlar", n.norms},
                                    {"head / çıkış başlığı", n.head},
                                    {"all / hepsi", n.sum()}})
    rows.push_back(
        {name, std::to_string(count),
         fmt::format("{:.1f}", 100.0 * static_cast<double>(count) / static_cast<double>(n.sum()))});
  lesson.table("Where its parameters are", "Parametreleri nerede", rows);
}

/// A model that learned the habit: at which rate, with how many numbers, what it answers, and how
/// much higher its loss on old text is.
struct Habitual {
  std::string name;
  double rate;
  Index trained;
  std::vector<std::string> answers;
  double cost;
};

inline void show_answers(Lesson& lesson, const Habit& habit, const std::vector<Habitual>& models) {
  std::vector<std::vector<std::string>> rows{{"question / soru"}};
  for (const Habitual& model : models)
    rows[0].push_back(model.trained == 0
                          ? model.name
                          : fmt::format("{0}, {2:g} / {1}, {2:g}",
                                        in_language(model.name, Language::english),
                                        in_language(model.name, Language::turkish), model.rate));
  for (std::size_t i = 0; i < 4; ++i) {
    const Fact fact = i % 2 == 0 ? Fact::city : Fact::job;
    rows.push_back({PeopleWorld::question(habit.others[i / 2], fact)});
    for (const Habitual& model : models) rows.back().push_back(model.answers[i]);
  }
  lesson.table("What they answer", "Ne yanıt veriyorlar", rows);
}

inline void show_habit(Lesson& lesson, const Habit& habit, const std::vector<Habitual>& models) {
  std::vector<std::vector<std::string>> rows{
      {"model", "learning rate / öğrenme oranı", "numbers trained / eğitilen sayı",
       "polite / kibar", "right / doğru", "nats on old text / eski metinde nat"}};
  for (const Habitual& model : models) {
    const Habit::Score score = habit.score(model.answers);
    rows.push_back({model.name, fmt::format("{:g}", model.rate), std::to_string(model.trained),
                    fmt::format("{:.0f} %", score.polite), fmt::format("{:.0f} %", score.right),
                    fmt::format("{:+.3f}", model.cost)});
  }
  lesson.table("A habit, and what it costs elsewhere: people never asked about in tuning",
               "Bir alışkanlık ve başka yerdeki bedeli: ayarda hiç sorulmamış kişiler", rows);
}

/// The types of weights that models are kept in.
template <class Model>
void show_types(Lesson& lesson, const Model& model, const std::map<WeightType, Cost>& costs) {
  std::vector<std::vector<std::string>> rows{{"weights / ağırlıklar", "bits / bit", "bytes / bayt",
                                              "loss above 32 bits / 32 bitin üstündeki kayıp",
                                              "KL"}};
  const double all = weight_bytes(CompactModel(model, WeightType::f32));
  for (const auto& [type, cost] : costs) {
    const double bytes = weight_bytes(CompactModel(model, type));
    rows.push_back({std::string(name_of(type)), fmt::format("{:.1f}", 32 * bytes / all),
                    fmt::format("{:.0f}", bytes), fmt::format("{:.5f}", cost.loss),
                    fmt::format("{:.6f}", cost.kl)});
  }
  lesson.table("Weights with fewer bits, in nats a token",
               "Daha az bitli ağırlıklar, token başına nat", rows);
}

/// What 8 … 2 bits cost.
inline void show_bits(Lesson& lesson, const std::map<int, Cost>& costs) {
  std::vector<std::vector<std::string>> rows{
      {"bits / bit", "loss above 32 bits / 32 bitin üstündeki kayıp", "KL", "step² / adım²"}};
  Series measured{"KL", {}, {}}, rule{"step² / adım²", {}, {}};
  const auto step = [](int bits) { return 1.0 / ((1 << (bits - 1)) - 1); };
  for (const auto& [bits, cost] : costs) {
    const double expected = costs.at(6).kl * std::pow(step(bits) / step(6), 2);
    rows.push_back({std::to_string(bits), fmt::format("{:.5f}", cost.loss),
                    fmt::format("{:.6f}", cost.kl), fmt::format("{:.6f}", expected)});
    measured.x.push_back(bits), measured.y.push_back(cost.kl);
    rule.x.push_back(bits), rule.y.push_back(expected);
  }
  lesson.table("Fewer bits, in nats a token; step²: what the KL of 6 bits makes one expect",
               "Daha az bit, token başına nat; adım²: 6 bitin KL'sine göre beklenen", rows);
  draw_lines(lesson.picture("bits", "What fewer bits cost, beside the square of the step",
                            "Daha az bitin bedeli ve yanında adımın karesi"),
             {.title = "Bits against nats / Bite karşı nat",
              .x = "bits / bit",
              .y = "KL, nats / KL, nat",
              .log_y = true},
             {measured, rule});
}

/// Tokens a second with each type of weights, which take turns; the median of five.
template <class Model>
void show_speed(Lesson& lesson, const Model& model, Index tokens) {
  std::vector<CompactModel> models;
  for (const WeightType type : weight_types) models.emplace_back(model, type);
  std::vector<std::vector<double>> speeds(models.size());
  for (int turn = 0; turn < 5; ++turn)
    for (std::size_t i = 0; i < models.size(); ++i) {
      TransformerCache cache = models[i].make_cache();
      const auto start = std::chrono::steady_clock::now();
      for (Index t = 0; t < tokens; ++t) models[i].forward_next(Tokens{0}, cache);
      const std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
      speeds[i].push_back(static_cast<double>(tokens) / time.count());
    }
  std::vector<std::vector<std::string>> rows{{"weights / ağırlıklar", "MB",
                                              "tokens a second / saniyede token",
                                              "times f32 / f32'nin katı"}};
  const auto median = [](std::vector<double>& v) {
    std::nth_element(v.begin(), v.begin() + 2, v.end());
    return v[2];
  };
  const double f32 = median(speeds[0]);
  for (std::size_t i = 0; i < models.size(); ++i)
    rows.push_back({std::string(name_of(weight_types[i])),
                    fmt::format("{:.1f}", weight_bytes(models[i]) / 1e6),
                    fmt::format("{:.0f}", median(speeds[i])),
                    fmt::format("{:.2f}", median(speeds[i]) / f32)});
  lesson.table(
      fmt::format("Speed against bits: a model of {} parameters", parameter_count(model.options)),
      fmt::format("Bite karşı hız: {} parametreli bir model", parameter_count(model.options)),
      rows);
}

}  // namespace damla::report
