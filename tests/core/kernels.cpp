#include "damla/core/kernels.hpp"

#include <cmath>
#include <limits>

#include "catch.hpp"
#include "damla/core/error.hpp"
#include "damla/core/matmul.hpp"
#include "damla/core/random.hpp"

// Every kernel beside the loop that says the same, in double; odd shapes, and blocks of larger
// matrices.
using namespace damla;

namespace {
struct Shape {
  Index rows, cols;
};
constexpr Shape shapes[] = {{1, 1}, {1, 7}, {7, 1}, {7, 33}, {33, 7}, {33, 257}, {257, 33}};

double at(const ConstMatrixRef& m, Index i, Index j) { return static_cast<double>(m(i, j)); }

Matrix normal_matrix(Index rows, Index cols, Random& random) {
  Matrix m(rows, cols);
  random.fill_normal(m, 1);
  return m;
}

/// A block within a larger matrix, whose margin must keep its value.
struct Block {
  Matrix whole;
  Index rows, cols;
  Block(Index r, Index c) : whole(Matrix::Constant(r + 3, c + 5, 77)), rows(r), cols(c) {}
  explicit Block(const Matrix& m) : Block(m.rows(), m.cols()) { whole.block(1, 2, rows, cols) = m; }
  auto inner() { return whole.block(1, 2, rows, cols); }
  bool margin_kept() {
    Matrix m = whole;
    m.block(1, 2, rows, cols).setConstant(77);
    return (m.array() == 77).all();
  }
};

/// The largest distance of m to expected(i, j), in relation to its size where that is over 1.
double distance(const ConstMatrixRef& m, auto&& expected) {
  double most = 0;
  for (Index i = 0; i < m.rows(); ++i)
    for (Index j = 0; j < m.cols(); ++j) {
      const double e = expected(i, j), d = std::abs(at(m, i, j) - e) / std::max(1.0, std::abs(e));
      if (!(d <= most)) most = d;  // NaN counts
    }
  return most;
}

void for_each_shape(auto&& test) {
  for (const auto [rows, cols] : shapes) {
    CAPTURE(rows, cols);
    Random random(static_cast<std::uint64_t>(rows * 1000 + cols));
    test(rows, cols, random);
  }
}
}  // namespace

TEST_CASE(
    "matmul equals the sum that defines it: odd shapes, blocks, either side transposed, adding, a "
    "bias") {
  for (const Index n : {1, 7, 33, 257})
    for (const Index k : {1, 7, 33, 257})
      for (const Index m : {1, 7, 33, 257}) {
        if (n * k * m > 257 * 257 * 33) continue;  // one large side is enough
        CAPTURE(n, k, m);
        Random random(static_cast<std::uint64_t>(n + 300 * k + 90000 * m));
        Block a(normal_matrix(n, k, random)), b(normal_matrix(k, m, random));
        Block at_(a.inner().transpose().eval()), bt(b.inner().transpose().eval());
        Eigen::MatrixXd sums = Eigen::MatrixXd::Zero(n, m);
        for (Index i = 0; i < n; ++i)
          for (Index l = 0; l < k; ++l)
            for (Index j = 0; j < m; ++j) sums(i, j) += at(a.inner(), i, l) * at(b.inner(), l, j);
        const auto expected = [&](Index i, Index j) { return sums(i, j); };
        const double limit = 4e-6 * std::sqrt(static_cast<double>(k));
        Block y(n, m);
        matmul(y.inner(), a.inner(), b.inner());
        CHECK(distance(y.inner(), expected) < limit);
        matmul(y.inner(), at_.inner().transpose(), b.inner());
        CHECK(distance(y.inner(), expected) < limit);
        matmul(y.inner(), a.inner(), bt.inner().transpose());
        CHECK(distance(y.inner(), expected) < limit);
        matmul(y.inner(), at_.inner().transpose(), bt.inner().transpose());
        CHECK(distance(y.inner(), expected) < limit);
        const Matrix before = normal_matrix(n, m, random);
        y.inner() = before;
        matmul_add(y.inner(), a.inner(), b.inner());
        CHECK(distance(y.inner(), [&](Index i, Index j) { return at(before, i, j) + sums(i, j); }) <
              limit);
        const Matrix bias = normal_matrix(1, m, random);
        kernels::matmul(y.inner(), a.inner(), b.inner(), bias);
        CHECK(distance(y.inner(), [&](Index i, Index j) { return at(bias, 0, j) + sums(i, j); }) <
              limit);
        CHECK(y.margin_kept());
        if (n == 257 || m == 257) continue;
        Matrix grown;
        matmul(grown, a.inner(), b.inner());  // gets its shape
        CHECK(distance(grown, expected) < limit);
      }
}

TEST_CASE("triangular products read nothing right of the diagonal, whatever is there") {
  const Scalar nan = std::numeric_limits<Scalar>::quiet_NaN();
  for (const Index T : {1, 7, 33, 64, 65, 257})
    for (const Index d : {1, 7, 33}) {
      CAPTURE(T, d);
      Random random(4);
      Matrix w = normal_matrix(T, T, random);
      w = w.triangularView<Eigen::Lower>().toDenseMatrix().eval();
      const Matrix v = normal_matrix(T, d, random), q = normal_matrix(T, d, random);
      const auto product = [&](auto&& left) {
        Eigen::MatrixXd sums = Eigen::MatrixXd::Zero(T, d);
        for (Index i = 0; i < T; ++i)
          for (Index l = 0; l < T; ++l)
            for (Index j = 0; j < d; ++j) sums(i, j) += left(i, l) * at(v, l, j);
        return sums;
      };
      Block y(T, d), s(T, T);
      const Eigen::MatrixXd plain = product([&](Index i, Index l) { return at(w, i, l); });
      matmul(View(y.inner()), lower(w), v);
      CHECK(distance(y.inner(), [&](Index i, Index j) { return plain(i, j); }) < 1e-4);
      const Eigen::MatrixXd turned = product([&](Index i, Index l) { return at(w, l, i); });
      matmul(View(y.inner()), lower(w).transpose(), v);
      CHECK(distance(y.inner(), [&](Index i, Index j) { return turned(i, j); }) < 1e-4);
      CHECK(y.margin_kept());
      s.inner().setConstant(nan);
      matmul_lower(View(s.inner()), q, v.transpose());
      for (Index i = 0; i < T; ++i)
        for (Index j = 0; j <= i; ++j) {
          double sum = 0;
          for (Index c = 0; c < d; ++c) sum += at(q, i, c) * at(v, j, c);
          REQUIRE(std::abs(at(s.inner(), i, j) - sum) < 1e-4);
        }
      CHECK(s.margin_kept());
    }
}

TEST_CASE("products of wrong shapes throw") {
  const Matrix a(4, 5), b(5, 6), square(4, 4);
  Matrix y(4, 6), wrong(6, 4);
  CHECK_THROWS_AS(matmul(View(wrong), a, b), Error);
  CHECK_THROWS_AS(matmul_add(wrong, a, b), Error);
  CHECK_THROWS_AS(matmul_add(y, b, a), Error);
  CHECK_THROWS_AS(matmul(y, a, b, Matrix(1, 5)), Error);  // a bias for other columns
  CHECK_THROWS_AS(matmul(y, a, b, Matrix(4, 6)), Error);  // one for each row
  CHECK_THROWS_AS(matmul_lower(View(y), a, b), Error);    // the result is no square
  CHECK_THROWS_AS(matmul(View(y), lower(a), b), Error);   // nor is the triangle
  CHECK_THROWS_AS(matmul(View(y), lower(square), b), Error);
}

TEST_CASE("sums and additions equal plain loops") {
  for_each_shape([](Index N, Index C, Random& random) {
    const Matrix x = normal_matrix(N, C, random), z = normal_matrix(N, C, random),
                 bias = normal_matrix(1, C, random);
    Block sum(bias), both(N, C);
    kernels::add_sum_of_rows(sum.inner(), x);
    CHECK(distance(sum.inner(), [&](Index, Index j) {
            double s = at(bias, 0, j);
            for (Index i = 0; i < N; ++i) s += at(x, i, j);
            return s;
          }) < 1e-5);
    kernels::add(both.inner(), x, z);
    CHECK(distance(both.inner(), [&](Index i, Index j) { return at(x, i, j) + at(z, i, j); }) <
          1e-6);
    CHECK((sum.margin_kept() && both.margin_kept()));
    double squares = 0;
    for (Index i = 0; i < N; ++i)
      for (Index j = 0; j < C; ++j) squares += at(x, i, j) * at(x, i, j);
    CHECK(kernels::sum_of_squares(Block(x).inner()) == Approx(squares).epsilon(1e-12));
  });
}

TEST_CASE("softmax and its derivative equal plain loops, causal or not") {
  for_each_shape([](Index N, Index C, Random& random) {
    const double scale = 0.37;
    const Matrix x = 5 * normal_matrix(N, C, random), dy = normal_matrix(N, C, random);
    for (const bool causal : {false, true}) {
      CAPTURE(causal);
      const auto seen = [&](Index i) { return causal ? std::min(i + 1, C) : C; };
      Eigen::MatrixXd p = Eigen::MatrixXd::Zero(N, C), dx = p;
      for (Index i = 0; i < N; ++i) {
        double sum = 0, dot = 0;
        for (Index j = 0; j < seen(i); ++j) sum += p(i, j) = std::exp(scale * at(x, i, j));
        for (Index j = 0; j < seen(i); ++j) dot += (p(i, j) /= sum) * at(dy, i, j);
        for (Index j = 0; j < seen(i); ++j) dx(i, j) = scale * p(i, j) * (at(dy, i, j) - dot);
      }
      const auto expected = [&](Index i, Index j) { return p(i, j); };
      const auto expected_dx = [&](Index i, Index j) { return dx(i, j); };
      Block y(N, C), same(x), back(N, C), back_same(dy);
      const auto s = static_cast<Scalar>(scale);
      if (causal) {
        kernels::causal_softmax_rows(y.inner(), x, s),
            kernels::causal_softmax_rows(same.inner(), same.inner(), s);
        kernels::causal_softmax_rows_backward(back.inner(), y.inner(), dy, s);
        kernels::causal_softmax_rows_backward(back_same.inner(), y.inner(), back_same.inner(), s);
        for (Index i = 0; i < N; ++i)
          CHECK(y.inner().row(i).tail(C - seen(i)).isZero(0));  // exact zeros
      } else {
        kernels::softmax_rows(y.inner(), x, s),
            kernels::softmax_rows(same.inner(), same.inner(), s);
        kernels::softmax_rows_backward(back.inner(), y.inner(), dy, s);
        kernels::softmax_rows_backward(back_same.inner(), y.inner(), back_same.inner(), s);
      }
      CHECK(distance(y.inner(), expected) < 1e-6);
      CHECK(same.inner() == y.inner());
      CHECK(distance(back.inner(), expected_dx) < 2e-6);
      CHECK(back_same.inner() == back.inner());
      CHECK(
          (y.margin_kept() && same.margin_kept() && back.margin_kept() && back_same.margin_kept()));
    }
  });
  Matrix huge(1, 3);
  huge << 1e30f, 1e30f, -1e30f;
  kernels::softmax_rows(huge, huge);
  CHECK(distance(huge, [](Index, Index j) { return j < 2 ? 0.5 : 0.0; }) < 1e-7);
}

TEST_CASE("the gradient of cross-entropy equals a plain loop, ignored rows being zero") {
  for_each_shape([](Index N, Index C, Random& random) {
    const Matrix p = normal_matrix(N, C, random);
    Tokens targets(static_cast<std::size_t>(N));
    for (Token& t : targets) t = random.chance(0.3) ? -100 : static_cast<Token>(random.below(C));
    Block dx(p);
    kernels::cross_entropy_backward(dx.inner(), dx.inner(), targets, Scalar(0.25));
    CHECK(distance(dx.inner(), [&](Index i, Index j) {
            const Token t = targets[static_cast<std::size_t>(i)];
            return t < 0 ? 0.0 : 0.25 * (at(p, i, j) - (t == j ? 1 : 0));
          }) < 1e-6);
    CHECK(dx.margin_kept());
  });
}

TEST_CASE("layer normalisation and its derivatives equal plain loops") {
  for_each_shape([](Index N, Index C, Random& random) {
    const double epsilon = 1e-2;
    const Matrix x = normal_matrix(N, C, random), dy = normal_matrix(N, C, random);
    const Matrix gain = normal_matrix(1, C, random), shift = normal_matrix(1, C, random);
    Eigen::MatrixXd hat(N, C), dx(N, C), dgain = Eigen::MatrixXd::Zero(1, C), dshift = dgain;
    Eigen::VectorXd inverse(N);
    const double count = static_cast<double>(C);
    for (Index i = 0; i < N; ++i) {
      double mean = 0, variance = 0, g = 0, gx = 0;
      for (Index j = 0; j < C; ++j) mean += at(x, i, j) / count;
      for (Index j = 0; j < C; ++j) variance += std::pow(at(x, i, j) - mean, 2) / count;
      inverse(i) = 1 / std::sqrt(variance + epsilon);
      for (Index j = 0; j < C; ++j) {
        hat(i, j) = (at(x, i, j) - mean) * inverse(i);
        g += at(dy, i, j) * at(gain, 0, j) / count,
            gx += at(dy, i, j) * at(gain, 0, j) * hat(i, j) / count;
        dgain(0, j) += at(dy, i, j) * hat(i, j), dshift(0, j) += at(dy, i, j);
      }
      for (Index j = 0; j < C; ++j)
        dx(i, j) = inverse(i) * (at(dy, i, j) * at(gain, 0, j) - g - hat(i, j) * gx);
    }
    Block y(N, C), xhat(N, C), inv(N, 1), back(N, C), dg(Matrix::Zero(1, C)),
        ds(Matrix::Zero(1, C));
    kernels::normalize_rows(y.inner(), xhat.inner(), inv.inner(), Block(x).inner(), gain, shift,
                            static_cast<Scalar>(epsilon));
    kernels::normalize_rows_backward(back.inner(), dg.inner(), ds.inner(), xhat.inner(),
                                     inv.inner(), gain, dy);
    const double limit = 2e-5;
    CHECK(distance(y.inner(), [&](Index i, Index j) {
            return hat(i, j) * at(gain, 0, j) + at(shift, 0, j);
          }) < limit);
    CHECK(distance(xhat.inner(), [&](Index i, Index j) { return hat(i, j); }) < limit);
    CHECK(distance(inv.inner(), [&](Index i, Index) { return inverse(i); }) < limit);
    CHECK(distance(back.inner(), [&](Index i, Index j) { return dx(i, j); }) < limit);
    CHECK(distance(dg.inner(), [&](Index, Index j) { return dgain(0, j); }) < limit);
    CHECK(distance(ds.inner(), [&](Index, Index j) { return dshift(0, j); }) < limit);
    for (Block* block : {&y, &xhat, &inv, &back, &dg, &ds}) CHECK(block->margin_kept());
  });
}

TEST_CASE("GELU and its derivative equal plain loops, far out too") {
  for_each_shape([](Index N, Index C, Random& random) {
    Matrix x = 4 * normal_matrix(N, C, random);
    x(0, 0) = 50, x(N - 1, C - 1) = -50, x(N / 2, 0) = 0, x(0, C / 2) = Scalar(-1e-30);
    const Matrix dy = normal_matrix(N, C, random);
    const double root = std::sqrt(2 / std::acos(-1.0));
    Block y(N, C), dx(N, C);
    kernels::gelu_tanh(y.inner(), x);
    CHECK(distance(y.inner(), [&](Index i, Index j) {
            const double v = at(x, i, j);
            return 0.5 * v * (1 + std::tanh(root * (v + 0.044715 * v * v * v)));
          }) < 1e-5);
    kernels::gelu_tanh_backward(dx.inner(), x, y.inner(), dy);
    CHECK(distance(dx.inner(), [&](Index i, Index j) {
            const double v = at(x, i, j), t = std::tanh(root * (v + 0.044715 * v * v * v));
            return at(dy, i, j) *
                   (0.5 * (1 + t) + 0.5 * v * (1 - t * t) * root * (1 + 3 * 0.044715 * v * v));
          }) < 1e-5);
    CHECK((y.margin_kept() && dx.margin_kept()));
  });
}

TEST_CASE("AdamW equals a plain loop over three steps") {
  for_each_shape([](Index N, Index C, Random& random) {
    const Matrix start = normal_matrix(N, C, random);
    const double rate = 0.01, beta1 = 0.9, beta2 = 0.95, epsilon = 1e-8, decay = 0.1,
                 grad_scale = 0.5;
    Eigen::MatrixXd w = start.cast<double>(), m = Eigen::MatrixXd::Zero(N, C), v = m;
    Block value(start), first(Matrix::Zero(N, C)), second(Matrix::Zero(N, C));
    for (int t = 1; t <= 3; ++t) {
      const Matrix g = normal_matrix(N, C, random);
      const double correction1 = 1 - std::pow(beta1, t), correction2 = 1 - std::pow(beta2, t);
      const auto f = [](double number) { return static_cast<Scalar>(number); };
      kernels::adamw(value.inner(), first.inner(), second.inner(), g,
                     {f(rate), f(beta1), f(beta2), f(epsilon), f(decay), f(correction1),
                      f(correction2), f(grad_scale)});
      for (Index i = 0; i < N; ++i)
        for (Index j = 0; j < C; ++j) {
          const double d = at(g, i, j) * grad_scale;
          m(i, j) = beta1 * m(i, j) + (1 - beta1) * d;
          v(i, j) = beta2 * v(i, j) + (1 - beta2) * d * d;
          w(i, j) -= rate * decay * w(i, j) +
                     rate * (m(i, j) / correction1) / (std::sqrt(v(i, j) / correction2) + epsilon);
        }
    }
    CHECK(distance(value.inner(), [&](Index i, Index j) { return w(i, j); }) < 1e-6);
    CHECK(distance(first.inner(), [&](Index i, Index j) { return m(i, j); }) < 1e-6);
    CHECK(distance(second.inner(), [&](Index i, Index j) { return v(i, j); }) < 1e-6);
    CHECK((value.margin_kept() && first.margin_kept() && second.margin_kept()));
  });
}

TEST_CASE("kernels refuse shapes that do not agree") {
  Matrix a = Matrix::Zero(3, 4), b = Matrix::Zero(4, 3), row = Matrix::Zero(1, 3);
  CHECK_THROWS_AS(kernels::add(a, a, b), Error);
  CHECK_THROWS_AS(kernels::add(a, a, b.transpose()), Error);  // a view the other way round
  CHECK_THROWS_AS(kernels::add_sum_of_rows(row, a), Error);
  CHECK_THROWS_AS(kernels::add_sum_of_rows(row, Matrix::Zero(3, 3).eval().transpose()), Error);
  CHECK_THROWS_AS(kernels::softmax_rows(a, b), Error);
  CHECK_THROWS_AS(kernels::gelu_tanh(a, b), Error);
  CHECK_THROWS_AS(kernels::gelu_tanh_backward(a, a, a, b), Error);
  CHECK_THROWS_AS(kernels::softmax_rows_backward(a, a, b), Error);
  CHECK_THROWS_AS(kernels::causal_softmax_rows(a, b, 1), Error);
  CHECK_THROWS_AS(kernels::causal_softmax_rows_backward(a, b, a, 1), Error);
  CHECK_THROWS_AS(kernels::adamw(a, a, b, a, {}), Error);
  Matrix gain = Matrix::Zero(1, 4), column = Matrix::Zero(3, 1);
  const auto normalize = [&](Matrix& y, Matrix& inverse, Matrix& weight, Matrix& bias) {
    kernels::normalize_rows(y, a, inverse, a, weight, bias, 1);
  };
  CHECK_THROWS_AS(normalize(b, column, gain, gain), Error);
  CHECK_THROWS_AS(normalize(a, gain, gain, gain), Error);
  CHECK_THROWS_AS(normalize(a, column, row, row), Error);
  CHECK_THROWS_AS(normalize(a, column, gain, row), Error);
  const auto backward = [&](Matrix& dx, Matrix& dgain, Matrix& dshift, Matrix& inverse,
                            Matrix& weight) {
    kernels::normalize_rows_backward(dx, dgain, dshift, a, inverse, weight, a);
  };
  CHECK_NOTHROW(backward(a, gain, gain, column, gain));
  CHECK_THROWS_AS(backward(b, gain, gain, column, gain), Error);
  CHECK_THROWS_AS(backward(a, row, gain, column, gain), Error);
  CHECK_THROWS_AS(backward(a, gain, row, column, gain), Error);
  CHECK_THROWS_AS(backward(a, gain, gain, gain, gain), Error);
  CHECK_THROWS_AS(backward(a, gain, gain, column, row), Error);
  const Tokens too_few{0, 1};
  CHECK_THROWS_AS(kernels::cross_entropy_backward(a, a, too_few, 1), Error);
  CHECK_THROWS_AS(kernels::cross_entropy_backward(a, a, Tokens{0, 1, 4}, 1), Error);
}
