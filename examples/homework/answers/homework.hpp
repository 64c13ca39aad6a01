// What the answering programs share. STUDENT_FILE is the student's file; the grader's own tests put
// several behind one another.
#ifndef ANSWERING_PROGRAM
#define ANSWERING_PROGRAM \
  int main() { return damla::homework::answer(student::parts()); }
#endif

#include "checked_eigen.hpp"

#include <damla/check/homework.hpp>
#include <map>

#include STUDENT_FILE
