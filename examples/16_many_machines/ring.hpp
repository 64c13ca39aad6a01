#pragma once

#include <vector>

#include "damla/core/matrix.hpp"
#include "damla/core/share.hpp"

namespace damla::worlds {

/// A ring all-reduce by hand: each matrix stands for a rank's, and becomes the sum of all. A rank
/// only ever sends to its right neighbour, a part at a time. Returns how many numbers each sent.
inline std::vector<Index> ring_all_reduce(std::vector<Matrix>& ranks) {
  const Index n = std::ssize(ranks);
  std::vector<Index> sent(ranks.size(), 0);
  const auto at = [&](Index i) { return static_cast<std::size_t>((i + n) % n); };
  const auto part = [&](Index rank, Index p) {
    return Share{.part = (p + n) % n, .parts = n}.rows_of(ranks[at(rank)]);
  };
  // First half: each adds what it gets to its own. After n − 1 rounds rank r has the whole sum of
  // part r + 1. All send at once, and never the part that they are given.
  for (Index round = 0; round < n - 1; ++round)
    for (Index r = 0; r < n; ++r) {
      part(r + 1, r - round) += part(r, r - round);
      sent[at(r)] += part(r, r - round).size();
    }
  // Second half: the sums go round.
  for (Index round = 0; round < n - 1; ++round)
    for (Index r = 0; r < n; ++r) {
      part(r + 1, r + 1 - round) = part(r, r + 1 - round);
      sent[at(r)] += part(r, r + 1 - round).size();
    }
  return sent;
}

}  // namespace damla::worlds
