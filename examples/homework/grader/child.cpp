#include "child.hpp"

#include "mistakes.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#if defined(__linux__)
#include <sys/prctl.h>
#endif

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

namespace grader {
namespace {

constexpr std::size_t largest_answer = std::size_t{1} << 28, most_printed = 2000;

std::array<int, 2> new_pipe() {
  std::array<int, 2> ends;
  if (::pipe(ends.data()) != 0) throw Error("the grader can open no pipe");
  for (const int end : ends) ::fcntl(end, F_SETFD, FD_CLOEXEC);
  return ends;
}

std::set<pid_t> asked;  // the children that a Child speaks with

// Of this process's own children, those that are left: what the student's code started and nobody
// waits for (see protect_grader). Linux only.
std::vector<pid_t> orphans() {
  std::vector<pid_t> all;
  const std::string path = fmt::format("/proc/self/task/{}/children", ::getpid());
  if (FILE* file = std::fopen(path.c_str(), "r")) {
    for (int pid = 0; std::fscanf(file, "%d", &pid) == 1;)
      if (!asked.contains(pid)) all.push_back(pid);
    std::fclose(file);
  }
  return all;
}

void limit(int what, rlim_t most) {
  const rlimit l{most, most};
  ::setrlimit(what, &l);
}

// Whether a program was built with -fsanitize=address or thread, which reserve a great deal more
// memory than they use.
bool has_sanitizer(const std::vector<std::string>& command) {
  static std::map<std::string, bool> known;
  bool any = false;
  for (const std::string& word : command) {
    if (!std::filesystem::is_regular_file(word)) continue;
    const auto [entry, fresh] = known.try_emplace(word, false);
    if (fresh) {
      std::ifstream file(word, std::ios::binary);
      const std::string bytes((std::istreambuf_iterator<char>(file)), {});
      entry->second = bytes.find("__asan_init") != std::string::npos ||
                      bytes.find("__tsan_init") != std::string::npos;
    }
    any = any || entry->second;
  }
  return any;
}

}  // namespace

std::vector<std::string> sandbox(const std::string& program) {
  std::string bwrap;
  for (const char* path : {"/usr/bin/bwrap", "/usr/local/bin/bwrap", "/bin/bwrap"})
    if (::access(path, X_OK) == 0) bwrap = path;
  if (bwrap.empty()) return {};
  std::vector<std::string> words{bwrap,           "--unshare-all", "--die-with-parent",
                                 "--new-session", "--cap-drop",    "ALL"};
  const auto see = [&](const std::string& path) {
    words.insert(words.end(), {"--ro-bind-try", path, path});
  };
  for (const char* path :
       {"/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache", "/opt", "/nix/store"})
    see(path);
  for (const char* word : {"--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp"})
    words.push_back(word);
  std::error_code none;
  // Libraries may stand beside the grader, where damla is installed elsewhere.
  const std::filesystem::path grader = std::filesystem::read_symlink("/proc/self/exe", none);
  see((grader.parent_path().parent_path() / "lib").string());
  see(std::filesystem::absolute(program).string());
  const auto quoted = [](const std::string& word) {
    std::string text = "'";
    for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return text + "' ";
  };
  std::string trial;  // user namespaces may be forbidden
  for (const std::string& word : words) trial += quoted(word);
  if (std::system((trial + "true >/dev/null 2>&1").c_str()) == 0) return words;
  fmt::print(stderr, "{}\n",
             say({"bubblewrap may not start here: your program runs with your own rights.",
                  "bubblewrap burada başlatılamıyor: programınız sizin haklarınızla çalışır."}));
  return {};
}

void protect_grader() {
  std::signal(SIGPIPE, SIG_IGN);
#if defined(__linux__)
  ::prctl(PR_SET_DUMPABLE, 0);  // nobody of the same user may look into or change this process
  ::prctl(PR_SET_CHILD_SUBREAPER,
          1);  // who is left behind by its parent becomes our child, and is ended
#endif
}

Child::Child(const std::vector<std::string>& command, int fill)
    : in_sandbox_(command[0].ends_with("bwrap")) {
  const auto question = new_pipe(), answer = new_pipe(), print = new_pipe();
  const bool sanitized = has_sanitizer(command);
  std::vector<char*> words;
  for (const std::string& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  std::fflush(nullptr);
  pid_ = ::fork();
  if (pid_ > 0) asked.insert(pid_);
  if (pid_ < 0) throw Error("the grader can start no process");
  if (pid_ == 0) {
    ::setpgid(0, 0);
#if defined(__linux__)
    ::prctl(PR_SET_PDEATHSIG,
            SIGKILL);  // a grader that is interrupted takes its student's endless loop along
#endif
    // First away from the low numbers, so that no pipe is overwritten; then to where the program
    // expects them.
    const int q = ::fcntl(question[0], F_DUPFD, 10), a = ::fcntl(answer[1], F_DUPFD, 10),
              p = ::fcntl(print[1], F_DUPFD, 10);
    const int nothing = ::open("/dev/null", O_RDONLY);
    ::dup2(nothing, 0), ::dup2(p, 1), ::dup2(p, 2), ::dup2(q, homework::question_channel),
        ::dup2(a, homework::answer_channel);
    for (int other = 5; other < 256; ++other) ::close(other);
    limit(RLIMIT_CORE, 0), limit(RLIMIT_FSIZE, 0), limit(RLIMIT_CPU, 600);
    if (!sanitized) limit(RLIMIT_AS, rlim_t{8} << 30);
    ::setenv("DAMLA_THREADS", "1", 1);
    // The C library fills memory that it gives with ~pattern, and what it takes back with pattern:
    // doubles of 32.5 and -0.12, or 0.00048 and -8577. First glibc's name, then those of macOS.
    ::setenv("MALLOC_PERTURB_", fill == 0 ? "64" : "63", 1);
    ::setenv("MallocPreScribble", "1", fill), ::setenv("MallocScribble", "1", fill);
    ::setenv("ASAN_OPTIONS", "detect_container_overflow=0", 0);  // damla itself is not sanitized
    ::execv(words[0], words.data());
    ::_exit(127);
  }
  ::setpgid(pid_, pid_);  // here as well: whichever of the two is first
  ::close(question[0]), ::close(answer[1]), ::close(print[1]);
  questions_ = question[1], answers_ = answer[0], prints_ = print[0];
  for (const int end : {questions_, answers_, prints_}) ::fcntl(end, F_SETFL, O_NONBLOCK);
}

Child::~Child() { stop(); }

void Child::stop() {
  if (pid_ > 0) {
    ::kill(-pid_, SIGKILL), ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    asked.erase(std::exchange(pid_, -1));
  }
  for (int tries = 0; tries < 1000; ++tries) {
    const std::vector<pid_t> left = orphans();
    if (left.empty()) break;
    for (const pid_t pid : left) ::kill(pid, SIGKILL), ::waitpid(pid, nullptr, 0);
  }
  for (int* end : {&questions_, &answers_, &prints_})
    if (*end >= 0) ::close(std::exchange(*end, -1));
}

Child::Reply Child::gone() {
  int status = 0;
  // Its end of the answers is closed, so it is about to end; one that only closed them is ended.
  for (int tries = 0; ::waitpid(pid_, &status, WNOHANG) == 0; ++tries) {
    if (tries >= 200) ::kill(pid_, SIGKILL);
    ::usleep(5000);
  }
  ::kill(-pid_, SIGKILL);
  asked.erase(std::exchange(pid_, -1));
  read_prints();
  stop();
  if (in_sandbox_ && WIFEXITED(status) && WEXITSTATUS(status) > 128)  // bubblewrap's way to say so
    return {End::crashed, {}, ::strsignal(WEXITSTATUS(status) - 128)};
  if (WIFSIGNALED(status) && WTERMSIG(status) != SIGKILL)
    return {End::crashed, {}, ::strsignal(WTERMSIG(status))};
  return {End::left, {}, fmt::format("{}", WIFEXITED(status) ? WEXITSTATUS(status) : -1)};
}

void Child::read_prints() {
  std::string buffer(std::size_t{1} << 16, '\0');
  while (prints_ >= 0) {
    const auto n = ::read(prints_, buffer.data(), buffer.size());
    if (n < 0) return;
    if (n == 0) return void(::close(std::exchange(prints_, -1)));
    const std::size_t came = static_cast<std::size_t>(n),
                      kept = std::min(came, most_printed - printed_.size());
    printed_.append(buffer, 0, kept), not_shown_ += came - kept;
    if (not_shown_ > 0) return;  // one who prints without end does not keep us here
  }
}

std::string Child::printed() const {
  if (not_shown_ == 0) return printed_;
  return printed_ + say({"\n… and more, which is not shown", "\n… ve dahası, gösterilmiyor"});
}

Child::Reply Child::ask(const std::string& part, Values question, double seconds) {
  if (pid_ < 0) return {End::left, {}, "-1"};
  question.insert(question.begin(), part);
  std::string out = homework::packed(question), in;
  const std::uint64_t size = out.size();
  out.insert(0, reinterpret_cast<const char*>(&size), sizeof size);
  std::size_t sent = 0;
  std::uint64_t expected = 0;
  using Clock = std::chrono::steady_clock;
  const auto until = Clock::now() + std::chrono::duration<double>(seconds);
  std::string buffer(std::size_t{1} << 16, '\0');
  while (true) {
    const double left = std::chrono::duration<double>(until - Clock::now()).count();
    if (left <= 0) {
      stop();
      return {End::late};
    }
    std::array<pollfd, 3> ends{{{answers_, POLLIN, 0},
                                {prints_, POLLIN, 0},
                                {sent < out.size() ? questions_ : -1, POLLOUT, 0}}};
    if (::poll(ends.data(), ends.size(), static_cast<int>(left * 1000) + 1) < 0 && errno != EINTR)
      throw Error("poll failed");
    if (ends[1].revents != 0) {
      read_prints();
    }
    if (ends[2].revents != 0) {
      const auto n = ::write(questions_, out.data() + sent, out.size() - sent);
      if (n > 0) sent += static_cast<std::size_t>(n);
      else if (n < 0 && errno != EAGAIN)
        sent = out.size();  // nobody reads any more: the answer's end tells why
    }
    if (ends[0].revents == 0) continue;
    const auto n = ::read(answers_, buffer.data(), buffer.size());
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    if (n <= 0) return gone();
    in.append(buffer, 0, static_cast<std::size_t>(n));
    if (expected == 0 && in.size() >= sizeof expected) {
      std::memcpy(&expected, in.data(), sizeof expected);
      if (expected == 0 || expected > largest_answer) return stop(), Reply{End::unreadable};
    }
    if (expected == 0 || in.size() < sizeof expected + expected) continue;
    try {
      Values values = homework::unpacked(std::string_view(in).substr(sizeof expected));
      read_prints();  // what came before the answer belongs to it
      const std::string kind = std::get<std::string>(values.at(0));
      values.erase(values.begin());
      if (kind == "answer") return {End::answered, std::move(values)};
      return {
          kind == "error" ? End::threw : End::not_written, {}, std::get<std::string>(values.at(0))};
    } catch (const std::exception&) {
      return stop(), Reply{End::unreadable};
    }
  }
}

}  // namespace grader
