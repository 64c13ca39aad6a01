#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "damla/core/error.hpp"
#include "damla/core/scalar.hpp"

namespace damla { inline namespace DAMLA_ABI { namespace detail {

/// Special tokens and their numbers; in order, so that thousands are searched in a few steps.
using SpecialTokens = std::map<std::string, Token, std::less<>>;

/// These, numbered from `first` on.
inline SpecialTokens special_tokens(const std::vector<std::string>& texts, Token first) {
  SpecialTokens special;
  for (const std::string& text : texts) special.emplace(text, first++);
  return special;
}

/// The longest special token that the text begins with, or end().
inline SpecialTokens::const_iterator longest_at_front(const SpecialTokens& special,
                                                      std::string_view text) {
  // The token sought stands before the text in the order, or before what both have in common.
  for (auto found = special.upper_bound(text); found != special.begin();) {
    const std::string_view token = (--found)->first;
    const auto same =
        std::mismatch(token.begin(), token.end(), text.begin(), text.end()).first - token.begin();
    if (same == std::ssize(token)) return found;
    found = special.upper_bound(text = text.substr(0, static_cast<std::size_t>(same)));
  }
  return special.end();
}

/// Calls plain(text between special tokens) and special(token) in the order of the text. Within
/// `words`, a part of the text, none is looked for.
void split_at_special(std::string_view text, const SpecialTokens& tokens, auto plain, auto special,
                      std::string_view words = {}) {
  if (tokens.empty() && !text.empty()) return plain(text);
  bool starts[256] = {};  // bytes that a special token begins with
  for (auto token = tokens.begin(); token != tokens.end();) {
    require(!token->first.empty(), "special tokens: one of them is empty");
    const auto byte = static_cast<unsigned char>(token->first[0]);
    starts[byte] = true;
    token = byte == 255 ? tokens.end()
                        : tokens.lower_bound(std::string(1, static_cast<char>(byte + 1)));
  }
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size();) {
    const auto found = starts[static_cast<unsigned char>(text[i])]
                           ? longest_at_front(tokens, text.substr(i))
                           : tokens.end();
    const char* here = text.data() + i;
    if (found == tokens.end() ||
        (here < words.data() + words.size() && here + found->first.size() > words.data())) {
      ++i;
      continue;
    }
    if (i > begin) plain(text.substr(begin, i - begin));
    special(found->second);
    begin = i += found->first.size();
  }
  if (begin < text.size()) plain(text.substr(begin));
}

}}}  // namespace damla::DAMLA_ABI::detail
