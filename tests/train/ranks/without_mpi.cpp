// Who am I? For ranks.py, and compiled with a Ranks that knows no MPI.
#include <fmt/core.h>

#include "damla/core/error.hpp"
#include "damla/train/ranks.hpp"

int main() {
  try {
    const damla::Ranks ranks;
    fmt::print("{}\n", ranks.name());
  } catch (const damla::Error& e) {
    fmt::print("{}\n", e.what());
    return 1;
  }
}
