// How a wrong matrix relates to the right one: what the grader says when it knows no mistake.
#include "homework/grader/how.hpp"

#include "damla/core/random.hpp"
#include "helpers/catch.hpp"

using namespace damla;
using grader::Dimensions;
using grader::how;
using grader::Mistake;

namespace {
const Dimensions sizes{.B = 2, .T = 7, .H = 3, .d = 5, .others = {{"V", 11}}};
constexpr double allowed = 1e-9;

Matrix drawn(Index rows, Index cols, std::uint64_t seed = 1) {
  Random random(seed);
  Matrix m(rows, cols);
  random.fill_normal(m, 1);
  return m;
}
bool says(const grader::Relation& relation, std::string_view part) {
  INFO(relation.text);
  return relation.text.find(part) != std::string::npos;
}
}  // namespace

TEST_CASE("a factor is called by the size that it comes from", "[homework]") {
  CHECK(grader::factor_name(std::sqrt(5.0), sizes) == "√d");
  CHECK(grader::factor_name(1 / std::sqrt(15.0), sizes) == "1/√C");
  CHECK(grader::factor_name(-1.0 / 14, sizes) == "-1/(B·T)");
  CHECK(grader::factor_name(11, sizes) == "V");
  CHECK(grader::factor_name(2, sizes) == "2");  // and not B, which is 2 as well
  CHECK(grader::factor_name(std::sqrt(5.0 / 7), sizes) == "√(d/T)");
  CHECK(grader::factor_name(10.0 / 11, sizes) == "(V − 1)/V");
  CHECK(grader::factor_name(1.2345, sizes).empty());
}

TEST_CASE("how a wrong matrix relates to the right one", "[homework]") {
  const Matrix right = drawn(14, 15), other = drawn(14, 15, 2);
  const auto with = [&](const Matrix& answer) {
    return how(answer, right, allowed, sizes, {{"dy", other}});
  };
  CHECK(how(right, right, allowed, sizes).text.empty());

  CHECK(with(-right).mistake == Mistake::negated);
  CHECK(with(Matrix::Zero(14, 15)).mistake == Mistake::all_zero);
  CHECK(says(with(right * std::sqrt(5.0)), "√d = 2.23607"));
  CHECK(says(with((right.array() + 0.25).matrix()), "plus 0.25"));
  CHECK(with(right.cwiseAbs()).mistake == Mistake::wrong_sign);
  CHECK(says(with(right.cast<float>().cast<double>()), "to 7 digits"));

  CHECK(says(with(other), "the numbers of dy"));
  CHECK(says(with(right + other), "right result plus dy"));
  CHECK(says(with(right - other), "right result minus dy"));
  CHECK(says(with(right + other / 7), "plus 1/T = 0.142857 times dy"));

  CHECK(says(with(right.cwiseProduct(other)), "times dy, number by number"));
  CHECK(says(with(right.cwiseQuotient(other)), "divided by dy, number by number"));

  const Matrix rows = drawn(14, 1, 3), cols = drawn(1, 15, 4);
  CHECK(says(with(right + rows.replicate(1, 15)), "In each row all numbers are off"));
  CHECK(says(with(right + cols.replicate(14, 1)), "In each column all numbers are off"));
  CHECK(
      says(with(right.array().colwise() * rows.col(0).array()), "Each row is the right one times"));
  CHECK(says(with(right.array().rowwise() * cols.row(0).array()), "Each column is the right one"));
  CHECK(with(other * 2 + drawn(14, 15, 5)).mistake == Mistake::none);
}

TEST_CASE("how a wrong row of probabilities relates to the right one", "[homework]") {
  const Matrix scores = drawn(6, 5);
  const auto softmax = [](Matrix x) {
    for (Index n = 0; n < x.rows(); ++n) {
      x.row(n) = x.row(n).array().exp();
      x.row(n) /= x.row(n).sum();
    }
    return x;
  };
  const Matrix right = softmax(scores);
  CHECK(says(how(softmax(scores / 2), right, allowed), "0.5 (then 0.5, …) times the right ones"));
  Matrix moved = right;  // 1 taken from one column in the place of another
  for (Index n = 0; n < 6; ++n) moved(n, n % 5) += 1, moved(n, (n + 1) % 5) -= 1;
  CHECK(says(how(moved, right, allowed), "stands in the wrong column"));
}

TEST_CASE("a wrong mean or spread of each row is told from other mistakes", "[homework]") {
  const Matrix x = drawn(6, 7), weight = drawn(1, 7, 2), bias = drawn(1, 7, 3);
  Matrix right = x, answer = x;
  for (Index n = 0; n < 6; ++n) {
    const double mean = x.row(n).mean(), other = 0.3 * static_cast<double>(n);
    right.row(n) = (x.row(n).array() - mean) * weight.array() + bias.array();
    answer.row(n) = (x.row(n).array() - other) / (1 + other) * weight.array() + bias.array();
  }
  const std::vector<grader::Known> known{{"weight", weight}, {"bias", bias}};
  CHECK(how(answer, right, allowed, {}, known).mistake == Mistake::wrong_of_row);
  CHECK(how(drawn(6, 7, 4), right, allowed, {}, known).mistake == Mistake::none);
}

TEST_CASE("how the lines of a wrong matrix are ordered", "[homework]") {
  const Matrix right = drawn(14, 15);
  Matrix answer(14, 15);
  const auto relation = [&] { return how(answer, right, allowed, sizes); };
  for (Index b = 0; b < 2; ++b)
    for (Index t = 0; t < 7; ++t) answer.row(b * 7 + t) = right.row(t * 2 + b);
  CHECK(says(relation(), "row b·T + t is token t of sequence b"));
  for (Index b = 0; b < 2; ++b)
    for (Index t = 0; t < 7; ++t) answer.row(t * 2 + b) = right.row(b * 7 + t);
  CHECK(says(relation(), "row b·T + t is token t of sequence b"));
  for (Index h = 0; h < 3; ++h)
    for (Index c = 0; c < 5; ++c) answer.col(h * 5 + c) = right.col(c * 3 + h);
  CHECK(says(relation(), "heads are interleaved"));
  answer = right.colwise().reverse();
  CHECK(says(relation(), "in reverse"));
  answer.topRows(13) = right.bottomRows(13), answer.row(13) = right.row(13);
  CHECK(says(relation(), "off by one"));
  answer = right.row(3).replicate(14, 1);
  CHECK(says(relation(), "numbers of row 3"));
  const Matrix turned = right.transpose();
  answer = Eigen::Map<const Matrix>(turned.data(), 14, 15);
  CHECK(relation().mistake == Mistake::transposed);

  const Matrix qkv = drawn(4, 45);
  Matrix swapped = qkv;
  swapped.middleCols(0, 15) = qkv.middleCols(15, 15), swapped.middleCols(15, 15) = qkv.leftCols(15);
  CHECK(says(how(swapped, qkv, allowed, sizes), "queries ← keys, keys ← queries"));
}

TEST_CASE("where a wrong matrix is right", "[homework]") {
  const Matrix right = drawn(14, 15), noise = drawn(14, 15, 2);
  Matrix answer = right;
  answer.bottomRows(7) += noise.bottomRows(7);
  CHECK(says(how(answer, right, allowed, sizes), "Wrong: sequence 1; right: sequence 0."));
  answer = right + noise;
  for (const Index first : {0, 7}) answer.row(first) = right.row(first);
  CHECK(says(how(answer, right, allowed, sizes), "Wrong: token 1–6; right: token 0."));
  answer = right, answer.rightCols(10) += noise.rightCols(10);
  CHECK(says(how(answer, right, allowed, sizes), "Wrong: head 1, 2; right: head 0."));
  answer = right, answer.leftCols(5) *= std::sqrt(5.0);
  CHECK(says(how(answer, right, allowed, sizes), "right: head 1, 2. The right number times √d"));
  answer = drawn(5, 5, 3);
  Matrix square = drawn(5, 5);
  answer.diagonal() = square.diagonal();
  CHECK(says(how(answer, square, allowed), "Only the diagonal is right."));
}

TEST_CASE("how a wrong list relates to the right one", "[homework]") {
  const Tokens right{3, 1, 4, 1, 5, 9};
  CHECK(says(how(Tokens{3, 1, 4, 1}, right), "ends too early: 4 numbers, of 6"));
  CHECK(says(how(Tokens{3, 1, 4, 1, 5, 9, 2}, right), "and then more"));
  CHECK(says(how(Tokens{3, 1, 7, 4, 1, 5, 9}, right), "1 numbers too many"));
  CHECK(says(how(Tokens{4, 2, 5, 2, 6, 10}, right), "off by 1"));
  CHECK(says(how(Tokens{9, 5, 1, 4, 1, 3}, right), "in reverse"));
  CHECK(says(how(Tokens{1, 3, 1, 4, 9, 5}, right), "left and right are exchanged"));
  CHECK(says(how(Tokens{4, 1, 3, 1, 9, 5}, right), "in another order"));
  CHECK(says(how(Tokens{3, 1, 4, 2, 5, 7}, right), "4 of 6 are right"));
}
