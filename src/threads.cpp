#include "damla/core/threads.hpp"

#include <cstdlib>
#include <exception>
#include <string>
#include <thread>

#ifdef _OPENMP
#include <omp.h>
#endif

#include "damla/core/error.hpp"
#include "threads.hpp"

namespace damla::inline DAMLA_ABI {

namespace {
int from_environment() {
  if (const char* text = std::getenv("DAMLA_THREADS"); text != nullptr && *text != '\0') {
    char* end = nullptr;
    const long n = std::strtol(text, &end, 10);
    if (*end != '\0' || n < 1 || n > 1024)
      throw Error(std::string("DAMLA_THREADS is \"") + text + "\", but needs to be a whole number from 1 to 1024");
    return static_cast<int>(n);
  }
#ifdef _OPENMP
  return omp_get_num_procs();
#else
  return 1;
#endif
}

int& thread_count() {
  static int count = from_environment();
  return count;
}
}  // namespace

int threads() { return thread_count(); }

void set_threads(int n) {
  if (n < 1) throw Error("set_threads: n is " + std::to_string(n) + ", but needs to be at least 1");
  thread_count() = n;
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

bool in_parallel() {
#ifdef _OPENMP
  return omp_in_parallel() != 0;
#else
  return false;
#endif
}

void parallel_for(Index n, void* body, void (*call)(void* body, Index i)) {
  std::exception_ptr first;
  const int team = in_parallel() ? 1 : threads();
  if (team == 1 || n == 1) {
    for (Index i = 0; i < n; ++i) call(body, i);
    return;
  }
#pragma omp parallel for schedule(dynamic, 1) num_threads(team)
  for (Index i = 0; i < n; ++i) {
    try {
      call(body, i);
    } catch (...) {
#pragma omp critical(damla_parallel_for)
      if (!first) first = std::current_exception();
    }
  }
  if (first) std::rethrow_exception(first);
}

}  // namespace detail
}  // namespace damla::inline DAMLA_ABI
