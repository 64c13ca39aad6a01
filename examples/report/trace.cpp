#include "report/trace.hpp"

#include <fmt/core.h>

#include <cmath>

namespace damla::report::detail {

void print_trace_heading() {
  fmt::print("\n{:20} {:>10} {:>9} {:>9}\n", "", "shape", "mean", "spread");
}

void print_trace_line(std::string_view name, const ConstMatrixRef& m) {
  const double mean = static_cast<double>(m.mean());
  const double spread =
      std::sqrt(static_cast<double>((m.array() - static_cast<Scalar>(mean)).square().mean()));
  fmt::print("{:20} {:>10} {:9.4f} {:9.4f}\n", name, fmt::format("{}×{}", m.rows(), m.cols()), mean,
             spread);
}

}  // namespace damla::report::detail
