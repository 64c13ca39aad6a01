#pragma once

#include <string>
#include <type_traits>

#include "damla/core/scalar.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// How many threads the products and formulas may use: the environment's DAMLA_THREADS, else one
/// for each processor that this program is allowed (its affinity, and its container's share); with
/// DAMLA_STEP one, so that a debugger stays on the thread that it follows. Where the system refuses
/// a thread, the others do its part.
///
/// A layer, model, optimizer or generator belongs to one thread at a time: forward and backward
/// write into its members. Give each thread of your own a copy; two models may train side by side.
int threads();

/// Sets the number of threads, at any time and from any thread. For a given number a run repeats
/// bit for bit. Throws Error unless n is in 1 … 1024.
void set_threads(int n);

/// "2 threads, release, float, AVX-512": what every program prints when it starts.
std::string build_summary(bool debug_program);
inline std::string build_summary() {
#ifdef NDEBUG
  return build_summary(false);
#else
  return build_summary(true);
#endif
}

namespace detail {
void parallel_for(Index n, void* body, void (*call)(void* body, Index i));
}

/// Calls body(0) … body(n-1), spread over the threads; each is called once, in no fixed order. What
/// body(i) writes must be its own. Products inside run on the one thread. The first exception is
/// thrown again here. With one thread it is a plain loop, which a debugger can step through.
template <class Body>
void parallel_for(Index n, Body&& body) {
  if (threads() == 1) {
    for (Index i = 0; i < n; ++i) body(i);
    return;
  }
  using Plain = std::remove_reference_t<Body>;
  detail::parallel_for(n, const_cast<void*>(static_cast<const void*>(&body)),
                       [](void* b, Index i) { (*static_cast<Plain*>(b))(i); });
}

}}  // namespace damla::DAMLA_ABI
