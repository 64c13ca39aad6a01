#include "damla/generate/sampling.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "damla/core/error.hpp"

namespace damla { inline namespace DAMLA_ABI {

std::vector<Candidate> candidates(const ConstMatrixRef& logits, const SamplingOptions& o,
                                  TokenSpan before) {
  expect_shape("candidates", "logits", logits, 1, any, "one row: that of the last token");
  require(o.temperature >= 0 && std::isfinite(o.temperature),
          "candidates: temperature needs to be 0 (greedy) or more");
  require(o.top_k >= 0, "candidates: top_k needs to be 0 (all) or more");
  require(o.top_p > 0 && o.top_p <= 1, "candidates: top_p needs to be in (0, 1]");
  require(o.repetition_penalty > 0,
          "candidates: repetition_penalty needs to be positive (1 changes nothing)");
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
  std::partial_sort(list.begin(), list.begin() + keep, list.end(), likelier);
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
  double left = random.uniform();
  for (const Candidate& c : from)
    if ((left -= c.probability) < 0) return c.token;
  return from.back().token;  // only rounding gets here
}

}}  // namespace damla::DAMLA_ABI
