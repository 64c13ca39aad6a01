#pragma once

#include <bit>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "damla/core/scalar.hpp"

namespace damla { inline namespace DAMLA_ABI { namespace detail {

/// A hash table of the numbers 0, 1, 2, … of things that are kept elsewhere: a quarter of it is
/// taken at most, the rest is -1. Two steps to a thing, and neither goes through a list of nodes.
using HashTable = std::vector<std::int32_t>;

/// The number of the thing with this hash that `is_it` recognises, or -1.
std::int32_t find_number(const HashTable& table, std::size_t hash, auto is_it) {
  if (table.empty()) return -1;
  for (std::size_t i = hash;; ++i) {
    const std::int32_t number = table[i & (table.size() - 1)];
    if (number < 0 || is_it(number)) return number;
  }
}

/// Enters the next number; `hash_of` gives the hash of each so far.
void add_number(HashTable& table, std::int32_t number, auto hash_of) {
  const auto enter = [&](std::int32_t n) {
    std::size_t i = hash_of(n);
    while (table[i & (table.size() - 1)] >= 0) ++i;
    table[i & (table.size() - 1)] = n;
  };
  const auto count = static_cast<std::size_t>(number) + 1;
  if (4 * count <= table.size()) return enter(number);
  table.assign(std::bit_ceil(8 * count), -1);
  for (std::int32_t n = 0; n <= number; ++n) enter(n);
}

inline std::size_t hash_of(std::string_view word) { return std::hash<std::string_view>()(word); }

/// Different words, in the order in which they came, and how often each did.
struct Counts {
  std::vector<std::pair<std::string, Index>> words;
  HashTable table;

  /// Returns how often it has come now.
  Index add(std::string_view word) {
    const auto at = [&](std::int32_t n) -> auto& { return words[static_cast<std::size_t>(n)]; };
    std::int32_t found =
        find_number(table, hash_of(word), [&](std::int32_t n) { return at(n).first == word; });
    if (found < 0) {
      found = static_cast<std::int32_t>(words.size());
      words.emplace_back(word, 0);
      add_number(table, found, [&](std::int32_t n) { return hash_of(at(n).first); });
    }
    return ++at(found).second;
  }
};

}}}  // namespace damla::DAMLA_ABI::detail
