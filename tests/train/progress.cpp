#include "damla/train/progress.hpp"

#include "damla/core/language.hpp"
#include "helpers/catch.hpp"

#if defined(__unix__) || defined(__APPLE__)
#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <thread>

using namespace damla;

namespace {
/// What a run of two steps writes to the error output while that is the file `to`, which is read
/// from `from`.
std::string shown(int to, int from) {
  std::fflush(stderr);
  const int before = dup(STDERR_FILENO);
  dup2(to, STDERR_FILENO);
  {
    Progress progress("training", 50);
    std::this_thread::sleep_for(
        std::chrono::milliseconds(110));  // it writes at most ten times a second
    progress.update(9, 1.25, 640);
    std::fflush(stderr);
  }
  std::fflush(stderr);
  dup2(before, STDERR_FILENO);
  close(before);
  fcntl(from, F_SETFL, O_NONBLOCK);
  char text[500];
  const auto length = read(from, text, sizeof text);
  return {text, static_cast<std::size_t>(length > 0 ? length : 0)};
}

std::string shown_on_a_terminal() {
  const int ours = posix_openpt(O_RDWR | O_NOCTTY);
  REQUIRE(ours >= 0);
  REQUIRE((grantpt(ours) == 0 && unlockpt(ours) == 0));
  const int theirs = open(ptsname(ours), O_RDWR | O_NOCTTY);
  REQUIRE(theirs >= 0);
  const std::string text = shown(theirs, ours);
  close(theirs), close(ours);
  return text;
}
}  // namespace

TEST_CASE("progress: a line on a terminal, in colour unless NO_COLOR is set; nothing elsewhere",
          "[train]") {
  setenv("TERM", "dumb", 1);  // cannot go back in a line
  CHECK(shown_on_a_terminal().empty());
  setenv("TERM", "xterm", 1);
  const char* set = std::getenv("NO_COLOR");
  const std::string before = set ? set : "";
  unsetenv("NO_COLOR");
  const std::string coloured = shown_on_a_terminal();
  CHECK(coloured.find("\033[36mtraining\033[0m 10/50 · loss 1.250 · ") != std::string::npos);
  CHECK(coloured.find(" s left") != std::string::npos);
  setenv("NO_COLOR", "1", 1);
  const std::string plain = shown_on_a_terminal();
  CHECK(plain.find("\rtraining 10/50 · loss 1.250 · ") != std::string::npos);
  CHECK(plain.find('\033') == std::string::npos);
  set_language(Language::turkish);
  const std::string turkish = shown_on_a_terminal();
  set_language(Language::english);
  CHECK(turkish.find("\rtraining 10/50 · kayıp 1,250 · ") != std::string::npos);
  CHECK(turkish.find("/sn · kalan ") != std::string::npos);
  if (set) setenv("NO_COLOR", before.c_str(), 1);
  else unsetenv("NO_COLOR");

  int pipe_ends[2];
  REQUIRE(pipe(pipe_ends) == 0);
  CHECK(shown(pipe_ends[1], pipe_ends[0]).empty());
  close(pipe_ends[0]), close(pipe_ends[1]);
}
#endif
