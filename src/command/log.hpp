#pragma once

#include <string>
#include <vector>

#include "damla/train/language_model_run.hpp"

namespace damla::command {

/// The looks of a run as log.csv and log.jsonl in its folder: a line each, written as they come,
/// and loss.svg, their curve, where gnuplot is installed.
class TrainingLog {
 public:
  explicit TrainingLog(const std::string& folder);

  void add(const Evaluation& look);
  /// Drops what was written behind a step from which a run goes on.
  void cut_behind(Index step);
  /// Draws loss.svg, with the loss of counting pairs as a line to beat. Returns whether it could.
  bool draw(double counting) const;
  const std::vector<Evaluation>& looks() const { return looks_; }

 private:
  std::string folder_;
  std::vector<Evaluation> looks_;
};

}  // namespace damla::command
