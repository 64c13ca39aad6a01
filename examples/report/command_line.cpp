#include "report/command_line.hpp"

#include <CLI/CLI.hpp>
#include <initializer_list>
#include <memory>
#include <regex>
#include <string_view>
#include <utility>

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

std::string failure(const CLI::App*, const CLI::Error& error) {
  return replaced(
             error.what(),
             {{"^A subcommand is required", "Bir komut gerekli"},
              {"(.*) is required$", "$1 gerekli"},
              {"^The following arguments? (was|were) not expected: (.*)", "Burada beklenmiyor: $2"},
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
  if (!turkish) return;
  app.formatter(std::make_shared<TurkishFormatter>());
  app.failure_message(failure);
}

}  // namespace damla::report
