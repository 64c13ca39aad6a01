#pragma once

#include <string>

#include "damla/text/tokenizer.hpp"
#include "damla/text/unicode.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// Text that arrives token by token, for a terminal: only whole letters, since a byte pair may end
/// inside one. Joined, the parts are decode(tokens), repaired.
///
///     TextStream stream(tokenizer);
///     options.on_token = [&](Token t) { fmt::print("{}", stream.add(t)); return true; };
///     …
///     fmt::print("{}", stream.rest());
template <Tokenizer T>
class TextStream {
 public:
  explicit TextStream(const T& tokenizer) : tokenizer_(tokenizer) {}

  /// Tokens that are shown already: what comes next is written as it is behind them.
  void begin_behind(TokenSpan tokens) {
    if (!tokens.empty()) last_ = {tokens.back()};
  }
  /// What can be shown now that one more token is here.
  std::string add(Token token) {
    // Whether a space stands between two words depends on those two alone.
    const std::size_t before = tokenizer_.decode(last_).size();
    last_.push_back(token);
    waiting_ += tokenizer_.decode(last_).substr(before);
    last_ = {token};
    const std::size_t whole = complete_utf8_prefix(waiting_);
    std::string text = repair_utf8(std::string_view(waiting_).substr(0, whole));
    waiting_.erase(0, whole);
    return text;
  }
  /// What is left at the end: a letter that was never completed is shown as �.
  std::string rest() {
    std::string text = repair_utf8(waiting_);
    waiting_.clear();
    return text;
  }

 private:
  const T& tokenizer_;
  Tokens last_;
  std::string waiting_;
};

}}  // namespace damla::DAMLA_ABI
