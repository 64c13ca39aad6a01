#include "damla/nn/rotary.hpp"

#include <cmath>
#include <numbers>

#include "damla/nn/grouped_query_attention.hpp"
#include "helpers/catch.hpp"
#include "helpers/error_says.hpp"
#include "helpers/random_data.hpp"

using namespace damla;
using functional::RotaryPairs;

TEST_CASE("rotary positions: a product of query and key knows only how far apart they are",
          "[nn]") {
  Random random(1);
  for (const RotaryPairs pairs : {RotaryPairs::halves, RotaryPairs::neighbours}) {
    Rotary rotary(8, {.theta = 100, .pairs = pairs});
    const Matrix query = normal_matrix(1, 8, random), key = normal_matrix(1, 8, random);
    const auto product = [&](Index at_query, Index at_key) {
      Matrix q, k;
      rotary.rotate(q, query, 1, at_query);
      rotary.rotate(k, key, 1, at_key);
      return static_cast<double>(q.row(0).dot(k.row(0)));
    };
    CHECK(product(0, 0) == Approx(static_cast<double>(query.row(0).dot(key.row(0)))));
    CHECK(product(3, 1) == Approx(product(20, 18)).epsilon(1e-4));
    CHECK(std::abs(product(3, 1) - product(1, 3)) > 0.01);  // before is not behind
    CHECK(std::abs(product(3, 1) - product(4, 1)) > 0.01);
  }
}

TEST_CASE("rotary positions of a batch: each sequence begins at its first token", "[nn]") {
  Random random(2);
  Rotary rotary(4), fresh(4);
  const Matrix x = normal_matrix(6, 8, random);
  Matrix all, one, y;
  rotary.rotate(all, x, 3);
  rotary.rotate(one, x.bottomRows(3), 3);
  CHECK(all.bottomRows(3) == one);
  for (Index t = 0; t < 3; ++t) {  // token by token, as in generation
    fresh.rotate(y, x.row(t), 1, t);
    CHECK(y == all.row(t));
  }
  CHECK(error_says([&] { rotary.rotate(y, x, 4); }, {"6 rows", "T = 4"}));
  rotary.rotate_backward(all, 3);
  CHECK(all.isApprox(x, Scalar(1e-5)));  // turned there and back
}

TEST_CASE("frequencies, plain and with Llama 3's scaling, by hand", "[nn]") {
  // Pairs that turn 1, 1/4, 1/16 and 1/64 radians a token.
  const auto is = [](double found, double expected) { return found == Approx(expected); };
  const std::vector<double> plain = Rotary(8, {.theta = 256}).frequencies;
  REQUIRE(plain.size() == 4);
  CHECK((is(plain[0], 1) && is(plain[1], 0.25) && is(plain[2], 1. / 16) && is(plain[3], 1. / 64)));
  // In 64 tokens they turn 10.2, 2.55, 0.64 and 0.16 times.
  const std::vector<double> scaled = Rotary(8, {.theta = 256,
                                                .scaling = RotaryScaling{.factor = 4,
                                                                         .low_frequency = 1,
                                                                         .high_frequency = 4,
                                                                         .original_context = 64}})
                                         .frequencies;
  const double turns = 16 / (2 * std::numbers::pi), kept = (turns - 1) / 3;
  CHECK(is(scaled[0], 1));
  CHECK(is(scaled[1], 0.25 * kept + 0.25 / 4 * (1 - kept)));
  CHECK(is(scaled[2], 1. / 16 / 4));
  CHECK(is(scaled[3], 1. / 64 / 4));
}

TEST_CASE("the two conventions are one model whose queries and keys are in another order", "[nn]") {
  Random random(3);
  BlockOptions options{.channels = 8, .heads = 2, .key_value_heads = 1};
  options.init_std = options.projection_std = 0.4;
  GroupedQueryAttention<> halves(options, random), neighbours = halves;
  neighbours.rotary.pairs = RotaryPairs::neighbours;
  const auto reorder = [](Matrix& to, const Matrix& from) {
    for (Index head = 0; head < from.cols(); head += 4)
      for (Index i = 0; i < 2; ++i) {
        to.col(head + 2 * i) = from.col(head + i);
        to.col(head + 2 * i + 1) = from.col(head + i + 2);
      }
  };
  reorder(neighbours.queries.weight.value, halves.queries.weight.value);
  reorder(neighbours.keys.weight.value, halves.keys.weight.value);
  const Matrix x = normal_matrix(5, 8, random);
  CHECK(neighbours.forward(x, 5).isApprox(halves.forward(x, 5), Scalar(1e-5)));
}

TEST_CASE("grouped-query attention with shared heads is that with copies of them", "[nn]") {
  Random random(4);
  BlockOptions options{.channels = 8, .heads = 4, .key_value_heads = 2, .head_size = 6};
  options.init_std = options.projection_std = 0.4;
  GroupedQueryAttention<> shared(options, random);
  options.key_value_heads = 4;
  GroupedQueryAttention<> copied(options, random);
  copied.queries = shared.queries, copied.projection = shared.projection;
  for (Index h = 0; h < 4; ++h) {
    copied.keys.weight.value.middleCols(h * 6, 6) =
        shared.keys.weight.value.middleCols(h / 2 * 6, 6);
    copied.values.weight.value.middleCols(h * 6, 6) =
        shared.values.weight.value.middleCols(h / 2 * 6, 6);
  }
  const Matrix x = normal_matrix(10, 8, random), dy = normal_matrix(10, 8, random);
  CHECK(shared.forward(x, 5).isApprox(copied.forward(x, 5), Scalar(1e-5)));
  CHECK(shared.weights.isApprox(copied.weights, Scalar(1e-5)));
  CHECK(shared.backward(x, dy, 5).isApprox(copied.backward(x, dy, 5), Scalar(1e-4)));
  for (Index t = 0; t < shared.weights.rows(); ++t) {
    CHECK(shared.weights.row(t).sum() == Approx(1));
    CHECK(shared.weights.row(t).tail(4 - t % 5).isZero(0));
  }
}

TEST_CASE("grouped-query attention's cache grows, and must be its own", "[nn]") {
  Random random(5);
  GroupedQueryAttention<> attention({.channels = 8, .heads = 2, .key_value_heads = 1}, random);
  const Matrix x = normal_matrix(9, 8, random);
  const Matrix whole = attention.forward(x, 9);
  KeyValueCache cache;
  for (const auto& [first, n] : {std::pair<Index, Index>{0, 1}, {1, 4}, {5, 1}, {6, 3}}) {
    const Matrix y = attention.forward_next(x.middleRows(first, n), cache);
    CHECK(y.isApprox(whole.middleRows(first, n), Scalar(1e-5)));
  }
  CHECK(cache.length == 9);
  CHECK(cache.keys.cols() == 4);
  const auto refuses = [&](KeyValueCache other, std::initializer_list<std::string_view> parts) {
    return error_says([&] { attention.forward_next(x, other); }, parts);
  };
  const Matrix right = Matrix::Zero(3, 4), wide = Matrix::Zero(3, 8);
  CHECK(refuses({wide, wide, 0}, {"cache.keys is 3×8", "4 columns"}));
  CHECK(refuses({right, wide, 0}, {"cache.values is 3×8"}));
  CHECK(refuses({right, right, 4}, {"cache.length is 4"}));
  CHECK(error_says([&] { attention.forward_next(x.topRows(0), cache); }, {"rows of x is 0"}));
  attention.forward(x, 9);
  CHECK(error_says([&] { attention.backward(x, x, 3); }, {"T is 3", "was 9"}));
}
