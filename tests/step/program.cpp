// What the test steps through: one small block. Its numbers are printed for comparison with what
// gdb shows of the same matrices.
#include <cstdio>

#include "damla/nn/transformer_block.hpp"

using namespace damla;

namespace {

void print(const char* name, const Matrix& m) {
  std::printf("%s %td %td", name, m.rows(), m.cols());
  for (Index r = 0; r < m.rows(); ++r)
    for (Index c = 0; c < m.cols(); ++c) std::printf(" %.4g", static_cast<double>(m(r, c)));
  std::printf("\n");
}

void look(TransformerBlock<>& block, const Matrix& x, const Tokens& tokens, const Matrix& wide,
          [[maybe_unused]] const Parameter& unused) {
  const auto column = wide.block(1, 2, 3, 1);
  const auto transposed = x.transpose();
  const Eigen::Map<const Matrix> map(wide.data(), 2, 4);
  print("column", column);
  print("map", map);
  print("transposed", transposed);
  std::fflush(stdout);
  block.forward(x, std::ssize(tokens));
}

}  // namespace

int main() {
  Random random(1);
  TransformerBlock<> block({.channels = 4, .heads = 2, .init_std = 0.5}, random);
  const Tokens tokens{7, 0, 5};
  Matrix x(3, 4);
  random.fill_normal(x, 1);
  block.forward(x, 3);
  block.backward(x, x, 3);
  Matrix wide(9, 9);
  random.fill_normal(wide, 100);

  print("x", x);
  print("weights", block.attention.weights);
  print("query", block.attention.qkv.y.leftCols(2));
  print("value", block.norm_1.bias.value);
  print("gradient", block.norm_1.bias.grad());
  print("wide", wide);
  look(block, x, tokens, wide, Parameter(2, 2));
}
