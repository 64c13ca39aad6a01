#pragma once

// What the models of lesson 05 read, and what they do with it.

#include <algorithm>
#include <array>

#include "damla/damla.hpp"
#include "damla/models/word_vectors.hpp"
#include "damla/train/metrics.hpp"
#include "worlds/agreement.hpp"
#include "worlds/senses.hpp"

namespace damla {

/// Sentences whose last word agrees with two others. In one of five a word is covered, so that the
/// model knows what that is.
struct Sentences {
  using Part = std::string worlds::AgreementSentence::*;
  static constexpr const char* cover = "<örtü>";
  WordTokenizer words;

  explicit Sentences(Random& random) : words(vocabulary(random)) {}

  /// A batch of sentences side by side; every word but the first is a label, and the text gives
  /// them all.
  TokenBatch draw(Index count, Random& random) const {
    using worlds::AgreementSentence;
    static constexpr std::array<Part, 3> parts{&AgreementSentence::subject,
                                               &AgreementSentence::place, &AgreementSentence::time};
    std::vector<TuningExample> batch;
    for (Index i = 0; i < count; ++i) {
      AgreementSentence sentence = worlds::agreement_sentence(random);
      if (random.chance(0.2)) sentence.*random.pick(parts) = cover;
      batch.push_back(TuningExample::of({}, words.encode(sentence.text())));
    }
    return TokenBatch::of(batch);
  }

 private:
  static WordTokenizer vocabulary(Random& random) {
    std::string all;
    for (int i = 0; i < 4000; ++i) all += worlds::agreement_sentence(random).text() + " ";
    return WordTokenizer::from_text(all, {.casing = Casing::keep, .special_tokens = {cover}});
  }
};

/// The mean over the heads of where each word of one text looks: (heads·T, T) → (T, T).
inline Matrix mean_of_heads(const Matrix& weights) {
  const Index T = weights.cols(), heads = weights.rows() / T;
  Matrix mean = Matrix::Zero(T, T);
  for (Index h = 0; h < heads; ++h)
    mean += weights.middleRows(h * T, T) / static_cast<Scalar>(heads);
  return mean;
}

/// How a model read 1,000 sentences.
struct Reading {
  double right = 0;    // per cent of the verbs
  double subject = 0;  // the heads' mean weight on it, when the verb is next
  double place = 0, time = 0;
  double ahead = 0;  // the largest weight of a word on a later one
};

/// With one part covered, or none.
inline Reading read(Gpt<>& model, const Sentences& sentences, Sentences::Part covered,
                    Random random) {
  constexpr int n = 1000;
  Reading reading;
  for (int i = 0; i < n; ++i) {
    worlds::AgreementSentence sentence = worlds::agreement_sentence(random);
    if (covered) sentence.*covered = Sentences::cover;
    const Tokens tokens = sentences.words.encode(sentence.text());
    // The model reads up to the time. The verb and the full stop are left.
    const Index T = std::ssize(tokens) - 2;
    const Token verb = tokens[static_cast<std::size_t>(T)];
    const Matrix& logits = model.forward(TokenSpan(tokens).first(static_cast<std::size_t>(T)), T);
    reading.right += candidates(logits.bottomRows(1))[0].token == verb ? 100.0 / n : 0;

    const Eigen::MatrixXd weights =
        mean_of_heads(model.transformer.blocks[0].attention.weights).cast<double>();
    reading.subject += weights(T - 1, 0) / n;
    reading.place += weights(T - 1, T - 2) / n;
    reading.time += weights(T - 1, T - 1) / n;
    for (Index t = 0; t + 1 < T; ++t)
      reading.ahead = std::max(reading.ahead, weights.row(t).tail(T - t - 1).maxCoeff());
  }
  return reading;
}

/// The mean vector of each sense of "yüz": (3, C), from vectors (N, C) of words of known sense.
inline Matrix mean_of_senses(const Matrix& vectors,
                             const std::vector<worlds::SenseSentence>& sentences) {
  Matrix mean = Matrix::Zero(3, vectors.cols());
  Matrix count = Matrix::Zero(3, 1);
  for (Index n = 0; n < vectors.rows(); ++n) {
    const Index sense = sentences[static_cast<std::size_t>(n)].sense;
    mean.row(sense) += vectors.row(n);
    count(sense, 0) += 1;
  }
  return mean.array().colwise() / count.col(0).array();
}

/// The cosine of each vector (N, C) and each mean (3, C): (N, 3).
inline Matrix nearness(const Matrix& vectors, const Matrix& means) {
  const Matrix a = vectors.rowwise().normalized(), b = means.rowwise().normalized();
  Matrix near;
  matmul(near, a, b.transpose());
  return near;
}

/// Per cent of the vectors that are nearest to the mean of their own sense.
inline double right_senses(const Matrix& vectors, const Matrix& means,
                           const std::vector<worlds::SenseSentence>& sentences) {
  Tokens senses;
  for (const worlds::SenseSentence& s : sentences) senses.push_back(static_cast<Token>(s.sense));
  return 100 * accuracy(predicted_classes(nearness(vectors, means)), senses);
}

}  // namespace damla
