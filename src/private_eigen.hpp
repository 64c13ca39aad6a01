#pragma once

// Eigen under another name, for the kernels. Eigen's inline functions are weak symbols: the linker keeps one copy of each,
// and a program built for debugging would bring slow ones that replace ours. Under a name of their own they stay apart.
// A file that includes this one must not include anything that includes Eigen.
#ifdef EIGEN_CORE_H
#error "private_eigen.hpp must be the first to include Eigen"
#endif
#define Eigen damla_private_eigen
#include <Eigen/Core>
#undef Eigen
