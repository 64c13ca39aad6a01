#include "worlds/markov_source.hpp"

#include <algorithm>
#include <cmath>

#include "damla/core/error.hpp"

namespace damla::worlds {

namespace {
std::size_t at(Index i) { return static_cast<std::size_t>(i); }

void expect_one(double sum, const std::string& what) {
  if (!(std::abs(sum - 1) < 1e-9))
    throw Error("MarkovSource::finish: " + what + " sum to " + std::to_string(sum) +
                ", but need 1");
}
}  // namespace

Token MarkovSource::word(const std::string& text) {
  const auto [found, added] = tokens_.try_emplace(text, static_cast<Token>(vocabulary.size()));
  if (added) vocabulary.push_back(text);
  return found->second;
}

Index MarkovSource::state() {
  states.emplace_back();
  return std::ssize(states) - 1;
}

Index MarkovSource::distribution(Words words) {
  std::sort(words.likely.begin(), words.likely.end());
  distributions.push_back(std::move(words));
  return std::ssize(distributions) - 1;
}

void MarkovSource::edge(Index from, double probability, const std::string& text, Index next) {
  edge(from, probability, distribution({{{word(text), 1.0}}, 0}), next);
}

void MarkovSource::finish(const std::vector<std::string>& open) {
  for (const std::string& text : open) {
    if (tokens_.contains(text))
      throw Error("MarkovSource::finish: the open word \"" + text +
                  "\" is in the vocabulary already");
    word(text);
  }
  open_words = std::ssize(open);
  for (const Words& words : distributions) {
    double sum = words.rest;
    for (const auto& [token, p] : words.likely) sum += p;
    expect_one(sum, "the probabilities of a distribution");
    require(words.rest == 0 || open_words > 0,
            "MarkovSource::finish: a distribution has a rest, but there are no open words");
  }
  for (const auto& edges : states) {
    double sum = 0;
    for (const Edge& e : edges) sum += e.probability;
    expect_one(sum, "the probabilities of a state's edges");
  }
  // The share of each state: push probability along the edges, half of it staying behind so that no
  // cycle keeps it turning.
  stationary.assign(states.size(), 1.0 / static_cast<double>(states.size()));
  for (int i = 0; i < 2000; ++i) {
    std::vector<double> later(states.size());
    for (std::size_t s = 0; s < states.size(); ++s) {
      later[s] += 0.5 * stationary[s];
      for (const Edge& e : states[s]) later[at(e.next)] += 0.5 * stationary[s] * e.probability;
    }
    stationary = later;
  }
}

double MarkovSource::chance(const Words& words, Token word) const {
  if (word >= vocab_size() - open_words) return words.rest / static_cast<double>(open_words);
  const auto found =
      std::lower_bound(words.likely.begin(), words.likely.end(), std::pair<Token, double>(word, 0));
  return found != words.likely.end() && found->first == word ? found->second : 0;
}

Tokens MarkovSource::draw(Index n, Random& random, std::vector<Index>* written_by) const {
  Tokens text;
  text.reserve(at(n));
  if (written_by) written_by->clear();
  Index state = random.categorical(stationary);
  std::vector<double> weights;
  while (std::ssize(text) < n) {
    weights.clear();
    for (const Edge& e : states[at(state)]) weights.push_back(e.probability);
    const Edge& e = states[at(state)][at(random.categorical(weights))];
    const Words& words = distributions[at(e.words)];
    weights.clear();
    for (const auto& [token, p] : words.likely) weights.push_back(p);
    weights.push_back(words.rest);
    const Index choice = weights.size() == 2 && words.rest == 0 ? 0 : random.categorical(weights);
    text.push_back(choice < std::ssize(words.likely)
                       ? words.likely[at(choice)].first
                       : static_cast<Token>(vocab_size() - open_words + random.below(open_words)));
    if (written_by) written_by->push_back(state);
    state = e.next;
  }
  return text;
}

MarkovSource::Belief MarkovSource::start() const {
  Belief belief;
  for (std::size_t s = 0; s < states.size(); ++s)
    if (stationary[s] > 1e-12) belief.emplace_back(static_cast<Index>(s), stationary[s]);
  return belief;
}

MarkovSource::Belief MarkovSource::after(const Belief& belief, Token word) const {
  std::map<Index, double> weight;
  double sum = 0;
  for (const auto& [state, p] : belief)
    for (const Edge& e : states[at(state)])
      if (const double w = p * e.probability * chance(distributions[at(e.words)], word); w > 0)
        weight[e.next] += w, sum += w;
  if (!(sum > 0))
    throw Error("MarkovSource::after: \"" +
                (word >= 0 && word < vocab_size() ? vocabulary[at(word)] : std::to_string(word)) +
                "\" cannot come next");
  Belief result(weight.begin(), weight.end());
  for (auto& [state, p] : result) p /= sum;
  return result;
}

double MarkovSource::probability(const Belief& belief, Token word) const {
  double sum = 0;
  for (const auto& [state, p] : belief)
    for (const Edge& e : states[at(state)])
      sum += p * e.probability * chance(distributions[at(e.words)], word);
  return sum;
}

std::vector<double> MarkovSource::next(const Belief& belief) const {
  std::vector<double> result(vocabulary.size());
  double rest = 0;
  for (const auto& [state, p] : belief)
    for (const Edge& e : states[at(state)]) {
      const Words& words = distributions[at(e.words)];
      for (const auto& [token, q] : words.likely) result[at(token)] += p * e.probability * q;
      rest += p * e.probability * words.rest;
    }
  for (std::size_t w = vocabulary.size() - at(open_words); w < vocabulary.size(); ++w)
    result[w] += rest / static_cast<double>(open_words);
  return result;
}

MarkovSource::Belief MarkovSource::read(TokenSpan words) const {
  Belief belief = start();
  for (const Token word : words) belief = after(belief, word);
  return belief;
}

Tokens MarkovSource::encode(std::string_view text) const {
  Tokens result;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t end = std::min(text.find(' ', i), text.size());
    if (end > i) {
      const auto found = tokens_.find(text.substr(i, end - i));
      if (found == tokens_.end())
        throw Error("MarkovSource::encode: \"" + std::string(text.substr(i, end - i)) +
                    "\" is not in the vocabulary");
      result.push_back(found->second);
    }
    i = end + 1;
  }
  return result;
}

std::string MarkovSource::text(TokenSpan words) const {
  std::string result;
  for (const Token word : words) result += (result.empty() ? "" : " ") + vocabulary.at(at(word));
  return result;
}

std::vector<double> source_losses(const MarkovSource& source, TokenSpan inputs, TokenSpan targets,
                                  Index T) {
  require(T > 0 && inputs.size() == targets.size() && std::ssize(inputs) % T == 0,
          "source_losses: expected as many targets as inputs, in windows of T");
  std::vector<double> losses;
  losses.reserve(inputs.size());
  const MarkovSource::Belief start = source.start();
  MarkovSource::Belief belief;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    belief = source.after(i % at(T) == 0 ? start : belief, inputs[i]);
    losses.push_back(-std::log(source.probability(belief, targets[i])));
  }
  return losses;
}

double kl_divergence(const std::vector<double>& truth, const std::vector<double>& model) {
  require(truth.size() == model.size(),
          "kl_divergence: the distributions are over different vocabularies");
  double sum = 0;
  for (std::size_t i = 0; i < truth.size(); ++i)
    if (truth[i] > 0) sum += truth[i] * std::log(truth[i] / model[i]);
  return sum;
}

}  // namespace damla::worlds
