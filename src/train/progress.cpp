#include "damla/train/progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "damla/core/error.hpp"
#include "damla/core/language.hpp"
#include "damla/text/unicode.hpp"

#ifdef _WIN32
#include <io.h>
#else
#include <sys/ioctl.h>
#include <unistd.h>
#endif

namespace damla { inline namespace DAMLA_ABI {

namespace {
bool can_redraw() {
#ifdef _WIN32
  const bool terminal = _isatty(_fileno(stderr)) != 0;
#else
  const bool terminal = isatty(fileno(stderr)) != 0;
#endif
  const char* kind = std::getenv("TERM");
  return terminal && (kind == nullptr || std::string_view(kind) != "dumb");
}

std::size_t columns() {
#ifndef _WIN32
  winsize size{};
  if (ioctl(fileno(stderr), TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
#endif
  return 80;
}

std::size_t shown_width = 0;  // of the line that stands there
}  // namespace

Progress::Progress(std::string title, Index steps)
    : title_(std::move(title)), steps_(steps), shown_(can_redraw()) {
  expect_count("Progress", "steps", steps, 0);
}

// Without fmt::print, which throws when the terminal is gone.
void Progress::clear() {
  if (shown_width == 0) return;
  std::fputs(fmt::format("\r{}\r", std::string(shown_width, ' ')).c_str(), stderr);
  std::fflush(stderr);
  shown_width = 0;
}

void Progress::update(Index step, double loss, Index items) {
  if (!shown_) return;
  if (first_ < 0) first_ = step;
  items_ += items;
  const auto now = std::chrono::steady_clock::now();
  if (now - last_ < std::chrono::milliseconds(100)) return;
  last_ = now;
  const double seconds = std::chrono::duration<double>(now - start_).count();
  const double left =
      seconds / static_cast<double>(step + 1 - first_) * static_cast<double>(steps_ - step - 1);
  const bool turkish = language() == Language::turkish;
  std::string figure = fmt::format("{:.3f}", loss);
  if (turkish) std::replace(figure.begin(), figure.end(), '.', ',');
  const std::string time = left < 600 ? fmt::format("{:.0f} {}", left, turkish ? "sn" : "s")
                                      : fmt::format("{:.0f} {}", left / 60, turkish ? "dk" : "min");
  const std::string line =
      fmt::format(fmt::runtime(turkish ? "{} {}/{} · kayıp {} · {:.0f}/sn · kalan {}"
                                       : "{} {}/{} · loss {} · {:.0f}/s · {} left"),
                  title_, step + 1, steps_, figure, static_cast<double>(items_) / seconds, time);
  // A line as wide as the terminal would wrap, and only its last part would be written over.
  const std::vector<std::string_view> letters = code_points(line);
  const std::size_t width = std::min(letters.size(), columns() - 1), before = shown_width;
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < width; ++i) bytes += letters[i].size();
  const std::size_t title = std::min(title_.size(), bytes);
  const char* no_color = std::getenv("NO_COLOR");
  const bool colour = no_color == nullptr || *no_color == '\0';
  std::fputs(fmt::format("\r{}{}{}{}{}", colour ? "\033[36m" : "", line.substr(0, title),
                         colour ? "\033[0m" : "", line.substr(title, bytes - title),
                         std::string(before > width ? before - width : 0, ' '))
                 .c_str(),
             stderr);
  std::fflush(stderr);
  shown_width = width;
}

}}  // namespace damla::DAMLA_ABI
