#pragma once

#include <string>

#include "damla/core/error.hpp"
#include "damla/core/scalar.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// A text to be measured on, in windows of T tokens one behind the other; each token's target is
/// the next one. What is left over at the end is not used.
struct TextWindows {
  Index T;
  TokenSpan tokens, targets;  // (count·T) each

  /// Throws Error when the text is too short for one window.
  TextWindows(TokenSpan text, Index window) : T(window) {
    expect_count("TextWindows", "window", T, 1);
    if (std::ssize(text) <= T)
      throw Error("TextWindows: the text has " + std::to_string(text.size()) +
                  " tokens, but a window of " + std::to_string(T) + " and its targets need more");
    const auto n = static_cast<std::size_t>((std::ssize(text) - 1) / T * T);
    tokens = text.first(n), targets = text.subspan(1, n);
  }
  /// The windows are views: keep the text itself in a variable.
  TextWindows(Tokens&&, Index) = delete;
  Index count() const { return std::ssize(tokens) / T; }
};

/// A text cut in two: the first share to train on, the rest held out.
struct TextSplit {
  TokenSpan train, held_out;
};
inline TextSplit split_text(TokenSpan text, double train_share = 0.9) {
  expect_number("split_text", "train_share", train_share, a_share, "such as 0.9");
  const auto n = static_cast<std::size_t>(static_cast<double>(text.size()) * train_share);
  return {text.first(n), text.subspan(n)};
}
/// The halves are views: keep the text itself in a variable, `const Tokens text =
/// tokenizer.encode(…)`.
TextSplit split_text(Tokens&&, double = 0.9) = delete;

}}  // namespace damla::DAMLA_ABI
