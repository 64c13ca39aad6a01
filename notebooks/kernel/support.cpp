// What interpreter.py needs inside clang-repl, linked into one shared library with damla.
//
// clang-repl cannot go on after an error: what the failed cell began to define is half there. So
// each cell runs in a fork. When it fails, by a compiler's error, an exception, a crash or an
// interrupt, the fork ends, and its parent goes on as if the cell had never run. On the pipe
// DAMLA_NOTEBOOK_CONTROL this file says what happens, a word or two on a line.
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <ext/stdio_sync_filebuf.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include "damla/core/threads.hpp"

namespace {

const int control = std::atoi(std::getenv("DAMLA_NOTEBOOK_CONTROL"));

void flush() {
  std::cout.flush(), std::clog.flush(), std::wcout.flush();  // theirs after sync_with_stdio(false)
  std::fflush(stdout), std::fflush(stderr);
}

void say(const std::string& what) {
  flush();
  const std::string line = what + "\n";
  if (write(control, line.data(), line.size()) < 0) _exit(1);
}

[[noreturn]] void fail(std::string why) {
  std::replace(why.begin(), why.end(), '\n', '\1');  // one line on the pipe
  say("uncaught " + why);
  _exit(1);
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
  fail(text);
}

ssize_t no_keyboard(void*, char*, std::size_t) {
  fail(
      "A cell cannot read input: write the value into the cell, such as int n = 3;\n"
      "Hücre girdi okuyamaz: değeri hücreye yazın, örneğin int n = 3;");
}

/// clang-repl reads its lines from stdin. Cells get another one, or they would take those lines.
void replace_stdin() {
  fcntl(0, F_SETFD, FD_CLOEXEC);  // nor may a program that a cell starts
  stdin = fopencookie(nullptr, "r", {no_keyboard, nullptr, nullptr, nullptr});
  std::cin.rdbuf(new __gnu_cxx::stdio_sync_filebuf<char>(stdin));
  std::wcin.rdbuf(new __gnu_cxx::stdio_sync_filebuf<wchar_t>(stdin));
  std::cin.exceptions(std::ios::badbit);  // after sync_with_stdio(false) reading is an error
}

const bool prepared = [] {
  std::setvbuf(stdout, nullptr, _IOLBF, 1 << 16);        // a line is seen when it is printed
  std::cout << std::unitbuf, std::clog << std::unitbuf;  // also after sync_with_stdio(false)
  replace_stdin();
  std::set_terminate(uncaught);
  for (const int s : {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL})
    std::signal(s, SIG_DFL);  // no stack dump of clang-repl's
  std::atexit([] { say("exit"); });
  return true;
}();

/// A file that is open before a cell. A fork shares it with its parent: the length and the place in
/// it, but not what is still in a buffer.
struct OpenFile {
  int number;
  off_t size, place;
};

std::vector<OpenFile> open_files() {
  std::vector<OpenFile> found;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    const int number = std::stoi(entry.path().filename());
    struct stat now;
    if (fstat(number, &now) == 0 && S_ISREG(now.st_mode))
      found.push_back({number, now.st_size, lseek(number, 0, SEEK_CUR)});
  }
  return found;
}

/// Takes back what a failed cell wrote into open files, or read from them: the parent's buffers
/// belong to the places before it.
void restore(const std::vector<OpenFile>& files) {
  for (const OpenFile& file : files) {
    lseek(file.number, file.place, SEEK_SET);
    struct stat now;
    const bool grown = fstat(file.number, &now) == 0 && now.st_size > file.size;
    if (grown && ftruncate(file.number, file.size) != 0) continue;  // not ours: we only read it
  }
}

}  // namespace

/// Forks before a cell. The fork returns and becomes the interpreter; its parent waits, and returns
/// when the fork has ended.
extern "C" void damla_kernel_checkpoint() {
  const int threads = damla::threads();
  damla::set_threads(1);  // threads do not survive a fork
  flush();
  const std::vector<OpenFile> files = open_files();
  const pid_t child = fork();
  damla::set_threads(threads);
  if (child == 0) return say("ready " + std::to_string(getpid()));
  int status = 0;
  if (child > 0) waitpid(child, &status, 0);
  restore(files);
  say("ended " + std::to_string(child < 0 ? -1 : WIFSIGNALED(status) ? WTERMSIG(status) : 0));
}

/// The first and the last statement of a cell.
extern "C" void damla_kernel_begin() { say("begin"); }
extern "C" void damla_kernel_done() { say("done"); }
