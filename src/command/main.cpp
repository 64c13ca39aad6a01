// The `damla` program: what the library can do, without writing C++. Each verb is a thin layer over
// the headers; its options and words stand in a file of its own.

#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <new>

#include "command/command.hpp"
#include "damla/core/error.hpp"
#include "damla/core/threads.hpp"

using namespace damla;
using namespace damla::command;

namespace {

/// --lang tr or en, wherever it stands; else the environment's language.
bool wants_turkish(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--lang" && i + 1 < argc) return std::string_view(argv[i + 1]) == "tr";
    if (word.starts_with("--lang=")) return word.substr(7) == "tr";
  }
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"})
    if (const char* value = std::getenv(name); value != nullptr && *value != '\0')
      return std::string_view(value).starts_with("tr");
  return false;
}

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
  speak_turkish(wants_turkish(argc, argv));
  CLI::App app(say("Language models from a text of your own, on a laptop.",
                   "Kendi metninizden, dizüstü bilgisayarda dil modelleri."),
               "damla");
  app.require_subcommand(1);
  app.set_help_flag("-h,--help", say("Print this help and exit", "Bu yardımı yazar ve çıkar"));
  app.set_version_flag("--version", DAMLA_VERSION, say("Print the version", "Sürümü yazar"));
  std::string language;
  app.add_option("--lang", language, say("Language: tr or en", "Dil: tr ya da en"))
      ->check(CLI::IsMember({"tr", "en"}));
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
