#include "damla/core/files.hpp"

#include <filesystem>

#include "core/json.hpp"
#include "helpers/catch.hpp"
#include "helpers/error_says.hpp"
#include "helpers/temporary_file.hpp"

#if defined(__unix__) || defined(__APPLE__)
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#endif

using namespace damla;
namespace fs = std::filesystem;

namespace {
/// A folder of its own, removed at the end.
struct TemporaryFolder {
  explicit TemporaryFolder(const std::string& name)
      : path(fs::temp_directory_path() / (unique_prefix() + name)) {
    fs::create_directories(path);
  }
  ~TemporaryFolder() { fs::remove_all(path); }
  std::string file(const std::string& name) const {  // in UTF-8, as the library takes it
    const std::u8string text = (path / system_path(name)).u8string();
    return {text.begin(), text.end()};
  }
  auto count() const { return std::distance(fs::directory_iterator(path), {}); }

  fs::path path;
};
}  // namespace

TEST_CASE("a file is written whole, and nothing else is left in its folder", "[core]") {
  const TemporaryFolder folder("whole");
  const std::string path = folder.file("göl ğ.txt");
  write_file_whole(path, "eski");
  write_file_whole(path, [](const ByteSink& sink) { sink("ye"), sink(std::string(100000, 'n')); });
  CHECK(read_file(path) == "ye" + std::string(100000, 'n'));
  const auto half = [&] {
    write_file_whole(path, [](const ByteSink& sink) {
      sink("half");
      throw Error("the writer failed");
    });
  };
  CHECK(error_says(half, {"the writer failed"}));
  CHECK(read_file(path).size() == 100002);
  CHECK(folder.count() == 1);
}

TEST_CASE("what is no file is neither read nor written, and the error says what it is", "[core]") {
  const TemporaryFolder folder("no_file");
  const std::string inside = folder.path.string(), missing = folder.file("none/x");
  CHECK(error_says([&] { read_file(inside); }, {inside, "folder"}));
  CHECK(error_says([&] { write_file_whole(inside, "x"); }, {inside, "cannot be written"}));
  CHECK(error_says([&] { read_file(missing); }, {missing, "does not exist"}));
  CHECK(error_says([&] { write_file_whole(missing, "x"); }, {missing, "folder does not exist"}));
  CHECK(folder.count() == 0);
}

#if defined(__unix__) || defined(__APPLE__)
TEST_CASE("a pipe is refused at once, not waited for", "[core]") {
  const TemporaryFolder folder("pipe");
  const std::string pipe = folder.file("pipe");
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  CHECK(error_says([&] { read_file(pipe); }, {pipe, "no ordinary file"}));
  CHECK(error_says([&] { write_file_whole(pipe, "x"); }, {pipe, "no ordinary file"}));
  CHECK(error_says([&] { write_file_whole("/dev/null", "x"); }, {"/dev/null", "no ordinary file"}));
}

TEST_CASE("writing keeps links and modes, and follows nobody's temporary name", "[core]") {
  const TemporaryFolder folder("links");
  const std::string path = folder.file("model"), link = folder.file("link"),
                    dangling = folder.file("dangling"), victim = folder.file("victim");
  write_file_whole(path, "old");
  REQUIRE(chmod(path.c_str(), 0640) == 0);
  fs::create_symlink("model", link);
  fs::create_symlink("later", dangling);
  write_file_whole(victim, "untouched");
  fs::create_symlink(victim, path + ".tmp");

  write_file_whole(link, "new");
  CHECK(fs::is_symlink(link));
  CHECK(read_file(path) == "new");
  write_file_whole(path, "newer");
  CHECK(read_file(link) == "newer");
  CHECK(read_file(victim) == "untouched");
  CHECK(fs::is_symlink(path + ".tmp"));
  struct stat status;
  REQUIRE(stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 0640);

  write_file_whole(dangling, "made");
  CHECK(read_file(folder.file("later")) == "made");
  const mode_t mask = umask(027);
  write_file_whole(folder.file("fresh"), "x");
  umask(mask);
  REQUIRE(stat(folder.file("fresh").c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 0640);  // as any program's new file

  fs::create_symlink("circle", folder.file("circle"));
  CHECK(error_says([&] { write_file_whole(folder.file("circle"), "x"); }, {"circle"}));
}

TEST_CASE("when the disk is full the old file stays, and the error says why", "[core]") {
  const TemporaryFolder folder("full");
  const std::string path = folder.file("model");
  write_file_whole(path, "old");
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {  // no file of this process may be larger than 1000 bytes
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit small{1000, 1000};
    setrlimit(RLIMIT_FSIZE, &small);
    const bool said = error_says([&] { write_file_whole(path, std::string(100000, 'x')); },
                                 {path, "cannot be written: File too large"});
    _exit(said && read_file(path) == "old" && folder.count() == 1 ? 0 : 1);
  }
  int status = -1;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(status == 0);
}
#endif

TEST_CASE("JSON of somebody's file is refused before it overflows the stack", "[core]") {
  using detail::parse_json;
  CHECK(parse_json("{\"a\":[1,{\"b\":\"[[\\\"[\"}]}")["a"][1]["b"] == "[[\"[");
  const std::string hundred = std::string(100, '[') + std::string(100, ']');
  CHECK(parse_json(hundred).is_array());
  for (const std::size_t depth : {101, 1000000}) {
    const std::string deep = std::string(depth, '[') + std::string(depth, ']');
    CHECK(error_says([&] { parse_json(deep); }, {"nested more than 100"}));
    CHECK(error_says([&] { parse_json("{\"a\":\"]\",\"b\":" + deep + "}"); }, {"nested"}));
  }
  CHECK(error_says([&] { parse_json("{\"a\":1,}"); }, {"no JSON", "byte 8"}));
  CHECK(error_says([&] { parse_json("1e999"); }, {"number"}));
  CHECK(error_says([&] { parse_json("\"\xFF\""); }, {"no JSON"}));
}

TEST_CASE("an error shows a text from a file shortened, and without control characters", "[core]") {
  CHECK(detail::shown("göl") == "göl");
  CHECK(detail::shown("\x1B[2J\n") == "\\x1B[2J\\x0A");
  CHECK(detail::shown("ğğğğ", 4) == "ğğ…");
  CHECK(detail::shown("ğğğğ", 3) == "ğğ…");  // no letter is split
  CHECK(detail::shown(std::string(1000, '\x80')).size() < 200);
}
