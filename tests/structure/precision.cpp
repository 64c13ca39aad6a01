// Compiled for double. Linked to the library for float it must fail, not run.
#include "damla/core/matmul.hpp"
#include "damla/core/random.hpp"

int main() {
  damla::Matrix a(2, 2), b;
  damla::Random(1).fill_normal(a, 1);
  damla::matmul(b, a, a);
  return sizeof(b(0, 0)) == sizeof(double) ? 0 : 1;
}
