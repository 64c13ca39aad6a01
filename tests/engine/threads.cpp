#include "damla/core/threads.hpp"

#include <array>
#include <atomic>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "damla/core/error.hpp"
#include "damla/core/matmul.hpp"
#include "damla/functional/activation.hpp"
#include "damla/functional/adamw.hpp"
#include "damla/functional/attention.hpp"
#include "damla/functional/cross_entropy.hpp"
#include "damla/functional/layer_norm.hpp"
#include "damla/functional/rms_norm.hpp"
#include "damla/functional/softmax.hpp"
#include "damla/functional/sum.hpp"
#include "engine/team.hpp"
#include "helpers/catch.hpp"
#include "helpers/random_data.hpp"

#if defined(__linux__)
#include <sched.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#endif

using namespace damla;

namespace {
/// The number of threads as it was, whatever a test does.
struct Threads {
  int before = threads();
  ~Threads() { set_threads(before); }
};

/// Whether f() is the same to the last bit with 1, 2 and 5 threads.
bool same_with_all_threads(auto&& f) {
  const Threads restore;
  set_threads(1);
  const Matrix expected = f();
  for (const int n : {2, 5}) {
    set_threads(n);
    if (f() != expected) return false;
  }
  return true;
}
}  // namespace

TEST_CASE("parallel_for calls each index once, with any number of threads", "[engine]") {
  const Threads restore;
  for (const int n : {1, 2, 3, 8}) {
    set_threads(n);
    for (const Index count : {0, 1, 2, 7, 1000}) {
      CAPTURE(n, count);
      std::vector<std::atomic<int>> calls(static_cast<std::size_t>(count));
      parallel_for(count, [&](Index i) { ++calls[static_cast<std::size_t>(i)]; });
      for (const auto& c : calls) REQUIRE(c == 1);
    }
  }
}

TEST_CASE("an exception comes out of parallel_for, and the next call works", "[engine]") {
  const Threads restore;
  for (const int n : {1, 2, 4}) {
    set_threads(n);
    CAPTURE(n);
    for (const Index bad : {0, 7, 99}) {
      CHECK_THROWS_WITH(parallel_for(100,
                                     [&](Index i) {
                                       if (i == bad) throw Error("part " + std::to_string(i));
                                     }),
                        "part " + std::to_string(bad));
      CHECK_THROWS_AS(parallel_for(100, [](Index) { throw Error("every part"); }), Error);
      std::atomic<int> calls{0};
      parallel_for(100, [&](Index) { ++calls; });
      CHECK(calls == 100);
    }
  }
}

TEST_CASE("parallel_for inside parallel_for stays on its thread and calls each index once",
          "[engine]") {
  const Threads restore;
  for (const int n : {1, 2, 4}) {
    set_threads(n);
    std::vector<std::atomic<int>> calls(20 * 30);
    std::atomic<bool> moved{false};
    parallel_for(20, [&](Index i) {
      const auto here = std::this_thread::get_id();
      parallel_for(30, [&](Index j) {
        ++calls[static_cast<std::size_t>(i * 30 + j)];
        if (std::this_thread::get_id() != here) moved = true;
      });
    });
    for (const auto& c : calls) REQUIRE(c == 1);
    CHECK_FALSE(moved);
  }
}

TEST_CASE(
    "set_threads takes effect: with n threads, n parts can be under way at once, and never more",
    "[engine]") {
  const Threads restore;
  for (const int n : {3, 1, 2, 4}) {
    set_threads(n);
    CHECK(threads() == n);
    // Each part waits until n are under way, so this ends only if there are n threads; and counts
    // who comes.
    std::atomic<int> arrived{0};
    std::mutex mutex;
    std::set<std::thread::id> seen;
    parallel_for(n, [&](Index) {
      {
        const std::lock_guard guard(mutex);
        seen.insert(std::this_thread::get_id());
      }
      ++arrived;
      while (arrived < n) std::this_thread::yield();
    });
    CHECK(static_cast<int>(seen.size()) == n);
    seen.clear();
    parallel_for(200, [&](Index) {
      const std::lock_guard guard(mutex);
      seen.insert(std::this_thread::get_id());
    });
    CHECK(static_cast<int>(seen.size()) <= n);
  }
  CHECK_THROWS_AS(set_threads(0), Error);
  CHECK_THROWS_AS(set_threads(-3), Error);
  CHECK_THROWS_AS(set_threads(1025), Error);
}

TEST_CASE("a product is the same to the last bit with 1, 2 and 5 threads", "[engine]") {
  struct Shape {
    Index n, k, m;
  };
  // Sizes one over a multiple of 16 or 48, at which the work is cut, are where a thread would get a
  // single row or column.
  constexpr Shape shapes[] = {{257, 33, 257},  {33, 257, 33},  {17, 3000, 17},  {16, 3000, 17},
                              {17, 3000, 16},  {1, 700, 1025}, {1025, 700, 1},  {33, 700, 7},
                              {7, 700, 33},    {49, 500, 48},  {128, 128, 384}, {65, 1000, 5},
                              {5, 1000, 65},   {2000, 40, 3},  {30000, 2, 2},   {48, 1024, 144},
                              {48, 1024, 145}, {3, 100, 481},  {2, 100, 1441},  {20, 90, 529}};
  for (const auto [n, k, m] : shapes) {
    CAPTURE(n, k, m);
    Random random(1);
    const Matrix a = normal_matrix(n, k, random), b = normal_matrix(k, m, random),
                 c = normal_matrix(n, m, random);
    const Matrix at = a.transpose(), bt = b.transpose();
    Matrix y;
    CHECK(same_with_all_threads([&] { return matmul(y, a, b), y; }));
    CHECK(same_with_all_threads([&] { return matmul(y, at.transpose(), b), y; }));
    CHECK(same_with_all_threads([&] { return matmul(y, a, bt.transpose()), y; }));
    CHECK(same_with_all_threads([&] { return matmul(y, at.transpose(), bt.transpose()), y; }));
    CHECK(same_with_all_threads([&] { return y = c, matmul_add(y, a, b), y; }));
    CHECK(same_with_all_threads([&] { return matmul(y, a, b, c.topRows(1)), y; }));
  }
}

TEST_CASE("the formulas are the same to the last bit with 1, 2 and 5 threads", "[engine]") {
  namespace f = functional;
  for (const auto [N, C] : {std::array<Index, 2>{257, 513},
                            std::array<Index, 2>{1025, 129}}) {  // large enough to be shared out
    CAPTURE(N, C);
    Random random(2);
    const Matrix x = normal_matrix(N, C, random), dy = normal_matrix(N, C, random);
    const Matrix weight = normal_matrix(1, C, random), bias = normal_matrix(1, C, random);
    const Tokens targets = random_tokens(N, C, random);
    const auto in_place = [&](auto&& formula) {
      return same_with_all_threads([&] {
        Matrix y = x;
        formula(y);
        return y;
      });
    };
    CHECK(in_place([&](Matrix& y) { f::add(y, x, dy); }));
    CHECK(in_place([&](Matrix& y) { f::softmax(y, y); }));
    CHECK(in_place([&](Matrix& y) { f::softmax_backward(y, x, dy); }));
    CHECK(in_place([&](Matrix& y) { f::relu(y, x); }));
    CHECK(in_place([&](Matrix& y) { f::tanh(y, x); }));
    CHECK(in_place([&](Matrix& y) { f::sigmoid(y, x); }));
    CHECK(in_place([&](Matrix& y) { f::gelu(y, x); }));
    CHECK(in_place([&](Matrix& y) { f::gelu_backward(y, x, dy, dy); }));
    CHECK(in_place([&](Matrix& y) { f::exact_gelu(y, x); }));
    CHECK(in_place([&](Matrix& y) { f::exact_gelu_backward(y, x, dy); }));
    CHECK(in_place([&](Matrix& y) {
      std::vector<double> loss(targets.size());
      f::cross_entropy(y, loss, x, targets);
      for (Index n = 0; n < N; ++n)
        y(n, 0) = static_cast<Scalar>(loss[static_cast<std::size_t>(n)]);
    }));
    CHECK(same_with_all_threads([&] {
      Matrix sum = Matrix::Zero(1, C);
      f::add_rows(sum, x);
      return sum;
    }));
    CHECK(same_with_all_threads([&] {
      Matrix all = Matrix::Zero(2 * N + 2, C), dweight = Matrix::Zero(1, C), dbias = dweight;
      std::vector<double> mean(static_cast<std::size_t>(N)), rstd = mean;
      f::layer_norm(all.topRows(N), mean, rstd, x, weight, bias, Scalar(1e-5));
      f::layer_norm_backward(all.middleRows(N, N), x, mean, rstd, weight, dy);
      f::layer_norm_backward_parameters(dweight, dbias, x, mean, rstd, dy);
      all.row(2 * N) = dweight, all.row(2 * N + 1) = dbias;
      return all;
    }));
    CHECK(same_with_all_threads([&] {
      Matrix all = Matrix::Zero(2 * N + 1, C), rstd(N, 1), dweight = Matrix::Zero(1, C);
      f::rms_norm(all.topRows(N), rstd, x, weight, Scalar(1e-5));
      f::rms_norm_backward(all.middleRows(N, N), rstd, x, weight, dy);
      f::rms_norm_backward_parameters(dweight, rstd, x, dy);
      all.row(2 * N) = dweight;
      return all;
    }));
    CHECK(in_place([&](Matrix& y) {
      Matrix first = Matrix::Zero(N, C), second = first;
      const auto s = [](double number) { return static_cast<Scalar>(number); };
      f::adamw(y, first, second, dy, {s(0.01), s(0.9), s(0.99), s(1e-8), 0, s(0.1), s(0.01), 1});
    }));
  }
  Random random(3);
  const Matrix q = normal_matrix(129, 32, random), k = normal_matrix(129, 32, random);
  CHECK(same_with_all_threads([&] {
    Matrix weights(129, 129), all(4 * 129, 32);
    f::attend(all.topRows(129), weights, q, k, k, f::Visible::causal());
    f::attend_backward(all.middleRows(129, 129), all.middleRows(258, 129), all.bottomRows(129), q,
                       q, k, k, weights, f::Visible::causal());
    return all;
  }));
}

TEST_CASE("two threads of a program may use the library at once", "[engine]") {
  const Threads restore;
  set_threads(2);
  Random random(3);
  const Matrix a = normal_matrix(130, 200, random), b = normal_matrix(200, 150, random);
  Matrix expected;
  matmul(expected, a, b);
  functional::softmax(expected, expected);
  std::atomic<int> wrong{0}, errors{0};
  const auto work = [&] {
    Matrix y;
    for (int i = 0; i < 200; ++i) {
      matmul(y, a, b);
      functional::softmax(y, y);
      if (y != expected) ++wrong;
      try {
        parallel_for(4, [](Index part) {
          if (part == 2) throw Error("two");
        });
      } catch (const Error&) {
        ++errors;
      }
    }
  };
  std::thread first(work), second(work);
  first.join(), second.join();
  CHECK(wrong == 0);
  CHECK(errors == 400);
}

TEST_CASE("set_threads may be called while another thread multiplies", "[engine]") {
  const Threads restore;
  Random random(3);
  const Matrix a = normal_matrix(130, 200, random), b = normal_matrix(200, 150, random);
  Matrix expected, y;
  matmul(expected, a, b);
  std::atomic<bool> done{false};
  std::thread other([&] {
    for (int n = 1; !done; n = n % 4 + 1) set_threads(n), std::this_thread::yield();
  });
  int wrong = 0;
  for (int i = 0; i < 200; ++i) {
    matmul(y, a, b);
    if (y != expected) ++wrong;
  }
  done = true;
  other.join();
  CHECK(wrong == 0);
}

TEST_CASE("a container's share is the smallest that its groups and those above them allow",
          "[engine]") {
  namespace fs = std::filesystem;
  const fs::path root = fs::temp_directory_path() / "damla_container";
  fs::remove_all(root);
  const auto write = [&](const char* name, const char* text) {
    fs::create_directories((root / name).parent_path());
    std::ofstream(root / name) << text;
  };
  const auto share = [&] { return detail::container_share(root.string()); };
  CHECK(share() == 1024);
  write("proc/self/cgroup", "4:memory:/a\n3:cpu,cpuacct:/a/b\n0::/a/b\n");
  CHECK(share() == 1024);
  write("sys/fs/cgroup/cpu.max", "max 100000\n");
  write("sys/fs/cgroup/cpu,cpuacct/a/b/cpu.cfs_quota_us", "-1\n");
  write("sys/fs/cgroup/cpu,cpuacct/a/b/cpu.cfs_period_us", "100000\n");
  CHECK(share() == 1024);
  write("sys/fs/cgroup/cpu,cpuacct/a/b/cpu.cfs_quota_us", "350000\n");
  CHECK(share() == 3.5);
  write("sys/fs/cgroup/a/cpu.max", "150000 100000\n");
  CHECK(share() == 1.5);
  write("sys/fs/cgroup/a/b/cpu.max", "50000 100000\n");
  CHECK(share() == 0.5);
  fs::remove_all(root);
}

#if defined(__linux__)
namespace {
bool in_child = false;

/// How a child of this process ends that calls f() and then exit(7): its code, or minus the signal.
/// One that hangs gets SIGALRM.
int end_of_child(auto&& f) {
  const pid_t child = fork();
  if (child == 0) {
    in_child = true;
    alarm(20);
    std::signal(SIGABRT, SIG_DFL);
    f();
    std::exit(7);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}
}  // namespace

/// Asked by the leak sanitizer at the end of a process: what the parent's other threads hold is
/// lost in a child, which does not have them.
extern "C" int __lsan_is_turned_off();
extern "C" int __lsan_is_turned_off() { return in_child; }

TEST_CASE("a child of fork multiplies with threads of its own, and ends", "[engine]") {
  const Threads restore;
  set_threads(4);
  Random random(3);
  const Matrix a = normal_matrix(130, 200, random), b = normal_matrix(200, 150, random);
  Matrix expected;
  matmul(expected, a, b);
  const auto product = [&] {
    Matrix y;
    matmul(y, a, b);
    if (y != expected) _exit(1);
  };
  CHECK(end_of_child([] {}) == 7);
  CHECK(end_of_child(product) == 7);
  CHECK(end_of_child([] { set_threads(1); }) == 7);
  CHECK(end_of_child([&] { product(), set_threads(2), product(); }) == 7);
  CHECK(end_of_child([&] {
          if (end_of_child(product) != 7) _exit(2);
        }) == 7);
  product();  // the parent's team is as it was
}

TEST_CASE("helpers may be sent away at any moment after a job", "[engine]") {
  const Threads restore;
  std::atomic<int> calls{0};
  for (int i = 0; i < 10000; ++i) {  // one in some thousands met a helper between two looks
    set_threads(3);
    parallel_for(6, [&](Index) { ++calls; });
    set_threads(1);
  }
  CHECK(calls == 60000);
}

TEST_CASE("a program may end on any of its threads", "[engine]") {
  const Threads restore;
  set_threads(2);
  CHECK(end_of_child([] {
          const auto main = std::this_thread::get_id();
          std::atomic<int> arrived{0};
          parallel_for(2, [&](Index) {
            for (++arrived; arrived < 2;) std::this_thread::yield();
            if (std::this_thread::get_id() != main) std::exit(5);
            for (;;) std::this_thread::yield();
          });
        }) == 5);
}

#if !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)  // they take terabytes of addresses
TEST_CASE("where the system refuses threads, the others do all parts", "[engine]") {
  const Threads restore;
  CHECK(end_of_child([] {
          long pages = 0;
          std::ifstream("/proc/self/statm") >> pages;
          const rlimit most{static_cast<rlim_t>(pages * sysconf(_SC_PAGESIZE)) + 24'000'000,
                            RLIM_INFINITY};  // room for two stacks or so
          if (pages == 0 || setrlimit(RLIMIT_AS, &most) != 0) _exit(1);
          set_threads(64);
          std::atomic<int> calls{0};
          for (int i = 0; i < 3; ++i) parallel_for(100, [&](Index) { ++calls; });
          if (calls != 300) _exit(2);
        }) == 7);
}
#endif

TEST_CASE("unless told otherwise there is a thread for each processor that is allowed",
          "[engine]") {
  CHECK(end_of_child([] {
          cpu_set_t one;
          CPU_ZERO(&one);
          CPU_SET(sched_getcpu(), &one);
          sched_setaffinity(0, sizeof one, &one);
          _exit(10 + detail::processors());
        }) == 11);
}
#endif
