#pragma once

#include <algorithm>
#include <numeric>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "text/hash_table.hpp"

namespace damla { inline namespace DAMLA_ABI { namespace detail {

/// Counts the different words of a text of any length. As soon as they have twice `bytes` bytes,
/// the rarest are forgotten until they have `bytes`: a word that stays was counted as often, at
/// least, as each that was forgotten.
class FrequentWords {
 public:
  explicit FrequentWords(std::size_t bytes) : bytes_(bytes) {}

  void add(std::string_view word) {
    text_ += word.size();
    if (counts_.add(word) == 1) held_ += word.size();
    if (held_ > 2 * bytes_) forget();
  }

  /// The words, in the order in which they came, and how often each did; `bytes` in all at most.
  std::vector<std::pair<std::string, Index>> take() {
    if (held_ > bytes_) forget();
    return std::move(counts_.words);
  }

  /// The share of the text that words had which were forgotten.
  double forgotten() const {
    return static_cast<double>(forgotten_) / std::max(1.0, static_cast<double>(text_));
  }

 private:
  void forget() {
    auto& words = counts_.words;
    std::vector<std::size_t> order(words.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return words[a].second > words[b].second;
    });
    held_ = 0;
    for (const std::size_t i : order) {
      auto& [word, count] = words[i];
      if (held_ + word.size() <= bytes_) held_ += word.size();
      else forgotten_ += word.size() * static_cast<std::size_t>(std::exchange(count, 0));
    }
    std::erase_if(words, [](const auto& word) { return word.second == 0; });
    counts_.table.clear();
    for (std::size_t n = 0; n < words.size(); ++n)
      add_number(counts_.table, static_cast<std::int32_t>(n),
                 [&](std::int32_t i) { return hash_of(words[static_cast<std::size_t>(i)].first); });
  }

  Counts counts_;
  std::size_t bytes_, held_ = 0;  // of the different words
  std::size_t text_ = 0, forgotten_ = 0;
};

}}}  // namespace damla::DAMLA_ABI::detail
