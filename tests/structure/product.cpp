// What no lesson may do: a product that is compiled here, with the flags of this file, and not in
// the library.
#include "damla/core/matrix.hpp"

damla::Matrix product(const damla::Matrix& a, const damla::Matrix& b) { return a * b; }
