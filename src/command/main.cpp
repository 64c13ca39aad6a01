// The `damla` program: what the library can do, without writing C++. Each verb is a thin layer over
// the headers; its options and words stand in a file of its own.

#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <new>

#include "command/command.hpp"
#include "damla/core/error.hpp"
#include "damla/core/threads.hpp"
#include "report/command_line.hpp"

using namespace damla;
using namespace damla::command;

namespace {

/// The library's sentences are English. fmt::print would throw when the terminal is gone.
int fail(const std::string& what) {
  std::fputs(fmt::format("damla: {}{}\n", say("", "hata: "), what).c_str(), stderr);
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
#ifndef _WIN32
  std::signal(SIGPIPE, SIG_IGN);  // a closed pipe is noticed where it is written to …
  std::signal(SIGXFSZ, SIG_IGN);  // … and a limit of a file's size, too
#endif
  report::choose_language(argc, argv);
  CLI::App app(say("Language models from a text of your own, on a laptop.",
                   "Kendi metninizden, dizüstü bilgisayarda dil modelleri."),
               "damla");
  app.require_subcommand(1);
  app.set_version_flag("--version", DAMLA_VERSION, say("Print the version", "Sürümü yazar"));
  report::speak_on_command_line(app);
  int thread_count = 0;
  app.add_option("--threads", thread_count,
                 say("Threads (default: DAMLA_THREADS, else all processors)",
                     "İş parçacığı sayısı (verilmezse DAMLA_THREADS, o da yoksa bütün işlemciler)"))
      ->check(CLI::Range(1, 1024));
  app.fallthrough();
  app.parse_complete_callback([&] {
    if (thread_count > 0) set_threads(thread_count);
  });
  add_train(app);
  add_write(app);
  add_chat(app);
  add_look(app);
  add_inspect(app);
  add_export(app);
  add_manual(app);
  try {
    app.parse(argc, argv);
    return 0;
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? 0 : 2;
  } catch (const Interrupted&) {
    return 130;
  } catch (const std::bad_alloc&) {
    return fail(say("there is not enough memory: choose a smaller model or batch",
                    "bellek yetmedi: daha küçük bir model ya da yığın seçin"));
  } catch (const std::exception& e) {
    return fail(e.what());
  }
}
