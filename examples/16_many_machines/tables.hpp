#pragma once

// The tables and pictures of lesson 16.

#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "cost.hpp"
#include "report/picture.hpp"
#include "start.hpp"

namespace damla::report {

/// What others reached: how many machines, and the share of the time in which they would have done
/// the work without ever waiting (6·N operations a token at the speed that the maker gives).
struct Published {
  std::string name;
  double machines, share;
};
/// Megatron-LM (Narayanan et al., 2021) counts 8·N a token, as it computes activations twice; the
/// others are in PaLM's table 3 (Chowdhery et al., 2022).
inline const Published published[] = {{"GPT-3, Megatron-LM, A100", 1024, 140.0 / 312 * 6 / 8},
                                      {"Megatron-Turing NLG, A100", 2240, 0.302},
                                      {"Gopher, TPU v3", 4096, 0.325},
                                      {"PaLM, TPU v4", 6144, 0.462}};

/// A run beside what the model of cost says: from the time that one process takes for a rank's part
/// of a step, and from the link.
struct Measured {
  std::string name;
  Run run;
  Index steps, batch;
  double work;  // seconds of a rank's part, alone
};

inline double predicted_seconds(const Measured& m, const Link& link) {
  const auto n = static_cast<double>(m.run.trained.ranks);
  const double processors = std::max(1u, std::thread::hardware_concurrency());
  return m.work * std::max(1.0, n / processors) +
         sent_share(n) * m.run.trained.bytes / link.bandwidth +
         2 * (n - 1) * link.latency * static_cast<double>(m.run.trained.matrices);
}

inline void show_runs(Lesson& lesson, const std::vector<Measured>& runs, const Link& link) {
  std::vector<std::vector<std::string>> rows{{"", "tokens a second / saniyede token",
                                              "ms a step / adım başına ms", "predicted / tahmin",
                                              "MB sent a step / adımda gönderilen MB", "2(n-1)/n",
                                              "AdamW's state, MB / AdamW'nin durumu, MB"}};
  for (const Measured& m : runs) {
    const Trained& t = m.run.trained;
    const auto n = static_cast<double>(t.ranks);
    rows.push_back(
        {m.name, fmt::format("{:.0f}", 32 * static_cast<double>(m.batch) / t.seconds),
         fmt::format("{:.1f}", 1e3 * t.seconds),
         fmt::format("{:.1f}", 1e3 * predicted_seconds(m, link)),
         m.run.sent ? fmt::format("{:.2f}", *m.run.sent / static_cast<double>(m.steps) / 1e6) : "-",
         fmt::format("{:.2f}", sent_share(n) * t.bytes / 1e6),
         fmt::format("{:.2f}", *std::max_element(t.moments.begin(), t.moments.end()) / 1e6)});
  }
  lesson.table(fmt::format("A rank's step; the link: {:.2g} GB/s, {:.1f} µs", link.bandwidth / 1e9,
                           1e6 * link.latency),
               decimal_comma(fmt::format("Bir sürecin adımı; bağlantı: {:.2g} GB/sn, {:.1f} µs",
                                         link.bandwidth / 1e9, 1e6 * link.latency)),
               rows);
}

/// Losses of all steps, one process and many.
inline void draw_losses(Lesson& lesson, const std::vector<Measured>& runs) {
  std::vector<Series> lines;
  for (const Measured& m : runs) {
    lines.push_back({m.name, {}, m.run.trained.losses});
    for (std::size_t i = 1; i <= m.run.trained.losses.size(); ++i)
      lines.back().x.push_back(static_cast<double>(i));
  }
  draw_lines(lesson.picture("losses", "Losses of one process and of many: one line above the other",
                            "Tek sürecin ve çok sürecin kaybı: Çizgiler üst üste"),
             {.title = "1, 2, 4", .x = "step / adım", .y = "loss, nats / kayıp, nat"}, lines);
}

/// How many machines' work n machines do, from a classroom to GPT-3.
inline void draw_machines(Lesson& lesson, const std::vector<std::pair<std::string, Step>>& steps,
                          const Gpt3& gpt_3) {
  std::vector<Series> lines{{"nobody waits / hiç beklemeden", {}, {}}};
  for (double n = 1; n <= 8192; n *= 2) lines[0].x.push_back(n), lines[0].y.push_back(n);
  for (const auto& [name, step] : steps) {
    lines.push_back({name, {}, {}});
    for (double n = 1; n <= 1024; n *= 2)
      lines.back().x.push_back(n), lines.back().y.push_back(step.worth(n));
  }
  for (const Published& p : published)
    lines.push_back({p.name, {p.machines}, {p.machines * p.share}});
  draw_lines(
      lesson.picture("machines",
                     "How many machines' work n machines do: by the model of cost, and published",
                     "n makine kaç makinenin işini yapar: maliyet modeline göre ve yayımlanan"),
      {.title = "The work of n machines / n makinenin işi",
       .x = "machines / makine",
       .y = "that count / işe yarayan",
       .log_x = true,
       .log_y = true,
       .y_range = {0.5, 1e4}},
      lines);

  std::vector<std::vector<std::string>> rows{{"", "2", "16", "128", "1024"}};
  for (const auto& [name, step] : steps) {
    rows.push_back({name});
    for (const double n : {2, 16, 128, 1024})
      rows.back().push_back(fmt::format("{:.1f}", step.worth(n)));
  }
  lesson.table("The work of how many machines n of them do, by the model of cost",
               "n makine kaç makinenin işini yapar, maliyet modeline göre", rows);
  rows = {{"", "machines / makine", "that count / işe yarayan", "%"}};
  for (const Published& p : published)
    rows.push_back({p.name, fmt::format("{:.0f}", p.machines),
                    fmt::format("{:.0f}", p.machines * p.share),
                    fmt::format("{:.1f}", 100 * p.share)});
  lesson.table(fmt::format("Published: GPT-3 alone would take one A100 {:.0f} years",
                           training_operations(gpt_3.parameters, 300e9) / gpt_3.speed / 31557600),
               fmt::format("Yayımlanan: GPT-3 tek bir A100'le {:.0f} yıl sürerdi",
                           training_operations(gpt_3.parameters, 300e9) / gpt_3.speed / 31557600),
               rows);
}

/// GPT-3 on 1,024 machines, cut in different ways: what each sends in a step, and holds.
inline void show_cuts(Lesson& lesson, const Gpt3& gpt_3, const std::vector<Cut>& cuts) {
  std::vector<std::vector<std::string>> rows{
      {"data × tensor × pipeline / veri × tensör × boru hattı", "memory, GB / bellek, GB",
       "gradients, GB / gradyan, GB", "sums, GB / toplam, GB", "onward, GB / akış, GB",
       "idle, % / boşta, %", "s a step / adım başına sn"}};
  std::vector<std::string> labels;
  std::vector<Series> bars{
      {"gradients / gradyan", {}, {}}, {"sums / toplam", {}, {}}, {"onward / akış", {}, {}}};
  const auto in_gb = [](double bytes) { return fmt::format("{:.2f}", bytes / 1e9); };
  for (const Cut& c : cuts) {
    labels.push_back(fmt::format("{} × {} × {}", c.data, c.tensor, c.pipeline));
    rows.push_back({labels.back(), fmt::format("{:.0f}", c.memory(gpt_3) / 1e9),
                    in_gb(c.gradients(gpt_3)), in_gb(c.sums(gpt_3)), in_gb(c.onward(gpt_3)),
                    fmt::format("{:.1f}", 100 * c.idle(gpt_3)),
                    fmt::format("{:.1f}", c.seconds(gpt_3))});
    bars[0].y.push_back(c.gradients(gpt_3) / 1e9), bars[1].y.push_back(c.sums(gpt_3) / 1e9);
    bars[2].y.push_back(c.onward(gpt_3) / 1e9);
  }
  lesson.table("GPT-3 on 1,024 machines of 80 GB: what one of them sends in a step, by formula",
               "80 GB'lik 1.024 makinede GPT-3: birinin bir adımda gönderdiği, formüle göre", rows);
  draw_bars(lesson.picture("cuts", "GPT-3 on 1,024 machines: what one of them sends in a step",
                           "1.024 makinede GPT-3: birinin bir adımda gönderdiği"),
            {.title = "GPT-3, 1,024 machines / GPT-3, 1.024 makine", .y = "GB"}, labels, bars);
}

}  // namespace damla::report
