#pragma once

#include <string>
#include <vector>

#include "damla/models/skip_gram.hpp"
#include "damla/models/word_vectors.hpp"
#include "damla/optim/adamw.hpp"
#include "damla/text/word_tokenizer.hpp"
#include "worlds/contexts.hpp"

namespace damla::playground {

struct NearWord {
  std::string word;
  double cosine = 0;

  void visit_fields(auto&& visit) const { visit("word", word), visit("cosine", cosine); }
};

struct WordPlace {
  std::string word;
  double x = 0, y = 0;

  void visit_fields(auto&& visit) const { visit("word", word), visit("x", x), visit("y", y); }
};

/// Word vectors that learn from company, as in lesson 03. The same seed gives the lesson's
/// sentences, vectors and batches.
class Vectors {
 public:
  explicit Vectors(std::int32_t seed)
      : random_(static_cast<std::uint64_t>(seed)),
        learn_(source_.draw(4000, random_)),
        fresh_(source_.draw(1000, random_)),  // unread here, but the lesson draws it next
        words_(WordTokenizer::from_text(worlds::text_of(learn_), {.special_tokens = {"<başla>"}})),
        pairs_(encoded(), words_.vocab_size(), 5),
        model_(words_.vocab_size(), 16, random_) {}

  /// n steps. Returns their mean loss, in nats a pair.
  double step(std::int32_t n) {
    double sum = 0;
    for (std::int32_t i = 0; i < n; ++i) {
      zero_gradients(model_);
      pairs_.draw(batch_, 512, 5, random_);
      sum += model_.forward(batch_);
      model_.backward(batch_);
      optimizer_.step(model_);
    }
    return sum / n;
  }

  /// All that it knows, the most frequent first.
  std::vector<std::string> words() const {
    std::vector<std::string> all;
    for (Token t = 2; t < words_.vocab_size(); ++t) all.push_back(words_.piece(t));  // not <…>
    return all;
  }
  /// Throws Error for a word that it does not know.
  std::vector<NearWord> neighbours(const std::string& word, std::int32_t k) const {
    std::vector<NearWord> near;
    for (const Neighbour& n : nearest(model_.words.weight.value, words_.token(word), k))
      near.push_back({words_.piece(n.word), n.cosine});
    return near;
  }
  /// Four words of each group, along the two directions in which they differ most.
  std::vector<WordPlace> plane() const {
    std::vector<WordPlace> places;
    Tokens shown;
    const auto add = [&](const worlds::WordGroup& group) {
      for (std::size_t i = 0; i < 4; ++i)
        places.push_back({group.words[i]}), shown.push_back(words_.token(group.words[i]));
    };
    for (const worlds::WordGroup& group : source_.things) add(group);
    for (const worlds::WordGroup& group : source_.feelings) add(group);
    const Matrix xy = principal_components(vectors_of(model_.words.weight.value, shown), 2);
    for (std::size_t i = 0; i < places.size(); ++i) {
      places[i].x = static_cast<double>(xy(static_cast<Index>(i), 0));
      places[i].y = static_cast<double>(xy(static_cast<Index>(i), 1));
    }
    return places;
  }
  double parameters() { return static_cast<double>(parameter_count(model_)); }

 private:
  std::vector<Tokens> encoded() const {
    std::vector<Tokens> sentences;
    for (const LabelledText& t : learn_) sentences.push_back(words_.encode(t.text));
    return sentences;
  }

  Random random_;
  worlds::ContextSource source_;
  std::vector<LabelledText> learn_, fresh_;
  WordTokenizer words_;
  SkipGramPairs pairs_;
  SkipGram model_;
  SkipGramBatch batch_;
  AdamW optimizer_{.learning_rate = Scalar(0.01)};
};

}  // namespace damla::playground
