#include "damla/data/batches.hpp"

#include <cmath>
#include <set>
#include <type_traits>

#include "damla/data/standardizer.hpp"
#include "damla/data/token_batch.hpp"
#include "damla/data/windows.hpp"
#include "damla/train/metrics.hpp"
#include "helpers/catch.hpp"
#include "helpers/error_says.hpp"

using namespace damla;

TEST_CASE("an epoch's batches hold no row twice, and another order each time", "[data]") {
  Batches batches(103, 10);
  Random random(1);
  REQUIRE(batches.count() == 10);
  std::set<Index> left_out;
  for (int epoch = 0; epoch < 200; ++epoch) {
    batches.shuffle(random);
    std::set<Index> seen;
    for (Index b = 0; b < batches.count(); ++b) {
      REQUIRE(batches[b].size() == 10);
      seen.insert(batches[b].begin(), batches[b].end());
    }
    REQUIRE(seen.size() == 100);
    for (Index row = 0; row < 103; ++row)
      if (!seen.contains(row)) left_out.insert(row);
  }
  CHECK(left_out.size() > 90);  // 600 times, somebody: nobody always
}

TEST_CASE("the same seed gives the same batches", "[data]") {
  Batches a(50, 8), b(50, 8);
  Random first(7), second(7), other(8);
  a.shuffle(first), b.shuffle(second);
  CHECK(a.order == b.order);
  b.shuffle(other);
  CHECK(a.order != b.order);
}

TEST_CASE("rows and targets of a batch belong together, in memory that stays", "[data]") {
  Matrix x(5, 2);
  x << 0, 0, 1, 10, 2, 20, 3, 30, 4, 40;
  const Tokens targets{0, 1, 2, 3, 4};
  Batches batches(5, 3);
  Random random(2);
  Matrix xb;
  Tokens tb;
  const Scalar* memory = nullptr;
  for (int epoch = 0; epoch < 5; ++epoch) {
    batches.shuffle(random);
    take_rows(xb, x, batches[0]);
    take_rows(tb, targets, batches[0]);
    for (Index i = 0; i < 3; ++i) {
      CHECK(xb(i, 0) == static_cast<Scalar>(tb[static_cast<std::size_t>(i)]));
      CHECK(xb(i, 1) == 10 * xb(i, 0));
    }
    CHECK((memory == nullptr || memory == xb.data()));
    memory = xb.data();
  }
  CHECK(Batches(5, 32).size == 5);
  CHECK(error_says([] { Batches(0, 4); }, {"Batches", "0 rows"}));
  CHECK(error_says([] { Batches(4, 0); }, {"Batches", "0"}));
}

TEST_CASE("accuracy and the confusion matrix count what was predicted", "[data]") {
  Matrix logits(4, 3);
  logits << 2, 1, 0, 0, 3, 1, 0, 1, 5, 4, 0, 1;
  const Tokens targets{0, 1, 1, 0};
  CHECK(predicted_classes(logits) == Tokens{0, 1, 2, 0});
  CHECK(accuracy(predicted_classes(logits), targets) == 0.75);
  const auto counts = confusion_matrix(predicted_classes(logits), targets, 3);
  CHECK((counts(0, 0) == 2 && counts(1, 1) == 1 && counts(1, 2) == 1 && counts.sum() == 4));
  CHECK(predicted_classes(Matrix(logits.col(1).array() - Scalar(0.5))) ==
        Tokens{1, 1, 1, 0});  // one column: the sign
  CHECK(error_says([&] { accuracy(Tokens{1}, targets); },
                   {"accuracy", "1 predictions", "4 targets"}));
  CHECK(error_says([&] { accuracy({}, {}); }, {"accuracy"}));
  CHECK(error_says([&] { confusion_matrix(Tokens{3}, Tokens{0}, 3); },
                   {"confusion_matrix", "row 0"}));
}

TEST_CASE("R² is 1 for a perfect prediction, 0 for the mean, and 0.75 for half of the deviations",
          "[data]") {
  Matrix target(4, 1);
  target << 1, 2, 3, 6;
  CHECK(r_squared(target, target) == 1);
  CHECK(r_squared(Matrix::Constant(4, 1, 3), target) == Approx(0).margin(1e-12));
  CHECK(r_squared(((target.array() - 3) / 2 + 3).matrix(), target) == Approx(0.75));
  CHECK(error_says([] { r_squared(Matrix::Zero(3, 1), Matrix::Ones(3, 1)); },
                   {"r_squared", "equal"}));
}

TEST_CASE("a reliability table puts what was said beside what came", "[data]") {
  Matrix p(5, 1);
  p << Scalar(0.1), Scalar(0.2), Scalar(0.6), Scalar(0.8), 1;
  const auto table = reliability_table(p, Tokens{0, 1, 1, 1, 1}, 2);
  REQUIRE(table.size() == 2);
  CHECK((table[0].count == 2 && table[1].count == 3));
  CHECK(table[0].mean_probability == Approx(0.15));
  CHECK(table[0].share == Approx(0.5));
  CHECK(table[1].mean_probability == Approx(0.8));
  CHECK(table[1].share == 1);
  CHECK(table[1].high == 1);
}

TEST_CASE("standardised features have mean 0 and deviation 1, and other data moves with them",
          "[data]") {
  Matrix x(4, 2);
  x << 80, 5, 90, 5, 110, 5, 120, 5;
  const Standardizer scale(x);
  const Matrix z = scale.apply(x);
  CHECK(static_cast<double>(z.col(0).mean()) == Approx(0).margin(1e-6));
  CHECK(static_cast<double>(z.col(0).squaredNorm()) == Approx(4));
  CHECK(z.col(1).isZero());  // never changes
  Matrix other(1, 2);
  other << 100, 6;
  CHECK(static_cast<double>(scale.apply(other)(0, 0)) == Approx(0).margin(1e-6));
  CHECK(scale.apply(other)(0, 1) == 1);
  CHECK(error_says([&] { scale.apply(Matrix::Zero(1, 3)); }, {"Standardizer::apply", "3", "2"}));
}

TEST_CASE(
    "standardising: a column that never changes keeps its unit, and a million rows keep their "
    "digits",
    "[data]") {
  const Standardizer constant(Matrix::Constant(1000, 1, Scalar(0.7)));
  CHECK(constant.std[0] == 1);
  Matrix years(1'000'000, 1);
  for (Index i = 0; i < years.rows(); ++i) years(i, 0) = static_cast<Scalar>(1980 + i % 41);
  const Standardizer scale(years);
  CHECK(static_cast<double>(scale.mean[0]) == Approx(2000).epsilon(1e-4));
  CHECK(static_cast<double>(scale.std[0]) == Approx(std::sqrt((41.0 * 41 - 1) / 12)).epsilon(1e-4));
}

TEST_CASE("rows that are not there are errors, not memory of others", "[data]") {
  Matrix out;
  Tokens targets;
  const std::vector<Index> rows{0, 3};
  CHECK(error_says([&] { take_rows(out, Matrix::Zero(3, 2), rows); }, {"row 3", "there are 3"}));
  CHECK(error_says([&] { take_rows(targets, Tokens{1, 2, 3}, rows); }, {"row 3", "there are 3"}));
}

TEST_CASE("a text is split into two views of it, of which the text must outlive both", "[data]") {
  const Tokens text(100, 1);
  CHECK(split_text(text, 0.9).train.size() == 90);
  CHECK(split_text(text, 0.9).held_out.size() == 10);
  CHECK(split_text(text, 1).held_out.empty());
  CHECK(error_says([&] { split_text(text, 90); }, {"split_text", "[0, 1]"}));
  CHECK(error_says([] { TokenBatch(0, 8); }, {"TokenBatch", "B is 0"}));
  STATIC_REQUIRE(std::is_constructible_v<TextWindows, const Tokens&, Index>);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<TextWindows, Tokens, Index>);
}

TEST_CASE("measures refuse what they cannot measure", "[data]") {
  CHECK(error_says([] { reliability_table(Matrix::Constant(1, 1, -3), Tokens{1}); },
                   {"probabilities", "logits"}));
  CHECK(
      error_says([] { r_squared(Matrix::Zero(3, 2), Matrix::Zero(3, 2)); }, {"r_squared", "3×2"}));
}

TEST_CASE("rows and tokens are taken into other memory than theirs", "[data]") {
  Matrix x = Matrix::Identity(4, 4);
  Tokens targets{0, 1, 2, 3};
  const std::vector<Index> rows{3, 0};
  const auto refuses = [](auto call, const char* what) {
    return error_says(call, {what, "shares memory with"});
  };
  CHECK(refuses([&] { take_rows(x, x, rows); }, "take_rows: from"));
  CHECK(refuses([&] { take_rows(x, x.bottomRows(4).leftCols(2), rows); }, "take_rows: from"));
  CHECK(refuses([&] { take_rows(targets, targets, rows); }, "take_rows: out"));
  CHECK(x == Matrix::Identity(4, 4));
  CHECK(targets == Tokens{0, 1, 2, 3});

  TokenBatch batch(2, 3);
  Random random(1);
  CHECK(error_says([&] { batch.draw(batch.tokens, random); }, {"TokenBatch::draw", "copy it"}));
  CHECK(error_says([&] { batch.draw(batch.targets, random); }, {"TokenBatch::draw", "copy it"}));
}
