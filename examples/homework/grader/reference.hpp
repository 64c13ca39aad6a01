#pragma once

#include <algorithm>
#include <functional>
#include <numbers>
#include <span>

#include "damla/core/matrix.hpp"
#include "mistakes.hpp"
#include "number.hpp"

// The right answers, in plain loops and double; no layer of the library is used. Every function
// takes the mistakes that it makes.
namespace grader {
using namespace damla;
using enum Mistake;

/// A matrix of any type of number.
template <class N>
struct Grid {
  Index rows = 0, cols = 0;
  std::vector<N> numbers;

  Grid() = default;
  Grid(Index r, Index c) : rows(r), cols(c), numbers(static_cast<std::size_t>(r * c)) {}
  N& operator()(Index r, Index c) { return numbers[static_cast<std::size_t>(r * cols + c)]; }
  const N& operator()(Index r, Index c) const {
    return numbers[static_cast<std::size_t>(r * cols + c)];
  }
};
/// A layer's x (or nothing) and its parameters in the order in which it visits them.
template <class N>
using Grids = std::span<const Grid<N>>;
using Matrices = std::vector<Matrix>;

/// Probabilities of one row of scores.
template <class N>
std::vector<N> softmax(const std::vector<N>& x, const Mistakes& m) {
  using std::exp;
  double most = 0;
  if (!m(no_maximum))
    for (std::size_t i = 0; i < x.size(); ++i)
      most = i == 0 ? value_of(x[i]) : std::max(most, value_of(x[i]));
  std::vector<N> y;
  N sum(0.0);
  for (const N& v : x) y.push_back(exp(v - most)), sum += y.back();
  if (m(softmax_sum_constant)) sum = frozen(sum);
  if (!m(not_normalised))
    for (N& v : y) v = v / sum;
  return y;
}

template <class N>
Grid<N> softmax_rows(const Grid<N>& x, const Mistakes& m) {
  Grid<N> y(x.rows, x.cols);
  const bool columns = m(softmax_columns);
  for (Index i = 0; i < (columns ? x.cols : x.rows); ++i) {
    std::vector<N> line;
    for (Index j = 0; j < (columns ? x.rows : x.cols); ++j)
      line.push_back(columns ? x(j, i) : x(i, j));
    line = softmax(line, m);
    for (Index j = 0; j < std::ssize(line); ++j)
      (columns ? y(j, i) : y(i, j)) = line[static_cast<std::size_t>(j)];
  }
  return y;
}

/// Mean of −Σ q·ln p over the rows whose target counts; q is 1 for the target, or smoothed: (1 −
/// s)·one-hot + s/V.
template <class N>
N cross_entropy(const Grid<N>& logits, const Tokens& targets, double smoothing, const Mistakes& m) {
  using std::log, std::exp;
  if (m(no_smoothing)) smoothing = 0;
  const Grid<N> p = softmax_rows(logits, m);
  N loss(0.0);
  double rows = 0;
  for (Index n = 0; n < logits.rows; ++n) {
    const Token target = targets[static_cast<std::size_t>(n)];
    if (target < 0 && !m(ignored_has_gradient)) continue;
    rows += target >= 0;
    if (target < 0 || m(no_one_hot)) {  // what is left of −ln p without its logit: ln Σ exp
      N sum(0.0);
      for (Index v = 0; v < logits.cols; ++v) sum += exp(logits(n, v));
      loss += log(sum);
      continue;
    }
    for (Index v = 0; v < logits.cols; ++v) {
      const double q =
          (v == target ? 1 - smoothing : 0) + smoothing / static_cast<double>(logits.cols);
      if (q > 0) loss += (m(positive_log) ? q : -q) * log(p(n, v));
    }
  }
  if (m(ignored_counted)) rows = static_cast<double>(logits.rows);
  if (m(averaged_twice)) rows *= rows;
  if (m(averaged_over_classes)) rows *= static_cast<double>(logits.cols);
  if (m(base_two)) rows *= std::numbers::ln2;
  return m(not_averaged) ? loss : loss / N(rows);
}

/// y = x·W + b. Grids: x, W, b.
template <class N>
Grid<N> linear(const Grid<N>& x, const Grid<N>& W, const Grid<N>& b, const Mistakes& m = {}) {
  Grid<N> y(x.rows, W.cols);
  for (Index n = 0; n < x.rows; ++n)
    for (Index o = 0; o < W.cols; ++o) {
      N sum = m(no_bias) ? N(0.0) : b(0, o);
      for (Index i = 0; i < W.rows; ++i) {
        if (m(weight_not_transposed))  // the gradient for x takes W where it needs Wᵀ
          sum +=
              frozen(x(n, i)) * W(i, o) + (x(n, i) * frozen(W(o, i)) - frozen(x(n, i) * W(o, i)));
        else sum += x(n, i) * W(i, o);
      }
      y(n, o) = sum;
    }
  return y;
}

/// Layer normalisation, or (rms) x/√(mean(x²) + ε); then ⊙ gain + shift. Grids: x, gain, shift.
template <class N>
Grid<N> norm(const Grid<N>& x, const Grid<N>& gain, const Grid<N>& shift, bool rms,
             const Mistakes& m = {}) {
  using std::sqrt;
  const double epsilon = m(no_epsilon) ? 0 : 1e-5;
  const bool across = m(statistics_of_columns);
  const Index lines = across ? x.cols : x.rows, length = across ? x.rows : x.cols;
  Grid<N> y(x.rows, x.cols);
  for (Index l = 0; l < lines; ++l) {
    const auto at = [&](Index i) { return across ? x(i, l) : x(l, i); };
    const auto C = static_cast<double>(length);
    N mean(0.0), variance(0.0);
    if (rms ? m(mean_taken_off) : !m(no_mean))
      for (Index i = 0; i < length; ++i) mean += at(i) / N(C);
    if (m(mean_constant)) mean = frozen(mean);
    for (Index i = 0; i < length; ++i) variance += (at(i) - mean) * (at(i) - mean);
    variance = variance / N(m(sample_variance) ? C - 1 : C);
    if (m(variance_constant)) variance = frozen(variance);
    const N spread = m(no_root)           ? variance + N(epsilon)
                     : m(epsilon_outside) ? sqrt(variance) + N(epsilon)
                                          : sqrt(variance + N(epsilon));
    for (Index i = 0; i < length; ++i) {
      const Index r = across ? i : l, c = across ? l : i;
      N hat = (at(i) - mean) / spread;
      if (m(no_inverse_in_dx)) hat = with_gradient_of(hat, hat * frozen(spread));
      N z = m(no_gain) ? hat : hat * gain(0, c);
      if (m(no_gain_in_dx)) z = frozen(hat) * gain(0, c) + (hat - frozen(hat));
      if (m(gain_gradient_from_x))
        z = hat * frozen(gain(0, c)) + frozen(x(r, c)) * (gain(0, c) - frozen(gain(0, c)));
      y(r, c) = m(no_shift) ? z : z + shift(0, c);
    }
  }
  return y;
}

/// What the attention of a homework looks like.
struct Shape {
  Index T = 1, heads = 1;
  Index window = 0;       // only the last so many tokens are seen; 0: all before
  bool rms = false;       // RMSNorm with a bias in the blocks
  bool parallel = false;  // attention and feed-forward beside each other
};

/// Causal multi-head attention. p: qkv.weight (C, 3C), qkv.bias, projection.weight (C, C),
/// projection.bias.
template <class N>
Grid<N> attention(const Grid<N>& x, Grids<N> p, const Shape& s, const Mistakes& m = {}) {
  const Index C = x.cols, H = s.heads, d = C / H, T = m(sequences_mixed) ? x.rows : s.T;
  const Grid<N> qkv = linear(x, p[0], p[1]);
  const Index q_part = m(query_key_swapped) ? 1 : 0, k_part = m(query_key_swapped)   ? 0
                                                              : m(key_value_swapped) ? 2
                                                                                     : 1;
  const Index v_part = m(key_value_swapped) ? 1 : 2;
  const double size = static_cast<double>(m(scale_of_all_channels) ? C : d);
  const double scale = m(no_scale) ? 1 : m(scale_not_rooted) ? 1 / size : 1 / std::sqrt(size);
  Grid<N> mixed(x.rows, C);
  const auto sees = [&](Index t, Index j) {
    const Index window = m(no_window) ? 0 : s.window;
    const Index oldest = window == 0 ? 0 : t - window + (m(window_off_by_one) ? 0 : 1);
    return m(no_mask) || (j >= oldest && (m(mask_one_late)                              ? j <= t + 1
                                          : m(mask_one_early) || m(mask_one_early_zero) ? j < t
                                                                                        : j <= t));
  };
  for (Index b = 0; b < x.rows; b += T)
    for (Index h = 0; h < H; ++h) {
      const auto column = [&](Index c) { return m(heads_interleaved) ? c * H + h : h * d + c; };
      const auto row = [&](Index t) { return m(time_major) ? t * (x.rows / T) + b / T : b + t; };
      const auto part = [&](Index which, Index t, Index c) {
        return qkv(row(t), which * C + column(c));
      };
      Grid<N> weights(T, T);
      const auto score = [&](Index t, Index j) {
        N sum(0.0);
        for (Index c = 0; c < d; ++c) {
          N q = part(q_part, t, c), k = part(k_part, j, c);
          if (m(no_query_gradient)) q = frozen(q);
          if (m(no_key_gradient)) k = frozen(k);
          if (m(key_gradient_transposed)) {  // dk = ds·q where dsᵀ·q is right
            const N kt = part(k_part, t, c), qj = frozen(part(q_part, j, c));
            sum += q * frozen(k) + (kt * qj - frozen(kt * qj));
          } else {
            sum += q * k;
          }
        }
        return m(no_scale_in_gradient) ? with_gradient_of(sum * N(scale), sum) : sum * N(scale);
      };
      const bool over_queries = m(softmax_over_queries), mask_after = m(mask_after_softmax);
      for (Index a = 0; a < T;
           ++a) {  // a line of the softmax: the keys of query a (or, wrongly, the queries of key a)
        std::vector<N> line;
        std::vector<Index> places;
        for (Index o = 0; o < T; ++o)
          if (mask_after || (over_queries ? sees(o, a) : sees(a, o)))
            line.push_back(over_queries ? score(o, a) : score(a, o)), places.push_back(o);
        if (line.empty()) {  // a softmax of nothing is 0/0, or was left out
          for (Index o = 0; o < T; ++o) weights(a, o) = N(m(mask_one_early) ? std::nan("") : 0);
          continue;
        }
        line = softmax(line, m);
        for (std::size_t i = 0; i < line.size(); ++i) {
          const Index t = over_queries ? places[i] : a, j = over_queries ? a : places[i];
          if (sees(t, j)) weights(t, j) = m(weights_constant) ? frozen(line[i]) : line[i];
        }
      }
      for (Index t = 0; t < T; ++t)
        for (Index c = 0; c < d; ++c) {
          N sum(0.0);
          for (Index j = 0; j < T; ++j) {
            const N v = part(v_part, j, c);
            sum += weights(t, j) * (m(no_value_gradient) ? frozen(v) : v);
          }
          mixed(row(t), column(c)) = sum;
        }
    }
  return m(no_projection) ? mixed : linear(mixed, p[2], p[3]);
}

/// GELU in the tanh form: ½·x·(1 + tanh(√(2/π)·(x + 0.044715·x³))).
template <class N>
N gelu(N x, const Mistakes& m = {}) {
  using std::tanh, std::erf, std::exp;
  if (m(gelu_exact)) return N(0.5) * x * (N(1.0) + erf(x / N(std::numbers::sqrt2)));
  if (m(gelu_sigmoid)) return x / (N(1.0) + exp(N(-1.702) * x));
  const double root =
      m(gelu_root) ? std::sqrt(2.0) / std::numbers::pi : std::sqrt(2 / std::numbers::pi);
  const double cubic = m(gelu_cubic) ? 0.44715 : 0.044715;
  N inner = N(root) * (x + N(cubic) * x * x * x);
  if (m(gelu_slope_no_three))
    inner = with_gradient_of(inner, N(root) * (x + N(cubic) * frozen(x * x) * x));
  N t = tanh(inner);
  if (m(gelu_slope_short)) t = frozen(t);
  return N(m(gelu_no_half) ? 1.0 : 0.5) * x * (N(1.0) + t);
}

template <class N>
Grid<N> sum_of(const Grid<N>& a, const Grid<N>& b) {
  Grid<N> y(a.rows, a.cols);
  for (std::size_t i = 0; i < y.numbers.size(); ++i) y.numbers[i] = a.numbers[i] + b.numbers[i];
  return y;
}
template <class N>
Grid<N> frozen_grid(Grid<N> a) {
  for (N& v : a.numbers) v = frozen(v);
  return a;
}

/// x₁ = x + attention(norm(x)), y = x₁ + feed-forward(norm(x₁)). p, 12 grids: norm_1 (gain, shift),
/// attention (4), norm_2 (2), then up.weight (C, 4C), up.bias, down.weight (4C, C), down.bias.
template <class N>
Grid<N> block(const Grid<N>& x, Grids<N> p, const Shape& s, const Mistakes& m = {}) {
  const auto think = [&](const Grid<N>& in) {
    Grid<N> hidden = linear(in, p[8], p[9]);
    for (N& v : hidden.numbers) v = gelu(v, m);
    return linear(hidden, p[10], p[11]);
  };
  const auto look = [&](const Grid<N>& in) { return attention(in, p.subspan(2, 4), s, m); };
  const auto norm_1 = [&](const Grid<N>& in) { return norm(in, p[0], p[1], s.rms); };
  const auto norm_2 = [&](const Grid<N>& in) { return norm(in, p[6], p[7], s.rms); };
  if (m(post_norm)) {
    const Grid<N> x1 = norm_1(sum_of(x, look(x)));
    return norm_2(sum_of(x1, think(x1)));
  }
  const Grid<N> straight = m(first_residual_constant) ? frozen_grid(x) : x;
  const Grid<N> looked = look(norm_1(x)),
                x1 = m(no_first_residual) ? looked : sum_of(straight, looked);
  if (s.parallel && !m(not_parallel))
    return sum_of(x1, think(norm_2(x)));  // y = x + look(norm(x)) + think(norm(x))
  const Grid<N> thought = think(norm_2(m(second_norm_of_x) ? x : x1));
  if (m(no_second_residual)) return thought;
  return sum_of(m(second_residual_constant) ? frozen_grid(x1)
                : m(second_residual_of_x)   ? x
                                            : x1,
                thought);
}

/// GPT-2 with the embedding as its head. p: token vectors (V, C), positions (context, C), 12 for
/// each block, the last norm (2). Returns logits (N, V).
template <class N>
Grid<N> gpt(const Tokens& tokens, Grids<N> p, const Shape& s, const Mistakes& m = {}) {
  const Grid<N>&wte = p[0], &wpe = p[1];
  const Index rows = std::ssize(tokens), C = wte.cols;
  Grid<N> x(rows, C);
  for (Index n = 0; n < rows; ++n)
    for (Index c = 0; c < C; ++c) {
      const N e = wte(tokens[static_cast<std::size_t>(n)], c);
      x(n, c) = m(embedding_constant) ? frozen(e) : e;
      if (!m(no_positions)) {
        const Index t = m(positions_run_on) ? n : n % s.T + (m(positions_one_late) ? 1 : 0);
        x(n, c) += wpe(std::min(t, wpe.rows - 1), c);
      }
    }
  for (std::size_t i = 2; i + 2 < p.size(); i += 12) x = block(x, p.subspan(i, 12), s, m);
  if (!m(no_final_norm)) x = norm(x, p[p.size() - 2], p[p.size() - 1], false);
  Grid<N> logits(rows, wte.rows);
  for (Index n = 0; n < rows; ++n)
    for (Index v = 0; v < wte.rows; ++v) {
      N sum(0.0);
      for (Index c = 0; c < C; ++c)
        sum += x(n, c) * (m(head_constant) ? frozen(wte(v, c)) : wte(v, c));
      logits(n, v) = sum;
    }
  return logits;
}

template <class N>
std::vector<Grid<N>> grids(const Matrices& matrices) {
  std::vector<Grid<N>> result;
  for (const Matrix& matrix : matrices) {
    Grid<N>& g = result.emplace_back(matrix.rows(), matrix.cols());
    for (Index i = 0; i < matrix.size(); ++i) {
      double v = matrix.data()[i];
      if constexpr (std::is_same_v<N, Number>) g.numbers[static_cast<std::size_t>(i)] = variable(v);
      else g.numbers[static_cast<std::size_t>(i)] = v;
    }
  }
  return result;
}
inline Matrix matrix(const Grid<double>& g) {
  return Eigen::Map<const Matrix>(g.numbers.data(), g.rows, g.cols);
}

/// A forward pass, `f(Grids<N>, Mistakes)` → Grid<N>, of all of `in`.
template <class F>
Matrix result(const F& f, const Matrices& in, const Mistakes& m = {}) {
  return matrix(f(Grids<double>(grids<double>(in)), m));
}

/// The gradients of Σ dy ⊙ f(in) as they come out with these mistakes made on the way.
template <class F>
Matrices gradients(const F& f, const Matrices& in, const Matrix& dy, const Mistakes& m) {
  tape.clear();
  const auto variables = grids<Number>(in);
  const Grid<Number> y = f(Grids<Number>(variables), m);
  Number sum;
  for (Index i = 0; i < dy.size(); ++i)
    sum += y.numbers[static_cast<std::size_t>(i)] * Number(dy.data()[i]);
  const std::vector<double> d = slopes(sum);
  Matrices all;
  for (std::size_t k = 0; k < in.size(); ++k) {
    all.emplace_back(in[k].rows(), in[k].cols());
    for (Index i = 0; i < in[k].size(); ++i)
      all[k].data()[i] =
          d[static_cast<std::size_t>(variables[k].numbers[static_cast<std::size_t>(i)].step)];
  }
  return all;
}

/// The right gradients: central differences of the forward pass alone.
template <class F>
Matrices differences(const F& f, const Matrices& in, const Matrix& dy) {
  std::vector<Grid<double>> moved = grids<double>(in);
  const auto sum = [&] { return matrix(f(Grids<double>(moved), {})).cwiseProduct(dy).sum(); };
  Matrices all;
  for (std::size_t k = 0; k < in.size(); ++k) {
    all.emplace_back(in[k].rows(), in[k].cols());
    for (Index i = 0; i < in[k].size(); ++i) {
      double& v = moved[k].numbers[static_cast<std::size_t>(i)];
      const double kept = v, step = 1e-5;
      v = kept + step;
      const double above = sum();
      v = kept - step;
      all[k].data()[i] = (above - sum()) / (2 * step);
      v = kept;
    }
  }
  return all;
}

}  // namespace grader
