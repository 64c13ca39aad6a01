#include "damla/core/threads.hpp"

#include <array>
#include <atomic>
#include <cmath>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "catch.hpp"
#include "damla/core/error.hpp"
#include "damla/core/kernels.hpp"
#include "damla/core/matmul.hpp"
#include "damla/core/random.hpp"

using namespace damla;

namespace {
/// The number of threads as it was, whatever a test does.
struct Threads {
  int before = threads();
  ~Threads() { set_threads(before); }
};

Matrix normal_matrix(Index rows, Index cols, Random& random) {
  Matrix m(rows, cols);
  random.fill_normal(m, 1);
  return m;
}

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

TEST_CASE("parallel_for calls each index once, with any number of threads") {
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

TEST_CASE("an exception comes out of parallel_for, and the next call works") {
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

TEST_CASE("parallel_for inside parallel_for stays on its thread and calls each index once") {
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
    "set_threads takes effect: with n threads, n parts can be under way at once, and never more") {
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

TEST_CASE("a product is the same to the last bit with 1, 2 and 5 threads") {
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

TEST_CASE("the kernels are the same to the last bit with 1, 2 and 5 threads") {
  for (const auto [N, C] : {std::array<Index, 2>{257, 513},
                            std::array<Index, 2>{1025, 129}}) {  // large enough to be shared out
    CAPTURE(N, C);
    Random random(2);
    const Matrix x = normal_matrix(N, C, random), dy = normal_matrix(N, C, random);
    const Matrix gain = normal_matrix(1, C, random), shift = normal_matrix(1, C, random);
    const auto in_place = [&](auto&& kernel) {
      return same_with_all_threads([&] {
        Matrix y = x;
        kernel(y);
        return y;
      });
    };
    CHECK(in_place([&](Matrix& y) { kernels::add(y, x, dy); }));
    CHECK(in_place([&](Matrix& y) { kernels::softmax_rows(y, y, Scalar(0.7)); }));
    CHECK(in_place([&](Matrix& y) { kernels::softmax_rows_backward(y, x, dy); }));
    CHECK(in_place([&](Matrix& y) { kernels::causal_softmax_rows(y, y, Scalar(0.7)); }));
    CHECK(
        in_place([&](Matrix& y) { kernels::causal_softmax_rows_backward(y, x, dy, Scalar(0.7)); }));
    CHECK(in_place([&](Matrix& y) { kernels::gelu_tanh(y, x); }));
    CHECK(in_place([&](Matrix& y) { kernels::gelu_tanh_backward(y, x, dy, dy); }));
    CHECK(same_with_all_threads([&] {
      Matrix sum = Matrix::Zero(1, C);
      kernels::add_sum_of_rows(sum, x);
      return sum;
    }));
    CHECK(same_with_all_threads([&] {
      Matrix all = Matrix::Zero(2 * N + 2, C), xhat(N, C), inverse(N, 1),
             dgain = Matrix::Zero(1, C), dshift = dgain;
      kernels::normalize_rows(all.topRows(N), xhat, inverse, x, gain, shift, Scalar(1e-5));
      kernels::normalize_rows_backward(all.middleRows(N, N), dgain, dshift, xhat, inverse, gain,
                                       dy);
      all.row(2 * N) = dgain, all.row(2 * N + 1) = dshift;
      return all;
    }));
    CHECK(in_place([&](Matrix& y) {
      Matrix first = Matrix::Zero(N, C), second = first;
      const auto f = [](double number) { return static_cast<Scalar>(number); };
      kernels::adamw(y, first, second, dy,
                     {f(0.01), f(0.9), f(0.99), f(1e-8), 0, f(0.1), f(0.01), 1});
    }));
  }
}

TEST_CASE("two threads of a program may use the library at once") {
  const Threads restore;
  set_threads(2);
  Random random(3);
  const Matrix a = normal_matrix(130, 200, random), b = normal_matrix(200, 150, random);
  Matrix expected;
  matmul(expected, a, b);
  kernels::softmax_rows(expected, expected);
  std::atomic<int> wrong{0}, errors{0};
  const auto work = [&] {
    Matrix y;
    for (int i = 0; i < 200; ++i) {
      matmul(y, a, b);
      kernels::softmax_rows(y, y);
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
