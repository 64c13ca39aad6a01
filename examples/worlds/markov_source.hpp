#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "damla/core/random.hpp"

namespace damla::worlds {

/// A source of text whose every probability is known (a Markov source: Shannon, 1948, part I):
/// states, and from each of them edges that are taken with a known probability, write one word and
/// lead to the next state. A reader sees the words and not the states; what the words tell about
/// the state is its belief, and with it comes the exact probability of each next word: the best
/// that any model can do with the same words in sight.
struct MarkovSource {
  /// What an edge may write: some words, each with its own probability, and the rest shared evenly
  /// by all open words.
  struct Words {
    std::vector<std::pair<Token, double>> likely;
    double rest = 0;
  };
  struct Edge {
    double probability;
    Index words;  ///< in `distributions`
    Index next;   ///< state
  };
  using Belief =
      std::vector<std::pair<Index, double>>;  ///< states and their probabilities, which sum to 1

  std::vector<std::string> vocabulary;
  Index open_words = 0;  ///< the last so many of the vocabulary
  std::vector<Words> distributions;
  std::vector<std::vector<Edge>> states;
  std::vector<double>
      stationary;  ///< how often each state is visited in a long text; set by `finish`

  /// Building: the token of a word, which is added when it is new; a new state; an edge.
  Token word(const std::string& text);
  Index state();
  Index distribution(Words words);
  void edge(Index from, double probability, const std::string& text, Index next);
  void edge(Index from, double probability, Index words, Index next) {
    states[static_cast<std::size_t>(from)].push_back({probability, words, next});
  }
  /// To be called when it is built: fills the vocabulary up with open words, and checks it. Throws
  /// Error where the probabilities of a state or distribution do not sum to 1, or an open word is
  /// there already.
  void finish(const std::vector<std::string>& open);

  /// n words of text, from a random place of an endless one; with `written_by`, also the state that
  /// wrote each of them.
  Tokens draw(Index n, Random& random, std::vector<Index>* written_by = nullptr) const;
  /// What is known before anything is read: how often each state is visited.
  Belief start() const;
  /// The belief after one more word. Throws Error for a word that cannot come there.
  Belief after(const Belief& belief, Token word) const;
  /// P(word comes next).
  double probability(const Belief& belief, Token word) const;
  /// P(each word of the vocabulary comes next); sums to 1.
  std::vector<double> next(const Belief& belief) const;
  /// The belief after these words, read from nowhere in particular.
  Belief read(TokenSpan words) const;

  Tokens encode(std::string_view text)
      const;  ///< words between spaces; throws Error for one that is not in the vocabulary
  std::string text(TokenSpan words) const;  ///< with spaces between them
  Index vocab_size() const { return std::ssize(vocabulary); }

 private:
  double chance(const Words& words, Token word) const;
  std::map<std::string, Token, std::less<>> tokens_;
};

/// −ln P(target) by the source itself for windows of T inputs and T targets (see TokenBatch),
/// knowing no more than the window shows: B·T losses in nats, the floor under any model's.
std::vector<double> source_losses(const MarkovSource& source, TokenSpan inputs, TokenSpan targets,
                                  Index T);

/// KL(truth ‖ model) = Σ truth · ln(truth / model) in nats: 0 when they agree, and never below.
/// Both sum to 1.
double kl_divergence(const std::vector<double>& truth, const std::vector<double>& model);

}  // namespace damla::worlds
