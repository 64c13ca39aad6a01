#include "report/lesson.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <regex>

#include "damla/core/files.hpp"
#include "damla/core/threads.hpp"
#include "report/command_line.hpp"
#include "report/text_table.hpp"

namespace damla::report {

namespace {
double seconds_since(std::chrono::steady_clock::time_point t) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - t).count();
}

std::string band_text(const Claim& c) {
  const bool low = std::isfinite(c.low), high = std::isfinite(c.high);
  if (low && high) return fmt::format("{:.4g} … {:.4g}", c.low, c.high);
  if (low) return fmt::format("≥ {:.4g}", c.low);
  if (high) return fmt::format("≤ {:.4g}", c.high);
  return "shown";
}

/// This and what follows: texts in the language of this run.
std::string shown(const std::string& text) {
  return in_turkish() ? decimal_comma(in_language(text)) : in_language(text);
}

std::string verdict(const Claim& c) {
  if (!c.asserted) return in_language("not asserted / sınanmadı");
  return in_language(c.holds() ? "holds / tutuyor" : "FAILS / TUTMUYOR");
}

std::string figure_shown(double x, const std::string& unit) {
  return shown(fmt::format("{:.4g}", x) + (unit.empty() ? "" : " " + in_language(unit)));
}

std::string band_shown(const Claim& c) {
  const std::string band = band_text(c);
  return shown(band == "shown" ? "shown / gösterilir" : band);
}

std::string build_shown() {
  return in_turkish() ? std::regex_replace(build_summary(), std::regex("threads?"), "iş parçacığı")
                      : build_summary();
}

/// What CLI11 does not ask: it reads -1, and what is too large, as the largest number there is.
std::string whole_number(const std::string& text) {
  std::uint64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && stop == end
             ? ""
             : fmt::format(
                   fmt::runtime(in_turkish() ? "{}, 0 … 2^64 - 1 arasında bir tam sayı değil"
                                             : "{} is no whole number from 0 to 2^64 - 1"),
                   text);
}

/// JSON has no infinity: a side that is open is null.
nlohmann::json number(double x) {
  return std::isfinite(x) ? nlohmann::json(x) : nlohmann::json(nullptr);
}
}  // namespace

const std::string& Lesson::option(const std::string& name) const {
  const auto found = options_.find(name);
  if (found == options_.end())
    throw Error(fmt::format("Lesson::option: the lesson has no option {}", name));
  return found->second;
}

void Lesson::claim(Claim c, double measured, bool asserted) {
  c.measured = measured;
  c.asserted = asserted;
  c.seconds = seconds_since(mark_);
  mark_ = std::chrono::steady_clock::now();
  const bool red = c.asserted && !c.holds() && colours_wanted();
  fmt::print("{}{} {}: {} — {} {}{}{} {} ({}){}\n", red ? "\033[31m" : "",
             in_language("claim / iddia"), c.number, in_turkish() ? c.says_tr : c.says,
             in_language("measured / ölçülen"), figure_shown(c.measured, c.unit),
             c.truth ? in_language(", truth / ; gerçek") + " " + figure_shown(*c.truth, "") : "",
             in_turkish() ? ";" : ",", band_shown(c), verdict(c), red ? "\033[0m" : "");
  std::fflush(stdout);
  claims_.push_back(std::move(c));
}

std::string Lesson::picture(const std::string& name, const std::string& caption,
                            const std::string& caption_tr) {
  pictures_.push_back({name, caption, caption_tr});
  return out_ + "/" + name;
}

void Lesson::table(const std::string& title, const std::string& title_tr,
                   const std::vector<std::vector<std::string>>& rows) {
  auto cells = rows;
  for (auto& row : cells)
    for (std::string& cell : row) cell = shown(cell);
  fmt::print("\n{}\n{}\n", in_turkish() ? title_tr : title, text_table(cells));
  std::fflush(stdout);
  tables_.push_back({title, title_tr, rows});
}

int Lesson::finish() const {
  bool good = true;
  std::vector<std::vector<std::string>> rows{
      {"claim / iddia", who_says(claims_.empty() ? 0 : claims_[0].number), "measured / ölçülen",
       "truth / gerçek", "band / aralık", "", "seconds / saniye"}};
  for (std::string& cell : rows[0]) cell = in_language(cell);
  nlohmann::json claims = nlohmann::json::array(), pictures = nlohmann::json::array(),
                 tables = nlohmann::json::array();
  for (const Claim& c : claims_) {
    good = good && (!c.asserted || c.holds());
    rows.push_back({std::to_string(c.number), in_turkish() ? c.says_tr : c.says,
                    figure_shown(c.measured, c.unit), c.truth ? figure_shown(*c.truth, "") : "",
                    band_shown(c), verdict(c), shown(fmt::format("{:.1f}", c.seconds))});
    claims.push_back({{"number", c.number},
                      {"says", c.says},
                      {"says_tr", c.says_tr},
                      {"measured", number(c.measured)},
                      {"low", number(c.low)},
                      {"high", number(c.high)},
                      {"unit", in_language(c.unit, Language::english)},
                      {"unit_tr", in_language(c.unit, Language::turkish)},
                      {"asserted", c.asserted},
                      {"holds", c.holds()},
                      {"seconds", c.seconds},
                      {"band", band_text(c)}});
    if (c.truth) claims.back()["truth"] = number(*c.truth);
  }
  for (const Picture& p : pictures_)
    pictures.push_back({{"name", p.name}, {"caption", p.caption}, {"caption_tr", p.caption_tr}});
  for (const Table& t : tables_)
    tables.push_back({{"title", t.title}, {"title_tr", t.title_tr}, {"rows", t.rows}});
  fmt::print("\n{}\n{} · {} {} · {} · {} · {}\n", text_table(rows), info_.name,
             in_language("seed / tohum"), seed, in_language(fast ? "fast / hızlı" : "full / tam"),
             shown(fmt::format("{0:.1f} s / {0:.1f} sn", seconds_since(start_))), out_);
  const nlohmann::json report{{"lesson", info_.name},
                              {"about", info_.about},
                              {"about_tr", info_.about_tr},
                              {"seed", seed},
                              {"fast", fast},
                              {"build", build_summary()},
                              {"seconds", seconds_since(start_)},
                              {"claims", claims},
                              {"pictures", pictures},
                              {"tables", tables}};
  const std::string text = report.dump(
      2, ' ', false, nlohmann::json::error_handler_t::replace);  // tokens may be half a letter
  write_file_whole(out_ + "/report.json", text + "\n");
  return good ? 0 : 1;
}

int run_lesson(const LessonInfo& info, int argc, char** argv, void (*body)(Lesson&)) {
  Lesson lesson;
  lesson.info_ = info;
  lesson.out_ = "out/" + info.name;
  int thread_count = 0;
  choose_language(argc, argv);
  CLI::App app(in_turkish() ? info.about_tr : info.about, info.name);
  speak_on_command_line(app);
  app.add_option("--seed", lesson.seed,
                 in_language("Seed of all random numbers / Bütün rastgele sayıların tohumu"))
      ->capture_default_str()
      ->check(whole_number);
  app.add_flag("--fast", lesson.fast,
               in_language("A shorter run for a first look / İlk bakış için kısa bir çalıştırma"));
  app.add_option(
         "--out", lesson.out_,
         in_language("Folder for report.json and pictures / report.json ve resimlerin klasörü"))
      ->capture_default_str();
  app.add_option(
         "--threads", thread_count,
         in_language("Threads (default: DAMLA_THREADS, else all processors) / İş parçacığı sayısı "
                     "(verilmezse DAMLA_THREADS, o da yoksa bütün işlemciler)"))
      ->check(CLI::Range(1, 1024));
  for (const LessonOption& o : info.options) {
    std::string& value = lesson.options_[o.name];
    const std::string& help = in_turkish() ? o.help_tr : o.help;
    if (o.value.empty())
      app.add_flag_callback(
          o.name, [&value] { value = "yes"; }, help);
    else app.add_option(o.name, value, help)->type_name(o.value);
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? 0 : 2;
  }
  try {
    if (thread_count > 0) set_threads(thread_count);
    std::filesystem::create_directories(lesson.out_);
    fmt::print("{} · {} {} · {}\n\n", info.name, in_language("seed / tohum"), lesson.seed,
               build_shown());
    std::fflush(stdout);
    body(lesson);
    return lesson.finish();
  } catch (const std::exception& e) {
    std::fflush(stdout);
    fmt::print(stderr, "{}: {}\n", in_language("error / hata"), e.what());
    return 2;
  }
}

}  // namespace damla::report
