#pragma once

#include <chrono>
#include <string>

#include "damla/core/scalar.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// One line that is written over and over while something long runs: step, loss, tokens (or
/// examples) per second, time left. Silent, and free, when the error output is not a terminal, or
/// one that cannot go back in a line (TERM=dumb).
class Progress {
 public:
  Progress(std::string title, Index steps);  // throws Error when steps is under 0
  ~Progress() { clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// After step `step` (from 0) with `items` tokens or examples in it. Writes at most ten times a
  /// second. The first call may be at any step: a run that goes on.
  void update(Index step, double loss, Index items = 0);
  /// Takes the line away, if one stands there, so that something else can be written in its place:
  /// any program has but one.
  static void clear();

 private:
  std::string title_;
  Index steps_, first_ = -1, items_ = 0;
  bool shown_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now(), last_ = start_;
};

}}  // namespace damla::DAMLA_ABI
