#include "damla/core/threads.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <mutex>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "damla/core/error.hpp"
#include "engine/team.hpp"

#if defined(__linux__)
#include <sched.h>
#endif
#if defined(__unix__) || defined(__APPLE__)
#include <pthread.h>
#endif

namespace damla { inline namespace DAMLA_ABI {

namespace detail {
double container_share(const std::string& root) {
  double share = 1024;
  const auto at_most = [&](double quota, double period) {
    if (quota > 0 && period > 0) share = std::min(share, quota / period);
  };
  std::ifstream groups(root + "/proc/self/cgroup");  // lines like 0::/a/b and 4:cpu,cpuacct:/a/b
  for (std::string line; std::getline(groups, line);) {
    const std::size_t first = line.find(':'), second = line.find(":/", first + 1);
    if (second == std::string::npos) continue;
    const std::string top = root + "/sys/fs/cgroup/" + line.substr(first + 1, second - first - 1);
    for (std::string group = line.substr(second + 1);; group.resize(group.rfind('/'))) {
      double quota = 0, period = 0;
      std::ifstream(top + group + "/cpu.max") >> quota >> period;  // "max 100000": no limit
      at_most(quota, period);
      std::ifstream(top + group + "/cpu.cfs_quota_us") >> quota;  // version 1; -1: no limit
      std::ifstream(top + group + "/cpu.cfs_period_us") >> period;
      at_most(quota, period);
      if (group.empty()) break;
    }
  }
  return share;
}

int processors() {
  int n = static_cast<int>(std::thread::hardware_concurrency());
#if defined(__linux__)
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof allowed, &allowed) == 0) n = CPU_COUNT(&allowed);
  n = std::min(n, static_cast<int>(std::ceil(container_share())));
#endif
  return std::max(1, n);
}
}  // namespace detail

namespace {
int from_environment() {
  if (const char* text = std::getenv("DAMLA_THREADS"); text != nullptr && *text != '\0') {
    char* end = nullptr;
    const long n = std::strtol(text, &end, 10);
    if (*end != '\0' || n < 1 || n > 1024)
      throw Error(std::string("DAMLA_THREADS is \"") + text +
                  "\", but needs to be a whole number from 1 to 1024");
    return static_cast<int>(n);
  }
#ifdef DAMLA_STEP
  return 1;
#else
  return detail::processors();
#endif
}

std::atomic<int>& thread_count() {
  static std::atomic<int> count = from_environment();
  return count;
}
}  // namespace

int threads() { return thread_count(); }

namespace detail {
void end_helpers_above(int helpers);
}

void set_threads(int n) {
  if (n < 1 || n > 1024)
    throw Error("set_threads: n is " + std::to_string(n) + ", but needs to be in 1 … 1024");
  thread_count() = n;
  detail::end_helpers_above(n - 1);
}

std::string build_summary(bool debug_program) {
  std::string text = std::to_string(threads()) + (threads() == 1 ? " thread, " : " threads, ");
  text += debug_program ? "debug, " : "release, ";
  text += sizeof(Scalar) == sizeof(float) ? "float, " : "double, ";
#if defined(__AVX512F__)
  return text + "AVX-512";
#elif defined(__AVX2__)
  return text + "AVX2";
#elif defined(__ARM_NEON)
  return text + "NEON";
#else
  return text + "no vector flags";
#endif
}

namespace detail {

namespace {
thread_local bool inside = false;  // a part of a job

void rest() {  // for a moment, without giving up the processor
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__) && defined(__GNUC__)
  __asm__ volatile("yield");
#endif
}

/// Threads that take the parts of one job after the other. Whoever is awake takes the next part,
/// the caller too: when the processors are busy with something else, the caller does all of it and
/// waits for nobody. OpenMP's fixed shares wait, and spin while they do: with four other programs
/// on two processors, training took ten times as long as on one thread; this way, about as long.
class Team {
 public:
  explicit Team(Team* of_parent = nullptr) : of_parent_(of_parent) {}

  void end_helpers_above(int helpers) {
    const std::unique_lock<std::mutex> no_job(running_, std::try_to_lock);
    if (no_job.owns_lock() && wanted_ > helpers) resize(helpers);
  }

  void run(Index n, void* body, void (*call)(void* body, Index i)) {
    const std::unique_lock<std::mutex> one_job(running_, std::try_to_lock);
    if (!one_job.owns_lock()) {  // another thread of the program has the team
      for (Index i = 0; i < n; ++i) call(body, i);
      return;
    }
    resize(threads() - 1);
    body_ = body, call_ = call, parts_ = n, error_ = nullptr;
    undone_.store(n, std::memory_order_relaxed);
    const std::uint64_t job = (state_.load(std::memory_order_relaxed) >> bits) + 1;
    state_.store(job << bits | static_cast<std::uint64_t>(n), std::memory_order_release);
    state_.notify_all();
    work(job);
    for (int i = 0; undone_.load(std::memory_order_acquire) > 0; ++i)
      i < patience ? rest() : std::this_thread::yield();
    if (error_) std::rethrow_exception(error_);
  }

 private:
  static constexpr int bits =
      32;  // of state_ that count the parts nobody has taken yet; above them, the job's number
  static constexpr int patience =
      4000;  // rests before a thread gives up the processor: ~50 µs, the pause between two products

  void resize(int helpers) {
    if (wanted_ == helpers) return;
    wanted_ = helpers;
    stop_ = true;
    state_.fetch_add(std::uint64_t{1} << bits);
    // Again until each has heard it: with MinGW, a thread that is about to wait may miss the call
    // (libstdc++ 12 without a futex).
    while (helping_ > 0) state_.notify_all(), std::this_thread::yield();
    for (std::thread& helper : helpers_) helper.join();
    helpers_.clear();
    stop_ = false;
    const std::uint64_t seen = state_.load();
    try {
      for (int i = 0; i < helpers; ++i) {
        helpers_.emplace_back([this, seen] { help(seen); });
        ++helping_;
      }
    } catch (const std::system_error&) {
      // The system allows no more threads. Those that there are, the caller at least, do all parts.
    }
  }

  void help(std::uint64_t seen) {
    for (;;) {
      for (int i = 0; i < patience && state_.load(std::memory_order_relaxed) == seen; ++i) rest();
      state_.wait(seen);
      seen = state_.load(std::memory_order_acquire);
      if (stop_) {
        --helping_;
        return;
      }
      work(seen >> bits);
      // Done is the job whose number this is. What state_ says by now may be the next job, or the
      // end: to wait for a change from there would be to wait for ever.
      seen = seen >> bits << bits;
    }
  }

  void work(std::uint64_t job) {
    std::uint64_t state = state_.load(std::memory_order_acquire);
    while (state >> bits == job && (state & 0xffffffff) > 0) {
      if (!state_.compare_exchange_weak(state, state - 1, std::memory_order_acq_rel)) continue;
      // The part is ours: the job stays what it is until we are done with it.
      try {
        inside = true;
        call_(body_, parts_ - static_cast<Index>(state & 0xffffffff));
      } catch (...) {
        const std::lock_guard<std::mutex> guard(error_mutex_);
        if (!error_) error_ = std::current_exception();
      }
      inside = false;
      undone_.fetch_sub(1, std::memory_order_acq_rel);
      state = state_.load(std::memory_order_acquire);
    }
  }

  std::mutex running_, error_mutex_;
  std::vector<std::thread> helpers_;
  std::atomic<int> helping_{0};  // helpers that have not been told to stop
  int wanted_ = 0;               // helpers; the system may have refused some
  std::atomic<std::uint64_t> state_{0};
  std::atomic<Index> undone_{0};
  std::atomic<bool> stop_{false};
  void* body_ = nullptr;
  void (*call_)(void*, Index) = nullptr;
  Index parts_ = 0;
  std::exception_ptr error_;
  [[maybe_unused]] Team* of_parent_;  // kept, or a leak checker would call it lost
};
}  // namespace

namespace {
/// Never destroyed: a program may end while a helper sleeps, or on a helper. A child of fork has
/// the thread that called it and no helper, so it begins with a team of its own.
Team& team() {
  static Team* only = [] {
#if defined(__unix__) || defined(__APPLE__)
    pthread_atfork(nullptr, nullptr, [] { only = new Team(only); });
#endif
    return new Team;
  }();
  return *only;
}
}  // namespace

void end_helpers_above(int helpers) { team().end_helpers_above(helpers); }
bool in_parallel() { return inside; }

void parallel_for(Index n, void* body, void (*call)(void* body, Index i)) {
  if (in_parallel() || threads() == 1 || n < 2) {
    for (Index i = 0; i < n; ++i) call(body, i);
    return;
  }
  team().run(n, body, call);
}

}  // namespace detail
}}  // namespace damla::DAMLA_ABI
