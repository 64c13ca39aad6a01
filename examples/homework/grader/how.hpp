#pragma once

#include <string>
#include <vector>

#include "damla/check/homework.hpp"
#include "mistakes.hpp"

namespace grader {
using namespace damla;
using Matrices = std::vector<Matrix>;

/// The sizes of a case by the names that the formulas have for them. No two agree, so a count of
/// rows or columns, or a wrong factor, says which of them it is.
struct Dimensions {
  Index B = 0, T = 0, H = 0, d = 0;                        // 0: there is none
  std::vector<std::pair<const char*, Index>> others = {};  // {"V", 7}
};

/// A quantity that could stand in the answer's place, be added to it, or multiplied. One row or one
/// column stands for all.
struct Known {
  std::string name;
  Matrix matrix;
};

/// What is said of a wrong answer, and the kind of mistake if it has a name.
struct Relation {
  std::string text = {};
  Mistake mistake = Mistake::none;
};

/// Where the answer is right and where it is wrong, in tokens, heads, rows or columns; and how what
/// is wrong relates to what is right: a factor, another order, another quantity, something added.
/// Needs no knowledge of the layer. Numbers count as equal up to `allowed`. The text is empty where
/// neither was found.
Relation how(const Matrix& answer, const Matrix& right, double allowed,
             const Dimensions& sizes = {}, const std::vector<Known>& known = {});

/// The same for lists, such as tokens or bytes: too long, shifted, another order.
Relation how(const Tokens& answer, const Tokens& right);

/// The factor's name, such as "√d", "1/N" or "-1"; empty where no size explains it.
std::string factor_name(double factor, const Dimensions& sizes);

bool same_shape(const Matrix& a, const Matrix& b);
/// NaN equals NaN.
bool agrees(double a, double b, double allowed);
bool equal(const Matrix& a, const Matrix& b, double allowed);

}  // namespace grader
