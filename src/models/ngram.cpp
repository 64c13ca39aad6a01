#include "damla/models/ngram.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace damla { inline namespace DAMLA_ABI {

namespace {
std::size_t at(Index token) { return static_cast<std::size_t>(token); }

Index checked(Index vocab_size) {
  expect_size("WordCounts", "vocab_size", vocab_size);
  return vocab_size;
}
void expect_word(const char* call, Token token, std::size_t words) {
  expect_count(call, "the token", token, 0, static_cast<Index>(words) - 1);
}
}  // namespace

WordCounts::WordCounts(TokenSpan text, Index vocab_size)
    : total_(std::ssize(text)),
      count_(at(checked(vocab_size))),
      pairs_(count_.size()),
      followed_(count_.size()) {
  require(!text.empty(), "WordCounts: the text has no tokens, so there is nothing to count");
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] < 0 || text[i] >= vocab_size)
      throw Error("WordCounts: token " + std::to_string(i) + " is " + std::to_string(text[i]) +
                  ", but the vocabulary is 0 … " + std::to_string(vocab_size - 1));
    ++count_[at(text[i])];
    if (i > 0) pairs_[at(text[i - 1])].push_back({text[i], 1});
  }
  for (std::size_t a = 0; a < pairs_.size(); ++a) {
    std::vector<Pair>& pairs = pairs_[a];
    followed_[a] = std::ssize(pairs);
    std::sort(pairs.begin(), pairs.end(),
              [](const Pair& l, const Pair& r) { return l.next < r.next; });
    std::size_t kept = 0;  // equal pairs become one
    for (std::size_t i = 0; i < pairs.size(); ++i)
      if (kept > 0 && pairs[kept - 1].next == pairs[i].next) ++pairs[kept - 1].count;
      else pairs[kept++] = pairs[i];
    pairs.resize(kept);
    pairs.shrink_to_fit();
  }
}

double WordCounts::unigram(Token b) const {
  expect_word("WordCounts::unigram", b, count_.size());
  return static_cast<double>(count_[at(b)] + 1) / static_cast<double>(total_ + std::ssize(count_));
}

double WordCounts::bigram(Token a, Token b) const {
  expect_word("WordCounts::bigram", a, pairs_.size());
  expect_word("WordCounts::bigram", b, pairs_.size());
  const std::vector<Pair>& pairs = pairs_[at(a)];
  if (pairs.empty()) return unigram(b);
  const auto found = std::lower_bound(pairs.begin(), pairs.end(), b,
                                      [](const Pair& p, Token token) { return p.next < token; });
  const double count =
      found != pairs.end() && found->next == b ? static_cast<double>(found->count) : 0;
  const double different = static_cast<double>(pairs.size());
  return (count + different * unigram(b)) / (static_cast<double>(followed_[at(a)]) + different);
}

double WordCounts::bigram_loss(TokenSpan tokens, TokenSpan targets) const {
  require(!tokens.empty() && tokens.size() == targets.size(),
          "WordCounts::bigram_loss: there need to be as many targets as tokens, and at least one");
  double sum = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) sum -= std::log(bigram(tokens[i], targets[i]));
  return sum / static_cast<double>(tokens.size());
}

}}  // namespace damla::DAMLA_ABI
