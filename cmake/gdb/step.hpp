// Included before all else in a build for stepping (cmake/library.cmake): Eigen, which the debugger
// skips, is optimised; what follows, the formulas too, is not. With all at -O0, lesson 05 took
// about nine times as long. The engine is optimised always.
#ifndef EIGEN_NO_DEBUG
#include <Eigen/Core>
#pragma GCC optimize("O0")
#endif
