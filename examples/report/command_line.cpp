#include "report/command_line.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <functional>
#include <initializer_list>
#include <memory>
#include <regex>
#include <string_view>
#include <utility>
#include <vector>

#include "damla/core/language.hpp"
#include "damla/text/unicode.hpp"

namespace damla::report {

namespace {

using Replacements = std::initializer_list<std::pair<const char*, const char*>>;

std::string replaced(std::string text, Replacements replacements) {
  for (const auto& [english, turkish] : replacements)
    text = std::regex_replace(text, std::regex(english), turkish);
  return text;
}

/// CLI11 has no other languages: its English is found in what it writes.
class TurkishFormatter : public CLI::Formatter {
 public:
  std::string make_help(const CLI::App* app, std::string name,
                        CLI::AppFormatMode mode) const override {
    return replaced(CLI::Formatter::make_help(app, std::move(name), mode),
                    {{"Usage:", "Kullanım:"},
                     {"\\[OPTIONS\\]", "[SEÇENEKLER]"},
                     {"SUBCOMMAND", "KOMUT"},
                     {"\nPositionals:", "\nArgümanlar:"},
                     {"\nO(ptions|PTIONS):", "\nSeçenekler:"},
                     {"\nS(ubcommands|UBCOMMANDS):", "\nKomutlar:"}});
  }
  /// Padded by what is seen, where CLI11 counts bytes.
  std::string make_option(const CLI::Option* option, bool positional) const override {
    std::string line =
        "  " + make_option_name(option, positional) +
        replaced(make_option_opts(option),
                 {{"(INT|UINT|FLOAT):\\w+ in \\[(\\S+) - (\\S+)\\]", "SAYI ($2 … $3)"},
                  {"(INT|UINT|FLOAT):POSITIVE", "SAYI (> 0)"},
                  {"(INT|UINT|FLOAT):NONNEGATIVE", "SAYI (≥ 0)"},
                  {"TEXT:\\{", "{"},
                  {"\\b(INT|UINT|FLOAT)\\b", "SAYI"},
                  {"\\bTEXT\\b", "METİN"},
                  {"\\bFILE\\b", "DOSYA"},
                  {"\\bFOLDER\\b", "KLASÖR"},
                  {"\\bREQUIRED\\b", "ZORUNLU"},
                  {"\\bNeeds:", "gerekir:"}});
    const std::size_t column = get_column_width(), width = code_points(line).size();
    line += width < column ? std::string(column - width, ' ') : "\n" + std::string(column, ' ');
    return line + make_option_desc(option) + "\n";
  }
};

/// Does it take at most so many changes to make b of a: a letter more, fewer or another, or two
/// that change places?
bool within(std::string_view a, std::string_view b, int changes) {
  while (!a.empty() && !b.empty() && a[0] == b[0]) a.remove_prefix(1), b.remove_prefix(1);
  if (a.empty() && b.empty()) return true;
  if (changes-- == 0) return false;
  return (!a.empty() && within(a.substr(1), b, changes)) ||
         (!b.empty() && within(a, b.substr(1), changes)) ||
         (!a.empty() && !b.empty() && within(a.substr(1), b.substr(1), changes)) ||
         (a.size() > 1 && b.size() > 1 && a[0] == b[1] && a[1] == b[0] &&
          within(a.substr(2), b.substr(2), changes));
}

std::string no_verb(const CLI::App& app, const std::string& word) {
  const std::string what = fmt::format("There is no verb “{}”", word);
  for (const int changes : {1, 2})
    for (const CLI::App* verb : app.get_subcommands(std::function<bool(const CLI::App*)>()))
      if (within(word, verb->get_name(), changes))
        return fmt::format("{}. Did you mean “{}”?", what, verb->get_name());
  return what;
}

/// CLI11 is silent about a verb that it does not know, and names what it did not expect from the
/// last to the first.
std::string failure(const CLI::App* app, const CLI::Error& error) {
  const std::vector<std::string> unknown = app->remaining(true);
  std::string what = error.what();
  const bool verbless = what == "A subcommand is required";
  if (verbless && !unknown.empty() && !unknown[0].starts_with('-'))
    what = no_verb(*app, unknown[0]);
  else if (!unknown.empty() &&
           (verbless || dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr))
    what = fmt::format("Not expected here: {}", fmt::join(unknown, " "));
  if (language() != Language::turkish) return what + "\nHelp: --help\n";
  return replaced(what,
                  {{"^There is no verb (“.*?”)", "$1 diye bir komut yok"},
                   {"Did you mean (“.*”)\\?", "Bunu mu demek istediniz: $1"},
                   {"^Not expected here: (.*)", "Burada beklenmiyor: $1"},
                   {"^A subcommand is required", "Bir komut gerekli"},
                   {"(.*) is required$", "$1 gerekli"},
                   {"(.*): \\d+ required .* missing$", "$1: değeri eksik"},
                   {"(.*): At Most (\\d+) required but received (\\d+)",
                    "$1: en çok $2 değer alır, $3 tane verildi"},
                   {"^Could not convert: (.*) = (.*)", "$1: $2 okunamıyor"},
                   {"Value (.*) not in range .*\\d{100}.*", "$1 uygun bir sayı değil"},
                   {"Value (.*) not in range \\[?(\\S+) (to|-) ([^\\s\\]]+)\\]?",
                    "$1, $2 … $4 aralığında değil"},
                   {"(.*): (.*) not in \\{(.*)\\}", "$1: $2 olmaz; şunlardan biri olmalı: $3"},
                   {"(.*) requires (.*)", "$1, $2 olmadan kullanılmaz"},
                   {"(.*) excludes (.*)", "$1, $2 ile birlikte kullanılmaz"}}) +
         "\nYardım: --help\n";
}

}  // namespace

void choose_language(int argc, const char* const* argv) {
  Language chosen = locale_language();
  for (int i = 1; i < argc; ++i) {
    std::string_view word = argv[i];
    if (word == "--lang" && i + 1 < argc) word = argv[i + 1];
    else if (word.starts_with("--lang=")) word.remove_prefix(7);
    else continue;
    chosen = word == "tr" ? Language::turkish : Language::english;
  }
  set_language(chosen);
}

void speak_on_command_line(CLI::App& app) {
  const bool turkish = language() == Language::turkish;
  app.set_help_flag("-h,--help",
                    turkish ? "Bu yardımı yazar ve çıkar" : "Print this help and exit");
  app.add_option_function<std::string>(
         "--lang", [](const std::string&) {},  // choose_language has read it
         turkish ? "Dil: tr ya da en (verilmezse sistemin dili)"
                 : "Language: tr or en (default: that of the system)")
      ->take_last()
      ->check(CLI::IsMember({"tr", "en"}));
  app.failure_message(failure);
  if (turkish) app.formatter(std::make_shared<TurkishFormatter>());
}

}  // namespace damla::report
