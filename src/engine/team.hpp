#pragma once

#include <string>

#include "damla/core/threads.hpp"

namespace damla { inline namespace DAMLA_ABI { namespace detail {

/// Whether the caller runs inside parallel_for already: then everything stays on its thread.
bool in_parallel();

/// The processors that this program is allowed: its affinity, and its container's share rounded up.
int processors();

/// How many processors' time the container leaves to this program, as the kernel's control groups
/// write it below `root`; 1024 where nothing limits it.
double container_share(const std::string& root = "");

/// How many threads `work` operations are worth: one below ~100,000, where waking them costs more
/// than they save.
inline int team_for(double work) { return in_parallel() || work < 1e5 ? 1 : threads(); }

/// body(i) for each of `team` parts, side by side. Whoever computes a part, its numbers are the
/// same.
template <class Body>
void for_team(int team, Body&& body) {
  if (team == 1) return body(0);
  damla::parallel_for(team, [&](Index i) { body(static_cast<int>(i)); });
}

/// The rows [first, last) that member `i` of `team` takes, in units of `unit` rows. What is left
/// over goes with the last unit.
struct Share {
  Index first, last;
};
inline Share share(Index rows, int i, int team, Index unit = 1) {
  const Index units = rows < unit ? 1 : rows / unit;
  return {units * i / team * unit, i + 1 == team ? rows : units * (i + 1) / team * unit};
}

}}}  // namespace damla::DAMLA_ABI::detail
