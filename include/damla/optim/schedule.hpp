#pragma once

#include <algorithm>
#include <cmath>
#include <numbers>

#include "damla/core/error.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// Linear warm-up, then half a cosine from peak down to floor (Loshchilov and Hutter, 2017, eq. 5;
/// GPT-3's recipe).
struct WarmupCosine {
  double peak = 3e-3;
  Index warmup = 20;   ///< steps; 0: starts at the peak
  Index steps = 1000;  ///< in all
  double floor = 0;    ///< the rate that the step after the last would have

  /// The rate for step 0, 1, … Throws Error for an option out of its range.
  Scalar operator()(Index step) const {
    expect_number("WarmupCosine", "peak", peak, not_negative);
    expect_number("WarmupCosine", "floor", floor, not_negative);
    expect_count("WarmupCosine", "steps", steps, 1);
    expect_count("WarmupCosine", "warmup", warmup, 0, steps, "no more than steps");
    expect_count("WarmupCosine", "the step", step, 0);
    if (step < warmup)
      return static_cast<Scalar>(peak * static_cast<double>(step + 1) /
                                 static_cast<double>(warmup));
    const double done = std::min(1.0, static_cast<double>(step - warmup) /
                                          static_cast<double>(std::max<Index>(1, steps - warmup)));
    return static_cast<Scalar>(floor +
                               (peak - floor) * 0.5 * (1 + std::cos(std::numbers::pi * done)));
  }
};

}}  // namespace damla::DAMLA_ABI
