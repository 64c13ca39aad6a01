#include "command/command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <iterator>

#include "damla/core/error.hpp"
#include "damla/core/language.hpp"
#include "damla/text/read_text.hpp"
#include "damla/text/unicode.hpp"
#include "damla/train/progress.hpp"

#ifdef _WIN32
#include <io.h>
#else
#include <unistd.h>
#endif

namespace damla::command {

namespace {

bool silent = false, keeps_going = false;
volatile std::sig_atomic_t interrupts = 0;

bool is_terminal(std::FILE* file) {
#ifdef _WIN32
  return _isatty(_fileno(file)) != 0;
#else
  return isatty(fileno(file)) != 0;
#endif
}

}  // namespace

const std::locale& number_style() {
  struct Turkish : std::numpunct<char> {
    char do_decimal_point() const override { return ','; }
    std::string do_grouping() const override { return ""; }
  };
  static const std::locale plain = std::locale::classic(), turkish(plain, new Turkish);
  return language() == Language::turkish ? turkish : plain;
}
const char* say(const char* english, const char* turkish) {
  return language() == Language::turkish ? turkish : english;
}

void print(std::string_view text) {
  if (silent) return;
  Progress::clear();
  if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0)
    return;
  silent = true;
  const int why = errno;
  if (keeps_going) return;
#ifndef _WIN32
  if (why == EPIPE) std::_Exit(0);
#endif
  throw Error(say("the output cannot be written: {}", "çıktı yazılamıyor: {}", std::strerror(why)));
}
void go_on_unread() { keeps_going = true; }
void be_silent() { silent = true; }

void watch_interrupt() {
  const auto notice = [](int) {
    interrupts = interrupts + 1;
    if (interrupts > 1) std::_Exit(130);
#ifdef _WIN32
    std::signal(SIGINT, SIG_DFL);
#endif
  };
  std::signal(SIGINT, notice);
  std::signal(SIGTERM, notice);
#ifndef _WIN32
  if (std::signal(SIGHUP, notice) == SIG_IGN) std::signal(SIGHUP, SIG_IGN);  // nohup
#endif
}
bool interrupted() { return interrupts > 0; }

bool output_is_terminal() { return is_terminal(stdout); }
bool input_is_terminal() { return is_terminal(stdin); }

std::string size_text(double bytes) {
  if (bytes >= 1e9) return say("{:.1f} GB", "{:.1Lf} GB", bytes / 1e9);
  if (bytes >= 1e6) return say("{:.1f} MB", "{:.1Lf} MB", bytes / 1e6);
  return fmt::format("{:.0f} kB", std::max(1.0, bytes / 1e3));
}

std::string time_text(double duration) {
  const auto s = static_cast<long>(duration + 0.5);
  const char *minutes = say("min", "dk"), *seconds = say("s", "sn");
  if (s < 60) return fmt::format("{} {}", s, seconds);
  if (s < 3600) return fmt::format("{} {} {:02} {}", s / 60, minutes, s % 60, seconds);
  return fmt::format("{} {} {:02} {}", s / 3600, say("h", "sa"), s % 3600 / 60, minutes);
}

std::string visible(std::string_view text, std::string_view blank) {
  std::string shown;
  for (std::size_t i = 0; i < text.size();) {
    const auto [c, length, valid] = next_code_point(text, i);
    const bool control = c < U' ' || (c >= 0x7F && c < 0xA0),
               unseen = (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
                        (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF;
    if (c == U' ') shown += blank;
    else if (c == U'\n') shown += "\\n";
    else if (c == U'\t') shown += "\\t";
    else if (control || unseen) shown += fmt::format("\\u{{{:X}}}", static_cast<unsigned>(c));
    else append_utf8(shown, c);
    i += length;
  }
  return shown;
}

std::vector<std::string> read_texts(const std::vector<std::string>& paths) {
  namespace fs = std::filesystem;
  std::vector<std::string> texts;
  for (const std::string& path : paths) {
    if (path == "-") {
      texts.emplace_back(std::istreambuf_iterator<char>(std::cin),
                         std::istreambuf_iterator<char>());
      if (!valid_utf8(texts.back()))
        throw Error(say("the standard input is no UTF-8 text: save it as UTF-8",
                        "standart girdi UTF-8 bir metin değil: UTF-8 olarak kaydedin"));
      continue;
    }
    std::error_code none;
    if (!fs::is_directory(path, none)) {
      texts.push_back(read_text(path));
      continue;
    }
    std::vector<std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(path))
      if (entry.is_regular_file() && !entry.path().filename().string().starts_with('.'))
        files.push_back(entry.path().string());
    if (files.empty())
      throw Error(say("{}: there is no file in this folder", "{}: bu klasörde dosya yok", path));
    std::sort(files.begin(), files.end());
    for (const std::string& file : files) texts.push_back(read_text(file));
  }
  return texts;
}

}  // namespace damla::command
