// What the answering programs share. STUDENT_FILE is the student's file; the grader's own tests put
// several behind one another.
#ifndef ANSWERING_PROGRAM
#define ANSWERING_PROGRAM \
  int main() { return damla::homework::answer(student::parts()); }
#endif

// An index outside a matrix, or sizes that do not fit, would go on with other memory: it throws
// instead. Before the first line of Eigen.
#ifndef eigen_assert
#include <stdexcept>
#include <string>
[[noreturn]] inline void eigen_says(const char* expected) {
  throw std::out_of_range(
      std::string("an index outside a matrix, or sizes that do not fit: Eigen expected ") +
      expected);
}
#define eigen_assert(expected) ((expected) ? (void)0 : eigen_says(#expected))
#endif

#include <damla/check/homework.hpp>
#include <map>

#include STUDENT_FILE
