#include "report/trace.hpp"

#include <fmt/core.h>

#include <cmath>

#include "report/say.hpp"

namespace damla::report::detail {

void print_trace_heading() {
  fmt::print("\n{:20} {:>10} {:>9} {:>9}\n", "", in_language("shape / boyutlar"),
             in_language("mean / ortalama"), in_language("spread / yayılım"));
}

void print_trace_line(std::string_view name, const ConstMatrixRef& m) {
  const double mean = static_cast<double>(m.mean());
  const double spread =
      std::sqrt(static_cast<double>((m.array() - static_cast<Scalar>(mean)).square().mean()));
  say("{:20} {:>10} {:9.4f} {:9.4f}\n", "{:20} {:>10} {:9.4f} {:9.4f}\n", name,
      fmt::format("{}×{}", m.rows(), m.cols()), mean, spread);
}

}  // namespace damla::report::detail
