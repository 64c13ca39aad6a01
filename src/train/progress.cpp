#include "damla/train/progress.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>

#include "damla/core/error.hpp"

#ifdef _WIN32
#include <io.h>
#define DAMLA_ISATTY(file) _isatty(_fileno(file))
#else
#include <unistd.h>
#define DAMLA_ISATTY(file) isatty(fileno(file))
#endif

namespace damla { inline namespace DAMLA_ABI {

Progress::Progress(std::string title, Index steps)
    : title_(std::move(title)), steps_(steps), shown_(DAMLA_ISATTY(stderr) != 0) {
  expect_count("Progress", "steps", steps, 0);
}

Progress::~Progress() {
  if (shown_) fmt::print(stderr, "\r{:79}\r", "");
}

void Progress::update(Index step, double loss, Index items) {
  if (!shown_) return;
  items_ += items;
  const auto now = std::chrono::steady_clock::now();
  if (now - last_ < std::chrono::milliseconds(100)) return;
  last_ = now;
  const double seconds = std::chrono::duration<double>(now - start_).count(),
               done = static_cast<double>(step + 1);
  const double left = seconds / done * (static_cast<double>(steps_) - done);
  const char* no_color = std::getenv("NO_COLOR");
  const bool colour = no_color == nullptr || *no_color == '\0';
  fmt::print(stderr, "\r{}{}{} {}/{} · loss {:.3f} · {:.0f}/s · {:.0f} s left   ",
             colour ? "\033[36m" : "", title_, colour ? "\033[0m" : "", step + 1, steps_, loss,
             static_cast<double>(items_) / seconds, left);
  std::fflush(stderr);
}

}}  // namespace damla::DAMLA_ABI
