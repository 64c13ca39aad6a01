#pragma once

// In the student's program an index outside a matrix, or sizes that do not fit, would go on with
// other memory: here it throws. To be read before the first line of Eigen.
#include <stdexcept>
#include <string>

[[noreturn]] inline void eigen_says(const char* expected) {
  throw std::out_of_range(
      std::string("an index outside a matrix, or sizes that do not fit: Eigen expected ") +
      expected);
}
#define eigen_assert(expected) ((expected) ? (void)0 : eigen_says(#expected))
