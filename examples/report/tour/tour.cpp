// Joins the reports of all lessons under a folder into one page that needs no network, and one
// table on the terminal.
//     damla_tour out
// reads out/LESSON/report.json, or out/seed_K/LESSON/report.json for several seeds
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>

#include "damla/core/files.hpp"
#include "report/text_table.hpp"

using nlohmann::json;

namespace {

std::string read(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string html(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c == '<') result += "&lt;";
    else if (c == '>') result += "&gt;";
    else if (c == '&') result += "&amp;";
    else if (c == '"') result += "&quot;";
    else result += c;
  }
  return result;
}

std::string base64(const std::string& bytes) {
  constexpr char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string result;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k)
      group = group << 8u | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0u);
    for (std::size_t k = 0; k < 4; ++k)
      result += i + k <= bytes.size() ? letters[group >> (18u - 6u * k) & 63u] : '=';
  }
  return result;
}

/// Both languages; the page shows one of them.
std::string both(const std::string& en, const std::string& tr) {
  return "<span lang=en>" + html(en) + "</span><span lang=tr>" + html(tr.empty() ? en : tr) +
         "</span>";
}
std::string said(const json& object, const std::string& key) {
  return both(object.value(key, ""), object.value(key + "_tr", ""));
}

std::string figure(const json& claim, const char* key) {
  if (!claim.contains(key) || claim[key].is_null())
    return key == std::string("measured") ? "NaN" : "";
  const std::string unit = claim.value("unit", "");
  return fmt::format("{:.4g} ", claim[key].get<double>()) + (unit == "points" ? both(unit, "puan")
                                                             : unit == "nats" ? both(unit, "nat")
                                                                              : html(unit));
}

/// A cell that says whether the claim holds.
std::string verdict(const json& claim) {
  if (!claim.value("asserted", true)) return "<td>" + both("not asserted", "sınanmadı");
  if (claim.value("holds", false)) return "<td class=holds>" + both("holds", "tutuyor");
  return "<td class=fails>" + both("FAILS", "TUTMUYOR");
}

constexpr const char* page_start =
    R"(<!doctype html><html data-lang=en><meta charset=utf-8><title>damla</title><style>
body{font:18px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;color:#111}
h1{font-size:2rem}h2{margin-top:3rem;border-bottom:2px solid #0072B2}
table{border-collapse:collapse;width:100%;margin:1rem 0}
td,th{padding:.3rem .6rem;border-bottom:1px solid #ddd;text-align:left;vertical-align:top}
.holds{color:#006b4f;font-weight:600}.fails{color:#b00020;font-weight:700}
figure{margin:1.5rem 0}img{max-width:100%}
figcaption{color:#444}button{font:inherit;float:right;padding:.3rem 1rem}
html[data-lang=en] [lang=tr],html[data-lang=tr] [lang=en]{display:none}</style>
<button onclick="const h=document.documentElement;h.dataset.lang=h.dataset.lang=='en'?'tr':'en'">
Türkçe / English</button>
<h1>damla</h1><p><span lang=en>Every claim of the lecture, as measured on this machine.</span>
<span lang=tr>Dersteki her iddia, bu bilgisayarda ölçüldüğü gibi.</span></p>)";

/// One lesson's claims, tables and pictures.
std::string section(const json& report, const std::filesystem::path& folder) {
  std::string text = fmt::format(
      "<h2>{}</h2><p>{} · seed {} · {} · {:.1f} s</p><table><tr><th>#<th>",
      html(report.at("lesson")), html(report.at("about")), report.at("seed").get<std::uint64_t>(),
      html(report.at("build")), report.at("seconds").get<double>());
  text += both("The lecture says", "Derste söylenen") + "<th>" + both("Measured", "Ölçülen") +
          "<th>" + both("Truth", "Gerçek") + "<th>" + both("Band", "Aralık") + "<th><th>s</tr>";
  for (const json& c : report.at("claims"))
    text += fmt::format("<tr><td>{}<td>{}<td>{}<td>{}<td>{}{}<td>{:.1f}</tr>",
                        c.at("number").get<int>(), said(c, "says"), figure(c, "measured"),
                        figure(c, "truth"), html(c.value("band", "")), verdict(c),
                        c.value("seconds", 0.0));
  text += "</table>";
  for (const json& t : report.at("tables")) {
    text += "<h3>" + said(t, "title") + "</h3><table>";
    for (const json& row : t.at("rows")) {
      text += "<tr>";
      for (const json& cell : row)
        text += (&row == &t.at("rows").front() ? "<th>" : "<td>") + html(cell);
      text += "</tr>";
    }
    text += "</table>";
  }
  for (const json& p : report.at("pictures")) {
    const std::filesystem::path svg = folder / (p.at("name").get<std::string>() + ".svg");
    if (!std::filesystem::exists(svg)) continue;
    text += "<figure><img alt='' src='data:image/svg+xml;base64," + base64(read(svg)) +
            "'><figcaption>" + said(p, "caption") + "</figcaption></figure>";
  }
  return text;
}

int tour(const std::string& out) {
  std::map<std::filesystem::path, json> reports;  // in the order of the folders' names
  if (std::filesystem::is_directory(out))
    for (const auto& entry : std::filesystem::recursive_directory_iterator(out))
      if (entry.path().filename() == "report.json")
        reports[entry.path().parent_path()] = json::parse(read(entry.path()));
  if (reports.empty())
    throw damla::Error(out +
                       ": there is no report.json below it: run the lessons first (./go tour)");

  struct Row {
    std::string lesson, says, band;
    double low = HUGE_VAL, high = -HUGE_VAL, seconds = 0;
    int runs = 0, held = 0, asserted = 0;
  };
  std::vector<std::pair<std::string, Row>>
      rows;  // claims in the order in which the lessons state them
  std::string page = page_start;
  bool good = true;
  std::map<std::string, bool> shown;
  for (const auto& [folder, report] : reports) {
    const std::string lesson = report.at("lesson");
    if (!std::exchange(shown[lesson], true)) page += section(report, folder);
    std::map<std::string, int> seen;
    for (const json& c : report.at("claims")) {
      const std::string says = c.at("says");
      const std::string key =
          fmt::format("{}/{}/{}/{}", lesson, c.at("number").get<int>(), says, seen[says]++);
      auto found =
          std::find_if(rows.begin(), rows.end(), [&](const auto& r) { return r.first == key; });
      if (found == rows.end()) {
        const std::string number =
            fmt::format("{} · {}", lesson.substr(0, 2), c.at("number").get<int>());
        rows.push_back({key, Row{number, says, c.value("band", "")}});
        found = rows.end() - 1;
      }
      Row& row = found->second;
      const double m = c.at("measured").is_null() ? NAN : c.at("measured").get<double>();
      row.low = std::min(row.low, m), row.high = std::max(row.high, m),
      row.seconds += c.value("seconds", 0.0);
      ++row.runs;
      if (c.value("asserted", true)) ++row.asserted, row.held += c.value("holds", false) ? 1 : 0;
    }
  }
  std::vector<std::vector<std::string>> table{
      {"claim", "the lecture says", "measured", "band", "", "seconds"}};
  for (const auto& [key, r] : rows) {
    good = good && r.held == r.asserted;
    const bool one = r.runs == 1 || r.low == r.high;
    const std::string measured =
        one ? fmt::format("{:.4g}", r.low) : fmt::format("{:.4g} … {:.4g}", r.low, r.high);
    std::string holds = r.runs > 1 ? fmt::format("holds {}×", r.held) : "holds";
    if (r.asserted == 0) holds = "not asserted";
    else if (r.held < r.asserted)
      holds = fmt::format("FAILS {} of {}", r.asserted - r.held, r.asserted);
    table.push_back(
        {r.lesson, r.says, measured, r.band, holds, fmt::format("{:.1f}", r.seconds / r.runs)});
  }
  fmt::print("{}", damla::report::text_table(table));
  damla::write_file_whole(out + "/index.html", page);
  fmt::print("\n{}/index.html\n", out);
  return good ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return tour(argc > 1 ? argv[1] : "out");
  } catch (const std::exception& e) {
    fmt::print(stderr, "error: {}\n", e.what());
    return 2;
  }
}
