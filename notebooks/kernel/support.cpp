// What interpreter.py needs inside clang-repl, linked into one shared library with damla.
//
// clang-repl cannot go on after an error: what the failed cell began to define is half there. So
// each cell runs in a fork. When it fails, by a compiler's error, an exception, a crash or an
// interrupt, the fork ends, and its parent goes on as if the cell had never run. On the pipe
// DAMLA_NOTEBOOK_CONTROL this file says what happens, a word or two on a line.
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>

#include "damla/core/threads.hpp"

namespace {

const int control = std::atoi(std::getenv("DAMLA_NOTEBOOK_CONTROL"));

void say(const std::string& what) {
  std::fflush(stdout), std::fflush(stderr);
  const std::string line = what + "\n";
  if (write(control, line.data(), line.size()) < 0) _exit(1);
}

[[noreturn]] void uncaught() {
  std::string text = "std::terminate was called";
  try {
    if (const std::exception_ptr error = std::current_exception()) std::rethrow_exception(error);
  } catch (const std::exception& error) {
    text = error.what();
  } catch (...) {
    text = "something was thrown that is not a std::exception";
  }
  std::replace(text.begin(), text.end(), '\n', '\1');  // one line on the pipe
  say("uncaught " + text);
  _exit(1);
}

const bool prepared = [] {
  std::setvbuf(stdout, nullptr, _IOLBF, 1 << 16);  // a line is seen when it is printed
  std::set_terminate(uncaught);
  for (const int s : {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL})
    std::signal(s, SIG_DFL);  // no stack dump of clang-repl's
  std::atexit([] { say("exit"); });
  return true;
}();

}  // namespace

/// Forks before a cell. The fork returns and becomes the interpreter; its parent waits, and returns
/// when the fork has ended.
extern "C" void damla_kernel_checkpoint() {
  const int threads = damla::threads();
  damla::set_threads(1);  // threads do not survive a fork
  std::fflush(stdout), std::fflush(stderr);
  const pid_t child = fork();
  damla::set_threads(threads);
  if (child == 0) return say("ready " + std::to_string(getpid()));
  int status = 0;
  if (child > 0) waitpid(child, &status, 0);
  say("ended " + std::to_string(child < 0 ? -1 : WIFSIGNALED(status) ? WTERMSIG(status) : 0));
}

/// The first and the last statement of a cell.
extern "C" void damla_kernel_begin() { say("begin"); }
extern "C" void damla_kernel_done() { say("done"); }
