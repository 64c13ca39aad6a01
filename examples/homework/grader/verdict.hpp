#pragma once

#include "child.hpp"
#include "damla/core/random.hpp"
#include "reference.hpp"

namespace grader {

/// What the grader thinks of one part.
struct Verdict {
  bool passed = false;
  std::string hint = {};  // in the language of this run
  Mistake mistake = none;
  bool answered = true;  // false: not written yet, crashed, too late, …
};

/// Thrown when the student's code gives no answer: not written, crashed, too late, …
struct NoAnswer {
  Verdict verdict;
};

/// One part's talk with the answering program.
class Talk {
 public:
  Talk(const std::vector<std::string>& command, double seconds)
      : child_(command), seconds_(seconds) {}
  /// The answer's values. Throws NoAnswer, with what to say to the student.
  Values ask(const std::string& part, Values question);
  /// The same where `matrices` are expected.
  Matrices ask_matrices(const std::string& part, Values question);
  const std::string& printed() const { return child_.printed(); }

 private:
  Child child_;
  double seconds_;
};

struct Part {
  std::string name;  // for result.json
  Text title;
  int points;
  double seconds;  // the longest that one answer may take
  std::function<Verdict(Talk&, Random&)> grade;
  std::string rests_on = {};  // a part whose mistakes spoil this one too
};
struct Homework {
  Text title;
  std::vector<Part> parts;
};

Homework softmax_classifier(bool variant);
Homework layer_norm(bool variant);
Homework byte_pair(bool variant);
Homework attention_homework(bool variant);
Homework gpt_block(bool variant);

/// What the answer would be with these mistakes made.
using WithMistakes = std::function<Matrices(const Mistakes&)>;

/// Compares matrices, named for the student, with what is right; where they differ, looks for the
/// mistake, or the two, that lead to just these numbers. `before` are gradients that stood there
/// already, for the last so many of the matrices.
Verdict compare(const Matrices& answer, const std::vector<std::string>& names,
                const Matrices& right, const WithMistakes& wrong,
                const std::vector<Mistake>& mistakes, double tolerance,
                const Matrices& before = {});
/// One list behind another.
inline std::vector<Mistake> all_of(std::vector<Mistake> first, const std::vector<Mistake>& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}
inline constexpr double forward_tolerance = 1e-9, gradient_tolerance = 1e-6;

/// Of dx and the parameters' gradients behind it, either the first or the others.
inline Matrices half(const Matrices& all, bool parameters) {
  if (all.empty()) return {};
  return parameters ? Matrices(all.begin() + 1, all.end()) : Matrices{all[0]};
}

Verdict passed();
Verdict failed(Mistake mistake);
Verdict failed(std::string hint, Mistake mistake = none);

/// Compares a loss that the grader measured on the student's trained model with what has to be
/// reached.
Verdict reached(double loss, double needed, double chance);

/// A matrix of normals.
Matrix normals(Random& random, Index rows, Index cols, double deviation = 1);
/// Shapes of parameters, to draw them and to check what comes back. Gains start around 1.
using Sizes = std::vector<std::pair<Index, Index>>;
Matrices drawn(Random& random, const Sizes& sizes, double deviation = 0.5);
Values as_values(const Matrices& matrices);

}  // namespace grader
