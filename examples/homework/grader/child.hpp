#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "damla/check/homework.hpp"

namespace grader {
using namespace damla;
using homework::Value;
using homework::Values;

/// The student's code in a process of its own, which can neither write into files nor outlive its
/// part (rename and remove files it can). It is asked and answers; what is right it never learns.
class Child {
 public:
  /// Starts the answering program. Memory that it takes is filled with one of two patterns, where
  /// the system can do that: what nobody set is then neither zero nor right by chance.
  explicit Child(const std::vector<std::string>& command, int fill = 0);
  ~Child();  // ends it, and all that it started
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  enum class End { answered, not_written, threw, crashed, left, late, unreadable };
  struct Reply {
    End end;
    Values values = {};     // when answered
    std::string text = {};  // what was thrown, or the signal
  };
  /// Waits for the answer until `seconds` have passed.
  Reply ask(const std::string& part, Values question, double seconds);
  /// What the student's code printed so far, shortened.
  std::string printed() const;

 private:
  Reply gone();
  void stop();
  void read_prints();
  pid_t pid_ = -1;
  int questions_ = -1, answers_ = -1, prints_ = -1;
  std::string printed_;
  std::size_t not_shown_ = 0;
  bool in_sandbox_;
};

/// What stands before a program's path to run it in bubblewrap: without network, and without files
/// but its own and the system's. Empty where bubblewrap is not installed or may not work.
std::vector<std::string> sandbox(const std::string& program);

/// Before the first child: hides this process from its children's hands.
void protect_grader();

}  // namespace grader
