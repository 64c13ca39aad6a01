#pragma once

// Catch2 v2 and v3 are both accepted.
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
using Catch::Approx;
#else
#include <catch2/catch.hpp>
namespace Catch::Matchers {
inline auto ContainsSubstring(const std::string& part) {
  return Contains(part);
}  // as version 3 names it
}  // namespace Catch::Matchers
#endif
