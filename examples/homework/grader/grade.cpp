// damla_grade: grades one homework. Asks the answering program, which holds the student's code, and
// writes what it thinks of the answers to a table and to a JSON file.
#include <fmt/format.h>
#include <sys/stat.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <set>

#include "damla/core/files.hpp"
#include "report/command_line.hpp"
#include "report/text_table.hpp"
#include "verdict.hpp"

namespace grader { namespace {

/// The text in lines of at most `width` columns, each after `indent` spaces, without control
/// characters.
std::string wrapped(const std::string& text, Index width, Index indent) {
  std::string result, line;
  const auto end_line = [&] {
    result += std::string(static_cast<std::size_t>(indent), ' ') + line + "\n", line.clear();
  };
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    std::erase_if(word, [](unsigned char c) {
      return c < 0x20 || c == 0x7f;
    });  // the student's text gives the terminal no orders
    if (!line.empty() && report::text_width(line) + report::text_width(word) + 1 > width)
      end_line();
    line += (line.empty() ? "" : " ") + word;
  }
  end_line();
  return result;
}

/// What the student printed: its lines are kept, since rows of a matrix stand in them.
std::string indented(const std::string& text, Index indent) {
  std::string result;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::erase_if(line, [](unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7f; });
    result += std::string(static_cast<std::size_t>(indent), ' ') + line + "\n";
  }
  return result;
}

std::string padded(const std::string& text, Index width) {
  return text +
         std::string(static_cast<std::size_t>(std::max<Index>(0, width - report::text_width(text))),
                     ' ');
}

struct Options {
  int homework = 0;
  bool variant = false;
  std::uint64_t seed = 0;
  std::string result_path;
  std::vector<std::string> command;
  bool sandbox = false;
};

Homework homework(int number, bool variant) {
  switch (number) {
    case 1:
      return softmax_classifier(variant);
    case 2:
      return layer_norm(variant);
    case 3:
      return byte_pair(variant);
    case 4:
      return attention_homework(variant);
    default:
      return gpt_block(variant);
  }
}

Verdict grade_part(const Part& part, const Options& o, std::size_t number, std::string& printed) {
  Talk talk(o.command, part.seconds);
  Random random(o.seed, number);
  Verdict verdict;
  try {
    verdict = part.grade(talk, random);
  } catch (const NoAnswer& e) {
    verdict = e.verdict;
  } catch (const std::exception& e) {  // an answer of another kind than expected
    verdict = failed(say({"The answer is of no use: {}", "Yanıt kullanılamıyor: {}"}, e.what()));
  }
  printed = talk.printed();
  return verdict;
}

/// JSON allows only UTF-8, and a hint may quote what the student's code threw.
std::string json_text(const nlohmann::ordered_json& json) {
  return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

int grade(const Options& o) {
  const bool colours = report::colours_wanted();
  const auto coloured = [&](const char* code, const std::string& text) {
    return colours ? code + text + "\033[0m" : text;
  };
  const Homework work = homework(o.homework, o.variant);
  fmt::print("{} {} · {}{}   ({} {})\n\n", say({"Homework", "Ödev"}), o.homework, say(work.title),
             o.variant ? say({", variant", ", varyant"}) : "", say({"seed", "tohum"}), o.seed);
  nlohmann::ordered_json json{{"homework", o.homework},
                              {"variant", o.variant},
                              {"seed", o.seed},
                              {"sandbox", o.sandbox},
                              {"parts", nlohmann::json::array()}};
  int total = 0, most = 0;
  std::set<std::string> failed_parts;
  for (std::size_t i = 0; i < work.parts.size(); ++i) {
    const Part& part = work.parts[i];
    std::string printed;
    Verdict verdict = grade_part(part, o, i, printed);
    const bool wrong = !verdict.passed && verdict.answered;
    if (wrong) failed_parts.insert(part.name);
    if (wrong && verdict.mistake == none && failed_parts.contains(part.rests_on))
      verdict.hint += say({" The forward pass comes first: its mistakes spoil this part too.",
                           " Önce ileri yayılım: oradaki yanlış bu bölümü de bozar."});
    const int points = verdict.passed ? part.points : 0;
    total += points, most += part.points;
    fmt::print("  {} {} {:>3} / {}\n",
               coloured(verdict.passed ? "\033[32m" : "\033[31m", verdict.passed ? "✓" : "✗"),
               padded(say(part.title), 46), points, part.points);
    if (!verdict.hint.empty()) fmt::print("{}", wrapped(verdict.hint, 90, 6));
    if (!printed.empty())
      fmt::print("      {}\n{}", say({"Your program printed:", "Programınızın yazdıkları:"}),
                 indented(printed, 6));
    std::fflush(stdout);
    json["parts"].push_back(
        {{"name", part.name},
         {"points", points},
         {"of", part.points},
         {"passed", verdict.passed},
         {"mistake", verdict.mistake == none ? "" : mistake_name(verdict.mistake)},
         {"hint", verdict.hint}});
  }
  fmt::print("\n    {} {:>3} / {}\n", padded(say({"total", "toplam"}), 46), total, most);
  json["total"] = total, json["of"] = most;
  if (!o.result_path.empty()) {
    write_file_whole(o.result_path, json_text(json));
  }
  return total == most ? 0 : 1;
}

}}  // namespace grader

int main(int argc, char** argv) {
  using grader::say;
  damla::report::choose_language(argc, argv);
  CLI::App app(say({"Grades a homework: damla_grade 2 ./answers_2",
                    "Bir ödeve not verir: damla_grade 2 ./answers_2"}),
               "damla_grade");
  damla::report::speak_on_command_line(app);
  grader::Options o;
  o.seed = static_cast<std::uint64_t>(std::chrono::system_clock::now().time_since_epoch().count() /
                                      1000 % 1'000'000);
  app.add_option("homework", o.homework, say({"its number", "numarası"}))
      ->required()
      ->check(CLI::Range(1, 5));
  app.add_option(
         "program", o.command,
         say({"the answering program and its arguments", "yanıt veren program ve argümanları"}))
      ->required();
  app.add_flag(
      "--variant", o.variant,
      say({"grade the variant that the instructor chose", "öğretmenin seçtiği varyantı notlar"}));
  app.add_option("--seed", o.seed,
                 say({"repeats a grading: the same numbers are asked",
                      "bir notlamayı yineler: aynı sayılar sorulur"}))
      ->check(CLI::NonNegativeNumber);
  app.add_option("--result", o.result_path,
                 say({"a JSON file for the points", "puanlar için bir JSON dosyası"}));
  bool bare = false;
  app.add_flag(
      "--bare", bare,
      say({"do not use bubblewrap, though it is there", "kurulu olsa da bubblewrap kullanmaz"}));
  CLI11_PARSE(app, argc, argv);
  try {
    if (!o.result_path.empty()) std::remove(o.result_path.c_str());
    if (::access(o.command[0].c_str(), X_OK) != 0)
      throw damla::Error(
          say({"there is no program {}: was it built?", "{} programı yok: derlendi mi?"},
              o.command[0]));
    grader::protect_grader();
    if (!bare) {
      const std::vector<std::string> sandbox = grader::sandbox(o.command[0]);
      o.sandbox = !sandbox.empty();
      if (o.sandbox) o.command[0] = std::filesystem::absolute(o.command[0]).string();
      o.command.insert(o.command.begin(), sandbox.begin(), sandbox.end());
    }
    return grader::grade(o);
  } catch (const std::exception& e) {
    std::cerr << "damla_grade: " << e.what() << "\n";
    return 2;
  }
}
