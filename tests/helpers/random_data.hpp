#pragma once

#include "damla/core/random.hpp"

namespace damla {

inline Matrix normal_matrix(Index rows, Index cols, Random& random, double std = 1) {
  Matrix m(rows, cols);
  random.fill_normal(m, std);
  return m;
}

inline Tokens random_tokens(Index n, Index V, Random& random) {
  Tokens tokens(static_cast<std::size_t>(n));
  for (Token& t : tokens) t = static_cast<Token>(random.below(V));
  return tokens;
}

/// Larger weights than a model starts with, so that every part of it counts.
void enlarge(auto& model, Random& random) {
  model.visit_parameters([&](std::string_view, auto& p) {
    if (p.value.rows() > 1) random.fill_normal(p.value, 0.3);
  });
}

}  // namespace damla
