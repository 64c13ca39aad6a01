#include "damla/nn/embedding.hpp"
#include "damla/nn/grouped_query_attention.hpp"
#include "damla/nn/mean_pool.hpp"
#include "damla/nn/position.hpp"
#include "helpers/error_says.hpp"
#include "helpers/layers.hpp"

using namespace damla;

namespace {
std::vector<Matrix> gradients(auto& layer) {
  std::vector<Matrix> all;
  layer.visit_parameters([&](std::string_view, Parameter& p) { all.push_back(p.grad()); });
  return all;
}
}  // namespace

// One test for all layers.
TEST_CASE("every layer keeps the contract", "[nn]") {
  for_each_layer([](const std::string& name, auto layer, Index rows, Index cols) {
    DYNAMIC_SECTION(name << " with " << rows << " rows") {
      Random random(5);
      const Matrix x = normal_matrix(rows, cols, random);
      const Matrix y = layer.forward(x);
      const Matrix dy = normal_matrix(y.rows(), y.cols(), random);

      INFO("forward twice gives the same, in the same memory");
      const Scalar* memory = layer.forward(x).data();
      CHECK(layer.forward(x) == y);
      CHECK(layer.forward(x).data() == memory);

      INFO("backward adds to the gradients and leaves y as it is");
      const Matrix dx = layer.backward(x, dy);
      const std::vector<Matrix> once = gradients(layer);
      CHECK(layer.backward(x, dy).isApprox(dx, Scalar(1e-6)));
      const std::vector<Matrix> twice = gradients(layer);
      for (std::size_t i = 0; i < once.size(); ++i)
        CHECK(twice[i].isApprox(2 * once[i], Scalar(1e-5)));
      CHECK(layer.forward(x) == y);
      zero_gradients(layer);
      for (const Matrix& g : gradients(layer)) CHECK(g.isZero());

      INFO("a copy is independent");
      auto copy = layer;
      copy.visit_parameters([](std::string_view, Parameter& p) { p.value.setConstant(3); });
      CHECK(layer.forward(x) == y);

      INFO("a dy of another shape throws, with both shapes in the text");
      const Matrix bad = Matrix::Zero(rows + 1, y.cols());
      if (name != "Identity")
        CHECK_THROWS_WITH(layer.backward(x, bad),
                          Catch::Matchers::ContainsSubstring(shape_text(rows + 1, y.cols())));
    }
  });
}

TEST_CASE("what is frozen gets no gradient, and the rest gets the same", "[nn]") {
  for_each_layer([](const std::string& name, auto layer, Index rows, Index cols) {
    DYNAMIC_SECTION(name << " with " << rows << " rows") {
      Random random(5);
      const Matrix x = normal_matrix(rows, cols, random);
      const Matrix dy = normal_matrix(rows, layer.forward(x).cols(), random);
      layer.visit_parameters([](std::string_view, Parameter& p) { p.frozen = false; });
      zero_gradients(layer);
      const Matrix dx = layer.backward(x, dy);
      const std::vector<Matrix> all = gradients(layer);
      const auto parameters = [&] {
        std::vector<Parameter*> found;
        layer.visit_parameters([&](std::string_view, Parameter& p) { found.push_back(&p); });
        return found;
      }();
      const auto grad = [&](std::size_t i) -> const Matrix& {
        return std::as_const(*parameters[i]).grad();
      };
      const auto froze = [&](auto&& chosen) {
        for (std::size_t i = 0; i < parameters.size(); ++i) {
          parameters[i]->frozen = false, parameters[i]->grad().setZero();
          if (chosen(i)) parameters[i]->freeze();
        }
        CHECK(layer.backward(x, dy) == dx);
        for (std::size_t i = 0; i < parameters.size(); ++i) {
          if (chosen(i)) CHECK(grad(i).size() == 0);
          else CHECK(grad(i) == all[i]);
        }
      };
      froze([](std::size_t) { return true; });
      for (std::size_t one = 0; one < parameters.size(); ++one)
        froze([one](std::size_t i) { return i == one; });
    }
  });
}

TEST_CASE("backward belongs to the latest forward: before it, or with another x, it is an error",
          "[nn]") {
  for_each_layer([](const std::string& name, auto layer, Index rows, Index cols) {
    if (name.starts_with("Linear") || name == "Relu" || name == "ExactGelu" || name == "Identity")
      return;  // their gradients need x and dy alone
    INFO(name);
    const Matrix x = Matrix::Ones(rows, cols), more = Matrix::Ones(2 * rows, cols);
    auto fresh = layer;
    const Index width = layer.forward(x).cols();
    const Matrix dy = Matrix::Ones(rows, width), more_dy = Matrix::Ones(2 * rows, width);
    CHECK_THROWS_AS(fresh.backward(x, dy), Error);
    CHECK_NOTHROW(layer.backward(x, dy));
    if (name.find("padded") == std::string::npos)  // whose lengths are not as many
      CHECK_THROWS_AS(layer.backward(more, more_dy), Error);
  });
}

TEST_CASE("GELU's gradient in place of dy is the same, and refuses what does not fit", "[nn]") {
  const Matrix x = Matrix::Random(7, 33), dy = Matrix::Random(7, 33);
  Gelu gelu;
  gelu.forward(x);
  const Matrix dx = gelu.backward(x, dy);
  Matrix same = dy, narrow = dy.leftCols(5);
  CHECK(&gelu.backward_in_place(x, same) == &same);
  CHECK(same == dx);
  CHECK_THROWS_AS(gelu.backward_in_place(x, narrow), Error);
  CHECK_THROWS_AS(gelu.backward_in_place(x.leftCols(5), narrow), Error);
  CHECK(narrow == dy.leftCols(5));
}

TEST_CASE("attention's backward with another T names both", "[nn]") {
  Random random(1);
  MultiHeadAttention attention({.channels = 4, .heads = 2}, random);
  const Matrix x = Matrix::Ones(4, 4);
  attention.forward(x, 4);
  CHECK(error_says([&] { attention.backward(x, x, 2); }, {"T is 2", "was 4"}));
  CHECK(error_says([&] { attention.forward(x, 3); }, {"4 rows", "T = 3"}));
  LearnedPositions positions(8, 4, random);
  Matrix rows = x;
  CHECK(error_says([&] { positions.add_to(rows, 3); }, {"4 rows", "multiple of T = 3"}));
  CHECK(error_says([&] { positions.add_to(rows, 4, 5); }, {"4 tokens", "position 5", "of 8"}));
  CHECK(error_says([&] { positions.add_to(rows, 4, std::numeric_limits<Index>::max()); },
                   {"context"}));
}

TEST_CASE("attention refuses a cache that is not its own, and one that is full", "[nn]") {
  Random random(1);
  MultiHeadAttention attention({.channels = 4, .heads = 2}, random);
  const Matrix x = Matrix::Ones(2, 4);
  const auto refuses = [&](KeyValueCache cache, std::initializer_list<std::string_view> parts) {
    return error_says([&] { attention.forward_next(x, cache); }, parts);
  };
  const Matrix right = Matrix::Zero(3, 4), narrow = Matrix::Zero(3, 2), low = Matrix::Zero(2, 4);
  CHECK(refuses({}, {"cache.keys is 0×0", "4 columns"}));
  CHECK(refuses({narrow, narrow, 0}, {"cache.keys is 3×2"}));
  CHECK(refuses({right, narrow, 0}, {"cache.values is 3×2"}));
  CHECK(refuses({right, low, 0}, {"cache.values is 2×4"}));
  CHECK(refuses({right, right, -1}, {"cache.length is -1"}));
  CHECK(refuses({right, right, 9}, {"cache.length is 9"}));
  CHECK(refuses({right, right, 2}, {"full", "2 new tokens behind 2", "room for 3"}));
  KeyValueCache cache{right, right, 1};
  CHECK_NOTHROW(attention.forward_next(x, cache));
  CHECK(error_says([&] { attention.forward_next(x.topRows(0), cache); }, {"rows of x is 0"}));
  attention.causal = false;
  CHECK(refuses({right, right, 0}, {"not causal"}));
}

TEST_CASE("layers with weights refuse an x of another width", "[nn]") {
  for_each_layer([](const std::string& name, auto layer, Index rows, Index cols) {
    bool has_parameters = false;
    layer.visit_parameters([&](std::string_view, Parameter&) { has_parameters = true; });
    if (!has_parameters) return;
    INFO(name);
    CHECK_THROWS_AS(layer.forward(Matrix::Zero(rows, cols + 1)), Error);
  });
}

// What a layer overwrites it may not read: the memory may be freed, or the numbers be gone when
// backward asks for them.
TEST_CASE("every layer refuses what lies in its own results, and leaves them as they were",
          "[nn]") {
  for_each_layer([](const std::string& name, auto layer, Index rows, Index cols) {
    INFO(name << " with " << rows << " rows");
    Random random(5);
    const Matrix x = normal_matrix(rows, cols, random);
    const Matrix& y = layer.forward(x);
    const Matrix dy = normal_matrix(y.rows(), y.cols(), random);
    const Matrix& dx = layer.backward(x, dy);
    const Matrix y_before = y, dx_before = dx;
    const std::vector<Matrix> gradients_before = gradients(layer);
    const auto part = [](const Matrix& m, Index r, Index c) {
      return Eigen::Map<const Matrix>(m.data() + m.size() - r * c, r, c);
    };
    const auto refuses = [](auto call) { return error_says(call, {"shares memory with"}); };
    const Index fit = std::min(rows, y.size() / cols);
    if (fit > 0) CHECK(refuses([&] { layer.forward(part(y, fit, cols)); }));
    CHECK(refuses([&] { layer.backward(part(dx, rows, cols), dy); }));
    CHECK(refuses([&] { layer.backward(x, part(dx, dy.rows(), dy.cols())); }));
    CHECK(y == y_before);
    CHECK(dx == dx_before);
    CHECK(gradients(layer) == gradients_before);
    CHECK_NOTHROW(layer.backward(x, y));  // which is only read: the gradient of ½y²
  });
}

TEST_CASE("a layer may be given a part of what another one holds", "[nn]") {
  Random random(1);
  Linear first(4, 4, random), second(4, 4, random);
  const Matrix x = normal_matrix(6, 4, random), last = first.forward(x).bottomRows(1);
  const Matrix expected = second.forward(last);
  CHECK(second.forward(first.y.bottomRows(1)) == expected);
  CHECK(error_says([&] { first.forward(first.y.bottomRows(1)); },
                   {"Linear::forward: x shares memory with y, which this call overwrites"}));
}

TEST_CASE("layers read blocks of a matrix without copying", "[nn]") {
  Random random(1);
  Linear layer(4, 3, random);
  const Matrix wide = normal_matrix(6, 10, random);
  const Matrix narrow = wide.middleCols(2, 4);
  const Matrix expected = layer.forward(narrow);
  CHECK(layer.forward(wide.middleCols(2, 4)) == expected);
}

TEST_CASE("attention weights are probabilities over what may be seen", "[nn]") {
  Random random(2);
  BlockOptions options{.channels = 8, .heads = 2};
  options.init_std = 1;
  MultiHeadAttention attention(options, random);
  const Index B = 2, T = 5;
  attention.forward(normal_matrix(B * T, 8, random), T);
  for (Index row = 0; row < attention.weights.rows(); ++row) {
    CHECK(attention.weights.row(row).sum() == Approx(1));
    CHECK(attention.weights.row(row).minCoeff() >= 0);
    CHECK(attention.weights.row(row).tail(T - 1 - row % T).isZero());
  }
}

namespace {
/// An attention layer, and the same one that keeps no weights.
template <class Attention>
void check_without_weights(const BlockOptions& options) {
  Random random(5);
  Attention plain(options, random), lean = plain;
  lean.keep_weights_to = 4;
  const Matrix x = normal_matrix(10, 8, random), dy = normal_matrix(10, 8, random);
  for (const Index T : {10, 5, 2}) {
    CAPTURE(T);
    zero_gradients(plain), zero_gradients(lean);
    CHECK(lean.forward(x, T).isApprox(plain.forward(x, T), Scalar(1e-5)));
    CHECK(lean.weights.rows() == (T > 4 ? 0 : plain.weights.rows()));
    CHECK(lean.backward(x, dy, T).isApprox(plain.backward(x, dy, T), Scalar(1e-4)));
    const std::vector<Matrix> expected = gradients(plain), found = gradients(lean);
    for (std::size_t i = 0; i < expected.size(); ++i)
      CHECK(found[i].isApprox(expected[i], Scalar(1e-4)));
  }
}
}  // namespace

TEST_CASE("attention that keeps no weights has the same results and gradients", "[nn]") {
  BlockOptions options{.channels = 8, .heads = 2, .key_value_heads = 1};
  options.init_std = options.projection_std = 0.5;
  check_without_weights<MultiHeadAttention>(options);
  check_without_weights<GroupedQueryAttention<>>(options);
}

TEST_CASE("what padding holds changes nothing in front of it", "[nn]") {
  Random random(3);
  BlockOptions options{.channels = 8, .heads = 2, .causal = false};
  MultiHeadAttention attention(options, random);
  Matrix x = normal_matrix(5, 8, random);
  const std::vector<Index> lengths{3};
  const Matrix before = attention.forward(x, 5, lengths);
  x.bottomRows(2).setConstant(9);
  CHECK(attention.forward(x, 5, lengths).topRows(3) == before.topRows(3));
}

TEST_CASE("LayerNorm gives each row mean 0 and variance 1", "[nn]") {
  Random random(4);
  LayerNorm norm(32);
  const Matrix y = norm.forward(normal_matrix(3, 32, random, 5));
  for (Index n = 0; n < 3; ++n) {
    CHECK(y.row(n).mean() == Approx(0).margin(1e-5));
    CHECK(y.row(n).squaredNorm() / 32 == Approx(1).epsilon(1e-3));
  }
}

TEST_CASE("Dropout keeps the mean, and is off outside training", "[nn]") {
  Dropout dropout(Scalar(0.25), Random(1));
  const Matrix x = Matrix::Ones(100, 100);
  CHECK(dropout.forward(x).mean() == Approx(1).margin(0.03));
  CHECK((dropout.y.array() == 0).count() == Approx(2500).margin(200));
  dropout.set_training(false);
  CHECK(dropout.forward(x) == x);
  CHECK_THROWS_AS(Dropout(Scalar(1), Random(1)), Error);
}

TEST_CASE("pools, tables and positions refuse what lies in what they write", "[nn]") {
  Random random(1);
  const auto refuses = [](auto call) { return error_says(call, {"shares memory with"}); };
  MeanPool pool;
  TokenBatch batch(2, 3);
  Matrix x = normal_matrix(6, 4, random);
  pool.forward(x, batch), pool.backward(x, pool.y, batch);
  TokenBatch one(1, 2);
  CHECK(refuses([&] { pool.forward(pool.y, one); }));
  CHECK(refuses([&] { pool.backward(x, pool.dx.topRows(2), batch); }));

  Embedding embedding(5, 4, random);
  CHECK(refuses([&] { embedding.backward(Tokens{1, 2}, embedding.weight.grad().topRows(2)); }));
  LearnedPositions learned(6, 4, random);
  CHECK(refuses([&] { learned.add_to(learned.weight.value, 3); }));
  CHECK(refuses([&] { learned.backward(learned.weight.grad(), 3); }));
  SinusoidalPositions fixed(6, 4);
  CHECK(refuses([&] { fixed.add_to(fixed.table, 3); }));
}
