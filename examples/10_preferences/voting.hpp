#pragma once

// For lesson 10: which of two answers is better, said by people at the keyboard and kept in a file.

#include <fmt/core.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "damla/core/files.hpp"
#include "damla/text/read_text.hpp"

namespace damla {

struct Vote {
  std::string question, chosen, rejected;
};

/// The votes in a file: one a line, question, chosen and rejected answer separated by tabs. None
/// when there is no file yet. Throws Error with path and line.
inline std::vector<Vote> read_votes(const std::string& path) {
  std::vector<Vote> votes;
  if (!std::filesystem::exists(system_path(path))) return votes;
  std::istringstream text(read_text(path));
  for (std::string line; std::getline(text, line);) {
    const std::size_t first = line.find('\t'), second = line.find('\t', first + 1);
    if (std::count(line.begin(), line.end(), '\t') != 2)
      throw Error(fmt::format(
          "{}: line {}: expected question, chosen and rejected answer, separated by tabs", path,
          votes.size() + 1));
    votes.push_back({line.substr(0, first), line.substr(first + 1, second - first - 1),
                     line.substr(second + 1)});
  }
  return votes;
}

/// Asks at the keyboard until somebody types q (or the input ends) and adds each vote to the file.
/// draw() returns a question with two answers in random order. Throws Error when the file cannot be
/// written.
inline void ask_for_votes(const std::string& path, auto&& draw) {
  read_votes(path);  // before anybody takes the trouble to vote
  std::ofstream file(system_path(path), std::ios::app);
  if (!file) throw Error(path + ": cannot be written");
  const std::string before = read_file(path);
  if (!before.empty() && before.back() != '\n') file << '\n';  // somebody edited it
  fmt::print(
      "Which answer is better? Hangi yanıt daha iyi? (a, b; s: skip/geç, q: enough/yeter)\n");
  for (std::string line = "s"; line != "q";) {
    const Vote pair = draw();
    fmt::print("\n{}\n  A: {}\n  B: {}\n> ", pair.question, pair.chosen, pair.rejected);
    std::fflush(stdout);
    if (!std::getline(std::cin, line)) break;
    if (line == "a" || line == "A")
      file << pair.question << '\t' << pair.chosen << '\t' << pair.rejected << std::endl;
    if (line == "b" || line == "B")
      file << pair.question << '\t' << pair.rejected << '\t' << pair.chosen << std::endl;
    if (!file) throw Error(path + ": cannot be written");
  }
}

/// All votes in the file, new ones first asked for; none when the path is empty.
inline std::vector<Vote> votes_in(const std::string& path, auto&& draw) {
  if (path.empty()) return {};
  ask_for_votes(path, draw);
  return read_votes(path);
}

}  // namespace damla
