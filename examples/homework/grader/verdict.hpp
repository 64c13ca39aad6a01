#pragma once

#include "child.hpp"
#include "damla/core/random.hpp"
#include "how.hpp"
#include "reference.hpp"

namespace grader {

/// What the grader thinks of one part.
struct Verdict {
  bool passed = false;
  std::string hint = {};  // in the language of this run
  Mistake mistake = none;
  bool answered = true;   // false: not written yet, crashed, too late, …
  std::string what = {};  // the first of the hint's sentences: which number is wrong
  Matrices answer = {};   // what was compared …
  Matrix right = {};      // … and what the first wrong matrix should be
  std::size_t first = 0;  // which it is
};

/// Thrown when the student's code gives no answer: not written, crashed, too late, …
struct NoAnswer {
  Verdict verdict;
};

/// One part's talk with the answering program.
class Talk {
 public:
  Talk(std::vector<std::string> command, double seconds, int fill = 0)
      : command_(std::move(command)), seconds_(seconds), child_(command_, fill) {}
  /// The answer's values. Throws NoAnswer, with what to say to the student.
  Values ask(const std::string& part, Values question);
  /// The same where `matrices` are expected.
  Matrices ask_matrices(const std::string& part, Values question);
  std::string printed() const { return child_.printed(); }
  /// The same program from its start, where memory that nobody set holds other numbers.
  Talk again(int fill = 0) const { return {command_, seconds_, fill}; }
  /// Asked of the program between a forward and its backward: something of another object.
  std::function<void()> between = {};

 private:
  std::vector<std::string> command_;
  double seconds_;
  Child child_;
};

/// A question to one of the student's objects, and what is thought of the answer.
struct Call {
  Index object;
  std::function<Verdict(Talk&, Index object)> ask;
  Text when = {"", ""};                     // how it differs from the first: "asked again"
  std::function<void(Talk&)> between = {};  // for another object, between forward and backward
};
/// Asks one after the other. Where a later answer is wrong, finds out whether that question is
/// answered wrong by itself, or because of what an earlier call left behind, in the object or in
/// what all objects share. Where the first is wrong, whether it depends on memory that nobody set.
Verdict in_turn(Talk& talk, const std::vector<Call>& calls);

/// The calls that every part makes of a layer: an object gets four of the cases, of the same shape,
/// then with more rows, then with fewer; another object gets the fifth; and the first the sixth.
/// `between` asks for another object's forward, before the last call's backward.
template <class Case>
std::vector<Call> turns(const std::vector<Case>& cases,
                        std::function<Verdict(Talk&, Index object, const Case&)> ask,
                        std::function<void(Talk&)> between = {}) {
  const Text when[]{{"", ""},
                    {"The object was right, and was asked again with other numbers.",
                     "Nesne doğru yanıtladı, sonra başka sayılarla yeniden soruldu."},
                    {"The object was right, and was asked again with more rows.",
                     "Nesne doğru yanıtladı, sonra daha çok satırla yeniden soruldu."},
                    {"The object was right, and was asked again with fewer rows.",
                     "Nesne doğru yanıtladı, sonra daha az satırla yeniden soruldu."},
                    {"One object was right, and another one of another size was asked.",
                     "Bir nesne doğru yanıtladı, sonra başka boyutta bir nesneye soruldu."},
                    {"Two objects were asked in turn.", "İki nesneye sırayla soruldu."}};
  std::vector<Call> calls;
  for (std::size_t i = 0; i < cases.size(); ++i)
    calls.push_back({i == 4,
                     [ask, c = cases[i]](Talk& t, Index object) { return ask(t, object, c); },
                     when[i], i == 5 ? between : nullptr});
  return calls;
}
inline constexpr int turn_count = 6;

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

/// What an answer is compared with.
struct Expected {
  std::vector<std::string> names;  // of the matrices, for the student
  Matrices right;
  WithMistakes wrong;
  std::vector<Mistake> mistakes;
  double tolerance;
  Matrices before = {};  // gradients that stood there already, for the last of the matrices
  Dimensions sizes = {};
  std::vector<Known> known = {};
  // What the layer was given, and what comes out when it is given something else: for one who takes
  // a parameter in another's place.
  Matrices in = {};
  std::vector<std::string> in_names = {};
  std::function<Matrices(const Matrices&)> with = {};
  // The gradients that one row of dy alone would give, where they are sums over rows.
  std::function<Matrices(Index row)> of_row = {};
  Index rows = 0;
};
/// Where they differ, looks for the mistake, or the two, that lead to just these numbers; and if
/// there is none, says how the wrong numbers relate to the right ones.
Verdict compare(const Matrices& answer, const Expected& expected);
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
void append(Values& question, const Matrices& matrices);
inline Value number(Index n) { return Tokens{static_cast<Token>(n)}; }

/// The right gradients of Σ dy ⊙ f(in). Those of a part's first question come from differences;
/// the others from the same forward pass and a tape, which takes a hundredth of the time.
template <class F>
Matrices right_gradients(const F& f, const Matrices& in, const Matrix& dy, bool first) {
  return first ? differences(f, in, dy) : gradients(f, in, dy, {});
}
/// Gradients where some stood already; `none_of_x`: all but the first of `all` had some.
Matrices added(Matrices all, const Matrices& before, bool but_the_first);
/// dy with all rows but one set to zero.
Matrix only_row(const Matrix& dy, Index row);
/// Matrices of the shapes of others.
Matrices drawn_like(Random& random, const Matrices& shapes, std::size_t from = 0);

}  // namespace grader
