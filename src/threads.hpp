#pragma once

#include "damla/core/threads.hpp"

namespace damla::inline DAMLA_ABI::detail {

/// Whether the caller runs inside parallel_for already: then everything stays on its thread.
bool in_parallel();

/// How many threads `work` operations are worth: one below ~100,000, where starting them costs more than they save.
inline int team_for(double work) { return in_parallel() || work < 1e5 ? 1 : threads(); }

/// body(i) for each member i of the team, side by side. One member needs no OpenMP region, which costs 0.3 µs even then.
template <class Body>
void for_team(int team, Body&& body) {
  if (team == 1) return body(0);
#pragma omp parallel for schedule(static, 1) num_threads(team)
  for (int i = 0; i < team; ++i) body(i);
}

/// The rows [first, last) that member `i` of `team` takes, in units of `unit` rows.
struct Share {
  Index first, last;
};
inline Share share(Index rows, int i, int team, Index unit = 1) {
  const Index units = (rows + unit - 1) / unit;
  const Index first = units * i / team * unit, last = units * (i + 1) / team * unit;
  return {first < rows ? first : rows, last < rows ? last : rows};
}

}  // namespace damla::inline DAMLA_ABI::detail
