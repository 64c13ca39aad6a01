#include "command/log.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>

#include "command/command.hpp"
#include "damla/core/error.hpp"
#include "damla/core/files.hpp"
#include "report/picture.hpp"

namespace damla::command {

namespace {

constexpr const char* heading = "step,tokens,seconds,learning_rate,loss,held_out_loss\n";

std::string csv_line(const Evaluation& e) {
  return fmt::format("{},{},{:.2f},{:.6g},{:.6f},{:.6f}\n", e.step, e.tokens, e.seconds,
                     e.learning_rate, e.loss, e.held_out_loss);
}

std::string json_line(const Evaluation& e) {
  return nlohmann::json{{"step", e.step},       {"tokens", e.tokens},
                        {"seconds", e.seconds}, {"learning_rate", e.learning_rate},
                        {"loss", e.loss},       {"held_out_loss", e.held_out_loss}}
             .dump() +
         "\n";
}

/// Nothing for a line that was cut off, or that somebody wrote over.
std::optional<Evaluation> from_json(const std::string& line) try {
  const auto j = nlohmann::json::parse(line);
  return Evaluation{.step = j.at("step"),
                    .tokens = j.at("tokens"),
                    .seconds = j.at("seconds"),
                    .learning_rate = j.at("learning_rate"),
                    .loss = j.at("loss"),
                    .held_out_loss = j.at("held_out_loss")};
} catch (const nlohmann::json::exception&) {
  return {};
}

void append(const std::string& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary | std::ios::app);
  out << text;
  if (!out.flush()) throw Error(fmt::format("{}: cannot be written (is the disk full?)", path));
}

}  // namespace

TrainingLog::TrainingLog(const std::string& folder) : folder_(folder) {}

void TrainingLog::add(const Evaluation& look) {
  if (looks_.empty()) cut_behind(0);
  append(folder_ + "/log.jsonl", json_line(look));
  append(folder_ + "/log.csv", csv_line(look));
  looks_.push_back(look);
}

void TrainingLog::cut_behind(Index step) {
  std::ifstream in(folder_ + "/log.jsonl");
  looks_.clear();
  for (std::string line; std::getline(in, line);) {
    const std::optional<Evaluation> look = from_json(line);
    if (!look || look->step > step) break;
    looks_.push_back(*look);
  }
  std::string csv = heading, lines;
  for (const Evaluation& e : looks_) csv += csv_line(e), lines += json_line(e);
  write_file_whole(folder_ + "/log.csv", csv);
  write_file_whole(folder_ + "/log.jsonl", lines);
}

bool TrainingLog::draw(double counting) const {
  report::Series training{say("training", "eğitim"), {}, {}},
      held_out{say("held out", "ayrılmış metin"), {}, {}},
      pairs{say("counting pairs", "çiftleri saymak"), {}, {}};
  for (const Evaluation& e : looks_) {
    for (report::Series* s : {&training, &held_out, &pairs})
      s->x.push_back(static_cast<double>(e.step));
    training.y.push_back(e.loss), held_out.y.push_back(e.held_out_loss),
        pairs.y.push_back(counting);
  }
  return report::draw_lines(folder_ + "/loss",
                            {.title = say("Loss", "Kayıp"),
                             .x = say("step", "adım"),
                             .y = say("nats a token", "token başına nat")},
                            {training, held_out, pairs});
}

}  // namespace damla::command
