#pragma once

#include <chrono>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "damla/core/scalar.hpp"
#include "report/say.hpp"

namespace damla::report {

/// Something that the lecture says, or we beyond it, with the band for its figure; and, set by
/// Lesson::claim, what a lesson measured for it.
struct Claim {
  int number = 0;                                         ///< in docs/en/claims.md
  std::string says{};                                     ///< in English
  std::string says_tr{};                                  ///< and in Turkish
  double low = -std::numeric_limits<double>::infinity();  ///< the band that the figure must lie in;
                                                          ///< none: only shown
  double high = std::numeric_limits<double>::infinity();
  std::string unit{};             ///< "%", "nats / nat", …: a text in both languages
  std::optional<double> truth{};  ///< where the generator of the data knows it
  double measured = 0;            ///< this and the rest: set by Lesson::claim
  bool asserted = true;
  double seconds = 0;  ///< since the claim before

  /// The same beside what the generator of the data knows: `claims::next_is_kutu.with_truth(0.7)`.
  Claim with_truth(double known) const {
    Claim claim = *this;
    claim.truth = known;
    return claim;
  }
  /// Finite and inside its band.
  bool holds() const { return measured >= low && measured <= high && measured - measured == 0; }
};

/// Heads what the claims of a lesson say, in both languages: those up to 33 are the lecture's.
inline std::string who_says(int number) {
  return number <= 33 ? "the lecture says / sunum diyor ki" : "we say / biz diyoruz ki";
}

/// An option of a lesson besides those that all have.
struct LessonOption {
  std::string name;   ///< "--data"
  std::string value;  ///< "FILE"; empty: a flag without a value
  std::string help, help_tr;
};

struct LessonInfo {
  std::string name;             ///< "01_rap_or_arabesk"
  std::string about, about_tr;  ///< one sentence for --help
  std::vector<LessonOption> options{};
};

/// One run of a lesson: its options, and what it shows. Every lesson has --seed, --fast, --out,
/// --threads, --lang and --help.
class Lesson {
 public:
  std::uint64_t seed = 1;
  bool fast =
      false;  ///< a shorter run for a first look: bands that it cannot reach are not asserted

  /// The value of one of the lesson's own options; empty when it was not given.
  const std::string& option(const std::string& name) const;
  bool flag(const std::string& name) const { return !option(name).empty(); }

  /// Prints a claim with its figure and band, and keeps it for the report. asserted: false where
  /// this run cannot reach the band, as with --fast; it is then shown, and cannot fail.
  void claim(Claim claim, double measured, bool asserted = true);
  /// Registers a picture; returns the path, without ending, for the draw_… functions.
  std::string picture(const std::string& name, const std::string& caption,
                      const std::string& caption_tr);
  /// The path of a file beside the report, such as the model that the next lesson takes up.
  std::string file(const std::string& name) const { return out_ + "/" + name; }
  /// The path of one that an earlier lesson of the same tour wrote.
  std::string file_of(const std::string& lesson, const std::string& name) const {
    return file("../" + lesson + "/" + name);
  }
  /// A small table for the terminal and the report: the first row is the heading. A cell that is in
  /// both languages is written "songs / şarkılar"; figures are written as in English.
  void table(const std::string& title, const std::string& title_tr,
             const std::vector<std::vector<std::string>>& rows);

 private:
  friend int run_lesson(const LessonInfo&, int, char**, void (*)(Lesson&));
  struct Picture {
    std::string name, caption, caption_tr;
  };
  struct Table {
    std::string title, title_tr;
    std::vector<std::vector<std::string>> rows;
  };
  int finish() const;

  LessonInfo info_;
  std::string out_;
  std::map<std::string, std::string> options_;
  std::vector<Claim> claims_;
  std::vector<Picture> pictures_;
  std::vector<Table> tables_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now(), mark_ = start_;
};

/// What a lesson's main returns: reads the options, prints seed, threads and build type, runs the
/// lesson, prints the table of its claims, and writes report.json beside its pictures, in both
/// languages. 0: every asserted claim is in its band; 1: one is not; 2: an error, which is printed.
int run_lesson(const LessonInfo& info, int argc, char** argv, void (*lesson)(Lesson&));

}  // namespace damla::report
