#include <cmath>
#include <numeric>

#include "damla/functional/softmax.hpp"
#include "damla/generate/generate.hpp"
#include "damla/models/gpt.hpp"
#include "damla/models/text_classifier.hpp"
#include "damla/nn/loss.hpp"
#include "damla/nn/rms_norm.hpp"
#include "damla/optim/adamw.hpp"
#include "helpers/catch.hpp"

// A student's own attention, norm or block takes the place of ours.
using namespace damla;

namespace {
/// As a student would write it after the first reading: one head, three layers, a loop over the
/// sequences.
struct OneHeadAttention {
  Linear query, key, value;
  Matrix weights, y, dx;

  OneHeadAttention(const BlockOptions& o, Random& random)
      : query(o.channels, o.channels, random),
        key(o.channels, o.channels, random),
        value(o.channels, o.channels, random) {}

  Scalar scale() const { return 1 / std::sqrt(static_cast<Scalar>(query.weight.value.rows())); }

  const Matrix& forward(const Matrix& x, Index T) {
    const Matrix &q = query.forward(x), &k = key.forward(x), &v = value.forward(x);
    weights.setZero(x.rows(), T), y.resize(x.rows(), x.cols());
    for (Index b = 0; b < x.rows(); b += T) {
      auto w = weights.middleRows(b, T);
      matmul(w, q.middleRows(b, T), k.middleRows(b, T).transpose());
      for (Index t = 0; t < T; ++t) {
        w.row(t).head(t + 1) *= scale();
        functional::softmax(w.row(t).head(t + 1), w.row(t).head(t + 1));
        w.row(t).tail(T - t - 1).setZero();
      }
      matmul(y.middleRows(b, T), w, v.middleRows(b, T));
    }
    return y;
  }
  const Matrix& backward(const Matrix& x, const Matrix& dy, Index T) {
    Matrix dq(x.rows(), x.cols()), dk = dq, dv = dq, ds(T, T);
    for (Index b = 0; b < x.rows(); b += T) {
      const auto w = weights.middleRows(b, T);
      matmul(dv.middleRows(b, T), w.transpose(), dy.middleRows(b, T));
      matmul(ds, dy.middleRows(b, T), value.y.middleRows(b, T).transpose());
      functional::softmax_backward(ds, w, ds);
      ds *= scale();
      matmul(dq.middleRows(b, T), ds, key.y.middleRows(b, T));
      matmul(dk.middleRows(b, T), ds.transpose(), query.y.middleRows(b, T));
    }
    dx = query.backward(x, dq) + key.backward(x, dk) + value.backward(x, dv);
    return dx;
  }
  void visit_parameters(auto&& visit) {
    visit_part("query", query, visit), visit_part("key", key, visit),
        visit_part("value", value, visit);
  }
};

/// MultiHeadAttention once more, number by number, in double.
struct LoopAttention {
  Linear qkv, projection;
  Index H;
  Matrix weights, mixed, dqkv;

  LoopAttention(const BlockOptions& o, Random& random)
      : qkv(o.channels, 3 * o.channels, random, true, o.init_std),
        projection(o.channels, o.channels, random, true, o.projection_std),
        H(o.heads) {}

  /// body(row of the query t, row of its sequence's first token, first column of the head, row of
  /// the weights, t)
  void for_each_query(Index N, Index T, auto&& body) const {
    const Index d = projection.weight.value.rows() / H;
    for (Index b = 0; b < N / T; ++b)
      for (Index h = 0; h < H; ++h)
        for (Index t = 0; t < T; ++t) body(b * T + t, b * T, h * d, (b * H + h) * T + t, t);
  }
  static double number(const Matrix& m, Index i, Index j) { return static_cast<double>(m(i, j)); }

  const Matrix& forward(const Matrix& x, Index T) {
    const Matrix& all = qkv.forward(x);
    const Index C = x.cols(), d = C / H;
    weights.setZero(x.rows() * H, T), mixed.setZero(x.rows(), C);
    for_each_query(x.rows(), T, [&](Index n, Index first, Index c0, Index row, Index t) {
      std::vector<double> w;
      for (Index j = 0; j <= t; ++j) {
        double score = 0;
        for (Index c = c0; c < c0 + d; ++c)
          score += number(all, n, c) * number(all, first + j, C + c);
        w.push_back(std::exp(score / std::sqrt(static_cast<double>(d))));
      }
      const double sum = std::accumulate(w.begin(), w.end(), 0.0);
      for (Index j = 0; j <= t; ++j) {
        weights(row, j) = static_cast<Scalar>(w[static_cast<std::size_t>(j)] / sum);
        for (Index c = c0; c < c0 + d; ++c)
          mixed(n, c) += weights(row, j) * all(first + j, 2 * C + c);
      }
    });
    return projection.forward(mixed);
  }
  const Matrix& backward(const Matrix& x, const Matrix& dy, Index T) {
    const Matrix &dm = projection.backward(mixed, dy), &all = qkv.y;
    const Index C = x.cols(), d = C / H;
    dqkv.setZero(x.rows(), 3 * C);
    for_each_query(x.rows(), T, [&](Index n, Index first, Index c0, Index row, Index t) {
      std::vector<double> dw;
      double dot = 0;
      for (Index j = 0; j <= t; ++j) {
        double sum = 0;
        for (Index c = c0; c < c0 + d; ++c) {
          sum += number(dm, n, c) * number(all, first + j, 2 * C + c);
          dqkv(first + j, 2 * C + c) += weights(row, j) * dm(n, c);
        }
        dw.push_back(sum), dot += sum * number(weights, row, j);
      }
      for (Index j = 0; j <= t; ++j) {
        const double slope = number(weights, row, j) * (dw[static_cast<std::size_t>(j)] - dot);
        const auto ds = static_cast<Scalar>(slope / std::sqrt(static_cast<double>(d)));
        for (Index c = c0; c < c0 + d; ++c) {
          dqkv(n, c) += ds * all(first + j, C + c);
          dqkv(first + j, C + c) += ds * all(n, c);
        }
      }
    });
    return qkv.backward(x, dqkv);
  }
  void visit_parameters(auto&& visit) {
    visit_part("c_attn", qkv, visit), visit_part("c_proj", projection, visit);
  }
};

/// A norm of one number: y = gain·x/|x|.
struct LengthNorm {
  Parameter gain{1, 1};
  Matrix y, dx;
  explicit LengthNorm(Index channels) {
    gain.value.setConstant(std::sqrt(static_cast<Scalar>(channels)));
  }
  const Matrix& forward(const Matrix& x) {
    return y = x.rowwise().normalized() * gain.value(0, 0), y;
  }
  const Matrix& backward(const Matrix& x, const Matrix& dy) {
    dx.resize(x.rows(), x.cols());
    for (Index n = 0; n < x.rows(); ++n) {
      const RowVector hat = x.row(n).normalized();
      const Scalar along = dy.row(n).dot(hat);
      gain.grad()(0, 0) += along;
      dx.row(n) = (dy.row(n) - along * hat) * gain.value(0, 0) / x.row(n).norm();
    }
    return dx;
  }
  void visit_parameters(auto&& visit) { visit("gain", gain); }
};

/// A block without a norm and without a feed-forward half.
struct BareBlock {
  OneHeadAttention attention;
  Matrix y, dx;
  BareBlock(const BlockOptions& o, Random& random) : attention(o, random) {}
  const Matrix& forward(const Matrix& x, Index T) { return y = x + attention.forward(x, T), y; }
  const Matrix& backward(const Matrix& x, const Matrix& dy, Index T) {
    return dx = dy + attention.backward(x, dy, T), dx;
  }
  void visit_parameters(auto&& visit) { visit_part("attention", attention, visit); }
};

// What lacks a part is refused, and what has all is accepted.
struct NoBackward {
  NoBackward(const BlockOptions&, Random&) {}
  const Matrix& forward(const Matrix& x, Index) { return x; }
  void visit_parameters(auto&&) {}
};
struct NoParameters {
  NoParameters(const BlockOptions&, Random&) {}
  const Matrix& forward(const Matrix& x, Index) { return x; }
  const Matrix& backward(const Matrix&, const Matrix& dy, Index) { return dy; }
};
struct NoOptions {
  const Matrix& forward(const Matrix& x, Index) { return x; }
  const Matrix& backward(const Matrix&, const Matrix& dy, Index) { return dy; }
  void visit_parameters(auto&&) {}
};
struct NoResult : NoBackward {
  using NoBackward::NoBackward;
  void backward(const Matrix&, const Matrix&, Index) {}
};
struct NormWithoutResult {
  Matrix dx;
  explicit NormWithoutResult(Index) {}
  const Matrix& forward(const Matrix& x) { return x; }
  const Matrix& backward(const Matrix&, const Matrix& dy) { return dy; }
  void visit_parameters(auto&&) {}
};
struct NormWithoutBackward {
  explicit NormWithoutBackward(Index) {}
  const Matrix& forward(const Matrix& x) { return x; }
  void visit_parameters(auto&&) {}
};
static_assert(AttentionLayer<MultiHeadAttention> && AttentionLayer<OneHeadAttention> &&
              AttentionLayer<LoopAttention>);
static_assert(!AttentionLayer<NoBackward> && !AttentionLayer<NoParameters> &&
              !AttentionLayer<NoOptions>);
static_assert(!AttentionLayer<NoResult> && !AttentionLayer<LayerNorm>);
static_assert(NormLayer<LayerNorm> && NormLayer<RmsNorm> && NormLayer<LengthNorm>);
static_assert(!NormLayer<NormWithoutBackward> && !NormLayer<NormWithoutResult> &&
              !NormLayer<MultiHeadAttention>);
static_assert(BlockLayer<TransformerBlock<>> && BlockLayer<BareBlock> &&
              !BlockLayer<MultiHeadAttention>);
static_assert(BlockLayer<TransformerBlock<OneHeadAttention, LengthNorm>>);

const GptOptions options{
    .vocab_size = 13, .context = 8, .channels = 12, .heads = 3, .layers = 2, .init_std = 0.3};
constexpr Index B = 3, T = 7;

/// Losses of `steps` steps on one batch, in which each sequence begins with another token.
template <class Model>
std::vector<double> losses(Model& model, Index steps) {
  Random random(4);
  Tokens tokens(B * T), targets(B * T);
  for (std::size_t i = 0; i < tokens.size(); ++i)
    tokens[i] = static_cast<Token>(i % T == 0 ? static_cast<Index>(i) / T
                                              : random.below(options.vocab_size)),
    targets[i] = static_cast<Token>(random.below(options.vocab_size));
  AdamW optimizer{.learning_rate = Scalar(0.01)};
  CrossEntropy cross_entropy;
  std::vector<double> all;
  for (Index i = 0; i < steps; ++i) {
    const Matrix& logits = model.forward(tokens, T);
    all.push_back(cross_entropy.forward(logits, targets));
    zero_gradients(model);
    model.backward(tokens, cross_entropy.backward(logits, targets), T);
    optimizer.step(model);
  }
  return all;
}

template <class Block>
Gpt<Block> built(std::uint64_t seed) {
  Random random(seed);
  return Gpt<Block>(options, random);
}
}  // namespace

TEST_CASE("a GPT with a student's own attention, norm or block learns a batch by heart",
          "[models]") {
  const auto learns = [](auto model) {
    const std::vector<double> l = losses(model, 150);
    CHECK(l.front() > 1.5);
    CHECK(l.back() < 0.1);
  };
  learns(built<TransformerBlock<OneHeadAttention>>(1));
  learns(built<TransformerBlock<MultiHeadAttention, LengthNorm>>(1));
  learns(built<TransformerBlock<OneHeadAttention, LengthNorm>>(1));
  auto bare = built<BareBlock>(1);
  const std::vector<double> l = losses(bare, 150);
  CHECK(l.back() < 0.7 * l.front());  // less can be learnt with less
}

TEST_CASE("attention written number by number learns as ours, and says the same", "[models]") {
  auto ours = built<TransformerBlock<>>(2);
  auto loops = built<TransformerBlock<LoopAttention>>(2);
  const std::vector<double> a = losses(ours, 10), b = losses(loops, 10);
  CHECK(a.back() < a.front());
  for (std::size_t i = 0; i < a.size(); ++i) CHECK(std::abs(a[i] - b[i]) < 1e-4);
  // The loops know no cache, so this is also generation with a cache beside one without.
  const Tokens prompt{1, 2};
  CHECK(generate_greedy(ours, prompt, 30) == generate_greedy(loops, prompt, 30));
}

TEST_CASE("a GPT whose attention sees nothing is noticed: the comparison can fail", "[models]") {
  auto ours = built<TransformerBlock<>>(2);
  auto loops = built<TransformerBlock<LoopAttention>>(2);
  for (auto& block : loops.transformer.blocks) block.attention.projection.weight.value.setZero();
  CHECK(std::abs(losses(ours, 1).front() - losses(loops, 1).front()) > 1e-3);
}

namespace {
/// Attention with a dropout of its own.
struct ForgetfulAttention : OneHeadAttention {
  Dropout dropout{Scalar(0.5), Random(8)};
  Matrix dropped;
  using OneHeadAttention::OneHeadAttention;
  const Matrix& forward(const Matrix& x, Index length) {
    return dropped = dropout.forward(OneHeadAttention::forward(x, length));
  }
  void set_training(bool on) { dropout.set_training(on); }
  void visit_generators(auto&& visit) { dropout.visit_generators(visit); }
};

/// A feed-forward with a dropout of its own.
struct ForgetfulFeedForward : FeedForward<> {
  Dropout dropout{Scalar(0.5), Random(9)};
  Matrix dropped;
  using FeedForward<>::FeedForward;
  const Matrix& forward(const Matrix& x) {
    return dropped = dropout.forward(FeedForward<>::forward(x));
  }
  void set_training(bool on) { dropout.set_training(on); }
  void visit_generators(auto&& visit) { dropout.visit_generators(visit); }
};
}  // namespace

TEST_CASE("a feed-forward's own dropout is switched off with ours, and its generator is saved",
          "[models]") {
  Random random(1);
  using Block = TransformerBlock<MultiHeadAttention, LayerNorm, ForgetfulFeedForward>;
  Gpt<Block> model(options, random);
  model.set_training(false);
  for (const Block& block : model.transformer.blocks)
    CHECK_FALSE(block.feed_forward.dropout.training);
  model.set_training(true);
  for (const Block& block : model.transformer.blocks) CHECK(block.feed_forward.dropout.training);
  int generators = 0;
  model.visit_generators([&](Random&) { ++generators; });
  CHECK(generators == 1 + 3 * options.layers);
}

TEST_CASE("a student's dropout is switched off with ours, and its generator is saved with ours",
          "[models]") {
  Random random(1);
  Gpt<TransformerBlock<ForgetfulAttention>> model(options, random);
  const Tokens tokens{1, 2, 3, 4};
  const Matrix first = model.forward(tokens, 4);
  CHECK(model.forward(tokens, 4) != first);
  CHECK(generate_greedy(model, tokens, 5) ==
        generate_greedy(model, tokens, 5));  // without dropout meanwhile
  CHECK(model.training());
  model.set_training(false);
  const Matrix still = model.forward(tokens, 4);
  CHECK(model.forward(tokens, 4) == still);
  int generators = 0;
  model.visit_generators([&](Random&) { ++generators; });
  CHECK(generators == 1 + 3 * options.layers);
}

// Only a block that takes the texts' lengths can be one of a classifier.
static_assert(EncoderBlock<TransformerBlock<>> &&
              !EncoderBlock<TransformerBlock<OneHeadAttention>> && !EncoderBlock<BareBlock>);
