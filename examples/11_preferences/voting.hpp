#pragma once

// For lesson 11: which of two answers is better, said by people at the keyboard and kept in a file.

#include <fmt/core.h>

#include <filesystem>
#include <istream>
#include <optional>
#include <ostream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "damla/core/files.hpp"
#include "damla/text/read_text.hpp"
#include "damla/text/word_tokenizer.hpp"
#include "report/say.hpp"

namespace damla {

struct Vote {
  std::string question, chosen, rejected;
};

/// Why a vote cannot teach anything; empty when it can.
inline std::string fault(const Vote& vote, const WordTokenizer& words) {
  if (vote.chosen == vote.rejected) return "the two answers are the same";
  const std::string all = vote.question + " " + vote.chosen + " " + vote.rejected;
  for (const std::string& word : split_words(all, words.options()))
    if (!words.contains(word)) return fmt::format("the model does not know the word “{}”", word);
  return {};
}

/// Without the blanks around it, and without the \r of a Windows line.
inline std::string trimmed(const std::string& line) {
  const std::size_t first = line.find_first_not_of(" \t\r");
  if (first == std::string::npos) return {};
  return line.substr(first, line.find_last_not_of(" \t\r") - first + 1);
}

/// The votes in a file: one a line, question, chosen and rejected answer separated by tabs. None
/// when there is no file yet. Throws Error with path and line.
inline std::vector<Vote> read_votes(const std::string& path, const WordTokenizer& words) {
  std::vector<Vote> votes;
  if (!std::filesystem::exists(system_path(path))) return votes;
  std::istringstream text(read_text(path));
  int number = 0;
  for (std::string line; std::getline(text, line);) {
    ++number;
    line = trimmed(line);
    if (line.empty()) continue;
    Vote vote;
    std::istringstream parts(line);
    std::getline(parts, vote.question, '\t');
    std::getline(parts, vote.chosen, '\t');
    std::getline(parts, vote.rejected);
    const bool three = !vote.chosen.empty() && !vote.rejected.empty() &&
                       vote.rejected.find('\t') == std::string::npos;
    const std::string why =
        three ? fault(vote, words)
              : "expected question, chosen and rejected answer, separated by tabs";
    if (!why.empty())
      throw Error(fmt::format("{}: line {}: {}; mend or delete the line", path, number, why));
    votes.push_back(vote);
  }
  return votes;
}

/// Throws Error when the file cannot be written.
inline void write_votes(const std::string& path, const std::vector<Vote>& votes) {
  write_file_whole(path, [&](const ByteSink& write) {
    for (const Vote& v : votes) write(v.question + '\t' + v.chosen + '\t' + v.rejected + '\n');
  });
}

/// Asks until somebody types a, b, s or q, of any case; returns the small letter, and q when the
/// input ends.
inline char ask_for_letter(std::istream& in, std::ostream& out) {
  for (std::string line; out << "> " << std::flush, std::getline(in, line);) {
    const std::string said = trimmed(line);
    const std::size_t at = std::string_view("absqABSQ").find(said);
    if (said.size() == 1 && at != std::string_view::npos) return "absqabsq"[at];
    out << fmt::format(fmt::runtime(report::in_language(
                           "“{}” is not a, b, s or q. / “{}” olmaz: a, b, s ya da q yazın.")),
                       said)
        << '\n';
  }
  out << '\n';
  return 'q';
}

/// Draws until the vote has no fault; nothing when 100 in a row have one.
inline std::optional<Vote> draw_pair(auto&& draw, const WordTokenizer& words) {
  for (int tries = 0; tries < 100; ++tries)
    if (Vote pair = draw(); fault(pair, words).empty()) return pair;
  return std::nullopt;
}

/// Asks for votes until there are as many as wanted, somebody types q, or the input ends. draw()
/// returns a question with two answers in random order; keep(vote) gets each vote as it comes.
inline void ask_for_votes(std::istream& in, std::ostream& out, int wanted,
                          const WordTokenizer& words, auto&& draw, auto&& keep) {
  out << report::in_language(
             "Which answer is better? (a, b; s: skip, q: enough) / "
             "Hangi yanıt daha iyi? (a, b; s: geç, q: yeter)")
      << '\n';
  int a = 0, b = 0, skipped = 0;
  for (char letter = 's'; letter != 'q' && a + b < wanted;) {
    const std::optional<Vote> pair = draw_pair(draw, words);
    if (!pair) {
      out << report::in_language(
                 "\nThe model gives the same answer every time. / \nModel hep aynı yanıtı veriyor.")
          << '\n';
      break;
    }
    const auto& [question, first, second] = *pair;
    out << fmt::format("\n{} / {}  {}\n  A: {}\n  B: {}\n", a + b + 1, wanted, question, first,
                       second);
    letter = ask_for_letter(in, out);
    if (letter == 'a') ++a, keep(*pair);
    if (letter == 'b') ++b, keep(Vote{question, second, first});
    if (letter == 's') ++skipped;
  }
  out << report::in_language(fmt::format(
             "\n{0} votes: A {1}, B {2}; skipped: {3} / \n{0} oy: A {1}, B {2}; geçilen: {3}",
             a + b, a, b, skipped))
      << '\n';
}

}  // namespace damla
