#include "damla/models/word_vectors.hpp"

#include <fmt/format.h>

#include <Eigen/Eigenvalues>
#include <algorithm>

#include "damla/core/error.hpp"
#include "damla/core/matmul.hpp"

namespace damla { inline namespace DAMLA_ABI {

namespace {
void expect_word(const char* call, Token word, const ConstMatrixRef& vectors) {
  if (word < 0 || word >= vectors.rows())
    throw Error(
        fmt::format("{}: the word is {}, but there are {} vectors (was the text encoded with the "
                    "tokenizer that they were "
                    "learned with?)",
                    call, word, vectors.rows()));
}
}  // namespace

std::vector<Neighbour> nearest(const ConstMatrixRef& vectors, Token word, Index n) {
  expect_word("nearest", word, vectors);
  expect_count("nearest", "n", n, 0);
  const RowVector direction = vectors.row(word).normalized();
  std::vector<Neighbour> all;
  for (Index v = 0; v < vectors.rows(); ++v)
    if (v != word)
      all.push_back(
          {static_cast<Token>(v),
           static_cast<double>(vectors.row(v).normalized().cwiseProduct(direction).sum())});
  const auto end = all.begin() + std::min(n, std::ssize(all));
  std::partial_sort(all.begin(), end, all.end(),
                    [](const Neighbour& a, const Neighbour& b) { return a.cosine > b.cosine; });
  all.erase(end, all.end());
  return all;
}

Index neighbour_rank(const ConstMatrixRef& vectors, Token of, Token word) {
  expect_word("neighbour_rank", word, vectors);
  require(of != word,
          "neighbour_rank: a word is not its own neighbour; expected two different words");
  const std::vector<Neighbour> all = nearest(vectors, of, vectors.rows());
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Neighbour& n) { return n.word == word; });
  return 1 + (found - all.begin());
}

Matrix vectors_of(const ConstMatrixRef& vectors, TokenSpan words) {
  Matrix rows(std::ssize(words), vectors.cols());
  for (std::size_t n = 0; n < words.size(); ++n) {
    expect_word("vectors_of", words[n], vectors);
    rows.row(static_cast<Index>(n)) = vectors.row(words[n]);
  }
  return rows;
}

Matrix cosines(const ConstMatrixRef& x) {
  const Matrix directions = x.rowwise().normalized();
  Matrix result;
  matmul(result, directions, directions.transpose());
  return result;
}

Matrix principal_components(const ConstMatrixRef& x, Index k) {
  if (k < 1 || k > x.cols() || x.rows() < 1)
    throw Error(fmt::format(
        "principal_components: k is {}, x is {}; k needs to be from 1 to the number of columns", k,
        shape_text(x.rows(), x.cols())));
  const Eigen::MatrixXd centred = (x.rowwise() - x.colwise().mean().eval()).cast<double>();
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(centred.transpose() *
                                                              centred);  // eigenvalues ascending
  Eigen::MatrixXd directions = solver.eigenvectors().rightCols(k).rowwise().reverse();
  for (Index c = 0; c < k; ++c) {
    Index largest = 0;
    directions.col(c).cwiseAbs().maxCoeff(&largest);
    if (directions(largest, c) < 0) directions.col(c) *= -1;
  }
  return (centred * directions).cast<Scalar>();
}

}}  // namespace damla::DAMLA_ABI
