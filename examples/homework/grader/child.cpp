#include "child.hpp"

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

namespace grader {
namespace {

constexpr std::size_t largest_answer = std::size_t{1} << 28, most_printed = 2000;

std::array<int, 2> new_pipe() {
  std::array<int, 2> ends;
  if (::pipe(ends.data()) != 0) throw Error("the grader can open no pipe");
  for (const int end : ends) ::fcntl(end, F_SETFD, FD_CLOEXEC);
  return ends;
}

// Of this process's own children, those that are left: what the student's code started and nobody
// waits for (see protect_grader). Linux only.
std::vector<pid_t> orphans() {
  std::vector<pid_t> all;
  const std::string path = fmt::format("/proc/self/task/{}/children", ::getpid());
  if (FILE* file = std::fopen(path.c_str(), "r")) {
    for (int pid = 0; std::fscanf(file, "%d", &pid) == 1;) all.push_back(pid);
    std::fclose(file);
  }
  return all;
}

void limit(int what, rlim_t most) {
  const rlimit l{most, most};
  ::setrlimit(what, &l);
}

}  // namespace

void protect_grader() {
  std::signal(SIGPIPE, SIG_IGN);
#if defined(__linux__)
  ::prctl(PR_SET_DUMPABLE, 0);  // nobody of the same user may look into or change this process
  ::prctl(PR_SET_CHILD_SUBREAPER,
          1);  // who is left behind by its parent becomes our child, and is ended
#endif
}

Child::Child(const std::vector<std::string>& command) {
  const auto question = new_pipe(), answer = new_pipe(), print = new_pipe();
  std::vector<char*> words;
  for (const std::string& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  std::fflush(nullptr);
  pid_ = ::fork();
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
#if !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)  // these reserve a great deal more than they use
    limit(RLIMIT_AS, rlim_t{8} << 30);
#endif
    ::setenv("DAMLA_THREADS", "1", 1);
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
    pid_ = -1;
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
  ::kill(-pid_, SIGKILL);
  ::waitpid(std::exchange(pid_, -1), &status, 0);
  stop();
  if (WIFSIGNALED(status) && WTERMSIG(status) != SIGKILL)
    return {End::crashed, {}, ::strsignal(WTERMSIG(status))};
  return {End::left, {}, fmt::format("{}", WIFEXITED(status) ? WEXITSTATUS(status) : -1)};
}

Child::Reply Child::ask(const std::string& part, Values question, double seconds) {
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
      const auto n = ::read(prints_, buffer.data(), buffer.size());
      if (n > 0 && printed_.size() < most_printed)
        printed_.append(buffer, 0, static_cast<std::size_t>(n));
      if (n == 0) ::close(std::exchange(prints_, -1));
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
