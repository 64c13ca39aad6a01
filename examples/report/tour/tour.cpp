// Joins the reports of all lessons under a folder into one page that needs no network, and one
// table on the terminal.
//     damla_tour out --lang tr
// reads out/LESSON/report.json, or out/seed_K/LESSON/report.json for several seeds. The page is
// page.html with the reports put into it as JSON: it builds itself in the browser, in both
// languages.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "damla/core/files.hpp"
#include "report/command_line.hpp"
#include "report/lesson.hpp"
#include "report/say.hpp"
#include "report/text_table.hpp"

using namespace damla::report;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// A cell of a CSV: a text, or a number with four digits (all of them where it is whole).
json cell(const std::string& text) {
  char* end = nullptr;
  const double x = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0' || !std::isfinite(x)) return text;
  if (x == std::round(x) && std::abs(x) < 1e15) return static_cast<std::int64_t>(x);
  return std::stod(fmt::format("{:.4g}", x));
}

/// The rows of a CSV that a draw_… function wrote; of thousands, some hundreds. Not by read_csv,
/// which takes small letters for the columns' names: here they are shown.
json numbers(const fs::path& path) {
  json rows = json::array(), row = json::array();
  std::string field;
  bool quoted = false;
  char before = '\n';
  for (const char c : read(path)) {
    if (c == '"') {
      if (!quoted && before == '"') field += c;  // doubled
      quoted = !quoted;
    } else if (quoted || (c != ',' && c != '\n')) {
      field += c;
    } else {
      row.push_back(cell(std::exchange(field, "")));
      if (c == '\n') rows.push_back(std::exchange(row, json::array()));
    }
    before = c;
  }
  const std::size_t step = rows.size() / 600 + 1;
  json some = json::array();
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (i == 0 || i % step == 1 % step) some.push_back(rows[i]);
  return some;
}

/// A lesson's first run for the page: its report without claims, the numbers of its pictures, and
/// the pages of docs/, where that lies beside `out`.
json lesson_of(json report, const fs::path& folder, const fs::path& out) {
  const std::string name = report.at("lesson");
  report["folder"] = fs::relative(folder, out).generic_string();
  for (const json& claim : report.at("claims")) report["who_says"] = who_says(claim.at("number"));
  report["seeds"] = report["claims"] = json::array();
  for (json& picture : report.at("pictures")) {
    const std::string path = (folder / picture.at("name").get<std::string>()).string();
    if (fs::exists(path + ".json")) picture.update(json::parse(read(path + ".json")));
    picture["rows"] = numbers(path + ".csv");
  }
  for (const std::string language : {"en", "tr"}) {
    const auto link = [&](const std::string& page) {
      const std::string site = fmt::format("site/{}/{}.html", language, page);
      return fs::exists(out / site) ? site : fmt::format("../docs/{}/{}.md", language, page);
    };
    const fs::path pages = out / ".." / "docs" / language;
    std::string heading;  // "# 01 · Rap or arabesk?"
    std::ifstream page(pages / (name + ".md"));
    if (std::getline(page, heading) && heading.starts_with("# ")) {
      report["titles"][language] = heading.substr(2);
      report["pages"][language] = link(name);
    }
    if (fs::exists(pages / "claims.md")) report["claims_page"][language] = link("claims");
  }
  return report;
}

/// Adds one run, that of another seed, to the claims of its lesson.
void add_run(json& lesson, const json& report) {
  lesson["seeds"].push_back(report.at("seed"));
  std::map<std::string, int> seen;  // a lesson may state a claim several times
  for (json c : report.at("claims")) {
    const std::string key = fmt::format("{} {}", c.at("number").dump(), c.at("says").dump());
    const int time = seen[key]++;
    c["key"] = fmt::format("{} {}", key, time);
    json& claims = lesson["claims"];
    auto found =
        std::ranges::find_if(claims, [&](const json& claim) { return claim["key"] == c["key"]; });
    if (found == claims.end()) {
      json claim = c;
      claim["measured"] = json::array();
      claim["held"] = claim["asserted"] = 0;
      claim["seconds"] = 0.0;
      claims.push_back(claim);
      found = claims.end() - 1;
    }
    json& claim = *found;
    const bool asserted = c.value("asserted", true);
    claim["measured"].push_back(c.at("measured"));
    claim["asserted"] = claim["asserted"].get<int>() + (asserted ? 1 : 0);
    claim["held"] = claim["held"].get<int>() + (asserted && c.value("holds", false) ? 1 : 0);
    claim["seconds"] = claim["seconds"].get<double>() + c.value("seconds", 0.0);
  }
}

/// Prints the claims; returns whether all hold.
bool print_table(const std::vector<json>& lessons) {
  bool good = true;
  std::vector<std::vector<std::string>> table{{"claim / iddia", "what it says / ne diyor",
                                               "measured / ölçülen", "band / aralık", "",
                                               "seconds / saniye"}};
  for (const json& lesson : lessons)
    for (const json& c : lesson.at("claims")) {
      std::vector<double> measured;
      for (const json& m : c.at("measured"))
        measured.push_back(m.is_null() ? NAN : m.get<double>());
      const bool finite = std::ranges::none_of(measured, [](double m) { return std::isnan(m); });
      const auto [least, most] = std::ranges::minmax(measured);
      const int held = c.at("held"), asserted = c.at("asserted");
      std::string holds =
          asserted > 1 ? fmt::format("holds {0}× / {0}× tutuyor", held) : "holds / tutuyor";
      if (asserted == 0) holds = "not asserted / sınanmadı";
      else if (held < asserted)
        holds = fmt::format("FAILS {0} of {1} / TUTMUYOR {0}/{1}", asserted - held, asserted);
      good = good && held == asserted;
      table.push_back({fmt::format("{} · {}", lesson.at("lesson").get<std::string>().substr(0, 2),
                                   c.at("number").get<int>()),
                       c.at(in_turkish() ? "says_tr" : "says"),
                       !finite         ? "NaN"
                       : least == most ? fmt::format("{:.4g}", least)
                                       : fmt::format("{:.4g} … {:.4g}", least, most),
                       c.value("band", ""), holds,
                       fmt::format("{:.1f}", c.at("seconds").get<double>() /
                                                 static_cast<double>(measured.size()))});
    }
  for (auto& row : table)
    for (std::size_t i = 0; i < row.size(); ++i)
      if (i != 1 || &row == &table.front())  // what a claim says may have a slash of its own
        row[i] = in_turkish() ? decimal_comma(in_language(row[i])) : in_language(row[i]);
  fmt::print("{}", text_table(table));
  return good;
}

void put(std::string& page, const std::string& mark, const std::string& text) {
  page.replace(page.find(mark), mark.size(), text);
}

/// JSON between script tags: there, only < is special, and in JSON it stands in texts alone.
std::string for_script(const json& value) {
  std::string text;
  for (const char c : value.dump(-1, ' ', false, json::error_handler_t::replace))
    text += c == '<' ? std::string("\\u003c") : std::string(1, c);
  return text;
}

int tour(const fs::path& out) {
  std::map<fs::path, json> reports;  // in the order of the folders' names
  if (fs::is_directory(out))
    for (const auto& entry : fs::recursive_directory_iterator(out))
      if (entry.path().filename() == "report.json")
        reports[entry.path().parent_path()] = json::parse(read(entry.path()));
  if (reports.empty())
    throw damla::Error(out.string() +
                       ": there is no report.json below it: run the lessons first (./go tour)");
  std::vector<json> lessons;
  for (const auto& [folder, report] : reports) {
    auto lesson = std::ranges::find_if(
        lessons, [&](const json& l) { return l["lesson"] == report.at("lesson"); });
    if (lesson == lessons.end())
      lesson = lessons.insert(lessons.end(), lesson_of(report, folder, out));
    add_run(*lesson, report);
  }
  const bool good = print_table(lessons);

  std::string page = read(DAMLA_TOUR_PAGE);
  put(page, "<!--lessons-->", for_script(lessons));
  put(page, "<!--chart.js-->", read(DAMLA_CHART_JS));
  const std::string path = (out / "index.html").string();
  damla::write_file_whole(path, page);
  fmt::print("\n{}\n", path);
  if (!fs::exists(DAMLA_CHART_JS))
    say("It shows numbers but no charts: Chart.js was not found (Debian: libjs-chart.js).\n",
        "Çizimler yerine sayıları gösterir: Chart.js bulunamadı (Debian: libjs-chart.js).\n");
  return good ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  choose_language(argc, argv);
  CLI::App app(in_language("Joins the lessons' reports into one page / Derslerin raporlarını tek "
                           "sayfada birleştirir"),
               "damla_tour");
  speak_on_command_line(app);
  std::string out = "out";
  app.add_option("folder", out, in_language("Where the lessons wrote / Derslerin yazdığı klasör"))
      ->capture_default_str();
  try {
    app.parse(argc, argv);
    return tour(out);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? 0 : 2;
  } catch (const std::exception& e) {
    fmt::print(stderr, "{}: {}\n", in_language("error / hata"), e.what());
    return 2;
  }
}
