#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "damla/nn/embedding.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// B words, each with one true neighbour and K random words that are no neighbours: what a
/// skip-gram learns from.
struct SkipGramBatch {
  Tokens centres;   // B
  Tokens contexts;  // B·(1+K): for each centre the true neighbour, then the K random words
};

/// Cuts a text into pairs of neighbours, and draws batches of them. The text labels itself: each
/// pair is a label.
struct SkipGramPairs {
  std::vector<std::pair<Token, Token>>
      pairs;                       ///< (word, a word at most `window` places before or behind it)
  std::vector<double> cumulative;  // V: running sum of the words' weights as random words

  /// Pairs never reach across sentences. Random words come in proportion to their count to the
  /// power ¾ (Mikolov et al., 2013b, section 2.2). Throws Error for a size under 1, tokens outside
  /// 0 … vocab_size-1, and where there are not two different words.
  SkipGramPairs(std::span<const Tokens> sentences, Index vocab_size, Index window) {
    expect_size("SkipGramPairs", "vocab_size", vocab_size);
    expect_size("SkipGramPairs", "window", window);
    cumulative.resize(static_cast<std::size_t>(vocab_size));
    for (const Tokens& sentence : sentences)
      for (Index i = 0; i < std::ssize(sentence); ++i) {
        const Token word = sentence[static_cast<std::size_t>(i)];
        if (word < 0 || word >= vocab_size)
          throw Error(
              fmt::format("SkipGramPairs: token {} is outside 0 … {} (was the text encoded with "
                          "this vocabulary?)",
                          word, vocab_size - 1));
        cumulative[static_cast<std::size_t>(word)] += 1;
        for (Index j = std::max<Index>(0, i - window);
             j <= std::min(i + window, std::ssize(sentence) - 1); ++j)
          if (j != i) pairs.emplace_back(word, sentence[static_cast<std::size_t>(j)]);
      }
    if (pairs.empty() || std::count_if(cumulative.begin(), cumulative.end(),
                                       [](double count) { return count > 0; }) < 2)
      throw Error(
          fmt::format("SkipGramPairs: {} sentences give {} pairs; sentences of at least two "
                      "different words and a "
                      "window of at least 1 are needed",
                      sentences.size(), pairs.size()));
    double sum = 0;
    for (double& weight : cumulative) weight = sum += std::pow(weight, 0.75);
  }

  /// B pairs, all equally likely, with K random words each (other words than the true neighbour).
  /// Throws Error when B or K is under 1.
  void draw(SkipGramBatch& batch, Index B, Index K, Random& random) const {
    expect_size("SkipGramPairs::draw", "B", B, "words in a batch");
    expect_size("SkipGramPairs::draw", "K", K, "random words for each");
    batch.centres.clear(), batch.contexts.clear();
    for (Index b = 0; b < B; ++b) {
      const auto [word, neighbour] = random.pick(pairs);
      batch.centres.push_back(word), batch.contexts.push_back(neighbour);
      for (Index k = 0; k < K;) {
        const auto place = std::upper_bound(cumulative.begin(), cumulative.end(),
                                            random.uniform() * cumulative.back());
        const Token other = static_cast<Token>(place - cumulative.begin());
        if (other != neighbour) batch.contexts.push_back(other), ++k;
      }
    }
  }
};

/// Word vectors by skip-gram with negative sampling: a word's vector is to score its true
/// neighbours high and random words low, loss = (1/B) Σ_b [ −ln σ(s(b,0)) − Σ_{k≥1} ln σ(−s(b,k))
/// ],  s(b,k) = v(centre_b) · u(context_bk) (Mikolov et al., "Distributed Representations of Words
/// and Phrases and their Compositionality", 2013, eq. 4).
struct SkipGram {
  Embedding words;     // (V, C): v, the vectors that one keeps
  Embedding contexts;  // (V, C): u, the words in their other part: as somebody's neighbour
  Matrix scores;       // (B, 1+K)
  Matrix dscores;      // (B, 1+K)
  Matrix dv;           // (B, C)
  Matrix du;           // (B·(1+K), C)
  double loss = 0;     // nats for each pair

  SkipGram(Index vocab_size, Index channels, Random& random)
      : words(vocab_size, channels, random, 0.1), contexts(vocab_size, channels, random, 0.1) {}

  /// Returns the loss. Throws Error unless there is the same number of contexts, at least one, for
  /// each centre.
  double forward(const SkipGramBatch& batch) {
    const Index B = std::ssize(batch.centres), n = B > 0 ? std::ssize(batch.contexts) / B : 0;
    if (n < 1 || std::ssize(batch.contexts) != B * n)
      throw Error(fmt::format(
          "SkipGram::forward: {} contexts for {} centres; each needs as many as the others",
          batch.contexts.size(), B));
    const Matrix& v = words.forward(batch.centres);
    const Matrix& u = contexts.forward(batch.contexts);
    scores.resize(B, n), dscores.resize(B, n);
    loss = 0;
    for (Index b = 0; b < B; ++b)
      for (Index k = 0; k < n; ++k) {
        const Scalar s = scores(b, k) = v.row(b).cwiseProduct(u.row(b * n + k)).sum();  // s = v·u
        const Scalar wrong = k == 0 ? -s : s;  // high is wrong for a random word
        loss += static_cast<double>(std::max(wrong, Scalar(0)) +
                                    std::log1p(std::exp(-std::abs(wrong))));  // −ln σ(−wrong)
        dscores(b, k) =
            (1 / (1 + std::exp(-s)) - (k == 0 ? 1 : 0)) / static_cast<Scalar>(B);  // σ(s) − target
      }
    return loss /= static_cast<double>(B);
  }

  /// Adds to the gradients of both tables. The batch is what the latest forward took.
  void backward(const SkipGramBatch& batch) {
    const Index B = scores.rows(), n = scores.cols();
    expect_count("SkipGram::backward", "the number of centres", std::ssize(batch.centres), B, B,
                 "as at the latest forward");
    expect_count("SkipGram::backward", "the number of contexts", std::ssize(batch.contexts), B * n,
                 B * n, "as at the latest forward");
    dv.setZero(B, words.y.cols()), du.resize(B * n, words.y.cols());
    for (Index b = 0; b < B; ++b)
      for (Index k = 0; k < n; ++k) {
        dv.row(b) += dscores(b, k) * contexts.y.row(b * n + k);  // s = v·u  →  dv += ds·u
        du.row(b * n + k) = dscores(b, k) * words.y.row(b);      //          →  du  = ds·v
      }
    words.backward(batch.centres, dv);
    contexts.backward(batch.contexts, du);
  }

  void visit_parameters(auto&& visit) {
    visit_part("words", words, visit), visit_part("contexts", contexts, visit);
  }
};

}}  // namespace damla::DAMLA_ABI
