#pragma once

#include <vector>

#include "damla/core/matrix.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// A word near another one.
struct Neighbour {
  Token word;
  double cosine;  ///< of the angle between the two vectors: 1 same direction, 0 at right angles, −1
                  ///< opposite
};

/// The n words whose vectors point most nearly the same way as that of `word`, nearest first,
/// itself left out. `vectors` is (V, C), a word a row. Throws Error when the word is outside 0 …
/// V-1, or n under 0.
std::vector<Neighbour> nearest(const ConstMatrixRef& vectors, Token word, Index n);

/// The place of `word` among the neighbours of `of`: 1 is the nearest, V-1 the farthest. Throws
/// Error when they are the same word.
Index neighbour_rank(const ConstMatrixRef& vectors, Token of, Token word);

/// The rows of `vectors` (V, C) that belong to some words: (N, C). Throws Error for a word outside
/// 0 … V-1.
Matrix vectors_of(const ConstMatrixRef& vectors, TokenSpan words);

/// The cosine of the angle between each two rows of x (N, C): (N, N), symmetric, with ones on its
/// diagonal.
Matrix cosines(const ConstMatrixRef& x);

/// x seen from where it is spread out most: the rows of x (N, C), their mean taken away, along the
/// k directions of largest variance (principal component analysis; Pearson, 1901). Returns (N, k),
/// the largest first. Directions have no sign of their own: the largest entry of each is made
/// positive. Throws Error unless 1 ≤ k ≤ C and N ≥ 1.
Matrix principal_components(const ConstMatrixRef& x, Index k);

}}  // namespace damla::DAMLA_ABI
