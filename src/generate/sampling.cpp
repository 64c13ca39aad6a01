#include "damla/generate/sampling.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "damla/core/error.hpp"

namespace damla { inline namespace DAMLA_ABI {

std::vector<Candidate> candidates(const ConstMatrixRef& logits, const SamplingOptions& o,
                                  TokenSpan before) {
  expect_shape("candidates", "logits", logits, 1, any, "one row: that of the last token");
  expect_count("candidates", "the number of logits", logits.cols(), 1);
  expect_number("candidates", "temperature", o.temperature, not_negative, "0: greedy");
  expect_count("candidates", "top_k", o.top_k, 0, std::numeric_limits<Index>::max(), "0: all");
  expect_number("candidates", "top_p", o.top_p, {.high = 1, .with_low = false}, "1: all");
  expect_number("candidates", "repetition_penalty", o.repetition_penalty, positive,
                "1 changes nothing");
  std::vector<Candidate> list(static_cast<std::size_t>(logits.cols()));
  for (std::size_t i = 0; i < list.size(); ++i) {
    list[i] = {static_cast<Token>(i), static_cast<double>(logits(0, static_cast<Index>(i)))};
    if (!std::isfinite(list[i].probability))
      throw Error(fmt::format(
          "candidates: the logit of token {} is not finite (did training diverge?)", i));
  }
  if (o.repetition_penalty != 1) {
    std::vector<bool> done(list.size(), false);
    for (const Token t : before) {
      const auto i = static_cast<std::size_t>(t);
      if (i >= list.size() || done[i]) continue;
      done[i] = true;
      list[i].probability *=
          list[i].probability > 0 ? 1 / o.repetition_penalty : o.repetition_penalty;
    }
  }
  const auto likelier = [](const Candidate& a, const Candidate& b) {
    return a.probability != b.probability ? a.probability > b.probability : a.token < b.token;
  };
  if (o.temperature == 0)
    return {{std::min_element(list.begin(), list.end(), likelier)->token, 1.0}};
  const Index all = std::ssize(list), keep = o.top_k == 0 ? all : std::min<Index>(all, o.top_k);
  if (keep < all) std::partial_sort(list.begin(), list.begin() + keep, list.end(), likelier);
  else std::sort(list.begin(), list.end(), likelier);  // half the time
  list.resize(static_cast<std::size_t>(keep));

  const double top = list.front().probability;
  double sum = 0;
  for (Candidate& c : list) sum += c.probability = std::exp((c.probability - top) / o.temperature);
  double reached = 0;
  std::size_t used = 0;
  while (used < list.size() && (used == 0 || reached < o.top_p * sum))
    reached += list[used++].probability;
  list.resize(used);
  for (Candidate& c : list) c.probability /= reached;
  return list;
}

Token sample(const std::vector<Candidate>& from, Random& random) {
  require(!from.empty(), "sample: there are no candidates");
  double sum = 0;
  for (const Candidate& c : from) {
    expect_number("sample", "a candidate's probability", c.probability, not_negative);
    sum += c.probability;
  }
  expect_number("sample", "the sum of the candidates' probabilities", sum, positive);
  double left = random.uniform() * sum;
  Token last = 0;
  for (const Candidate& c : from) {
    if (c.probability > 0) last = c.token;
    if ((left -= c.probability) < 0) break;
  }
  return last;  // where rounding leaves something over, the last that is possible
}

}}  // namespace damla::DAMLA_ABI
