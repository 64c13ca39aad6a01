#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "damla/core/files.hpp"
#include "damla/core/scalar.hpp"
#include "damla/text/pre_tokenization.hpp"

namespace damla { inline namespace DAMLA_ABI { namespace detail {

/// A text is worked on in parts of about so many bytes: what is made of them on the way needs no
/// memory that grows with the text.
inline constexpr std::size_t part_size = 1 << 16;

/// Room for the tokens of a whole text of `all` bytes, judged by those of its first `done`, which
/// begin at token `first`. Who grows so, and not by doubling, needs no more memory than the result.
inline void make_room(Tokens& tokens, std::size_t first, std::size_t done, std::size_t all) {
  if (done == 0) return;
  const double a_byte = static_cast<double>(tokens.size() - first) / static_cast<double>(done);
  const auto of = [&](std::size_t bytes) {
    return static_cast<std::size_t>(1.02 * a_byte * static_cast<double>(bytes));
  };
  if (tokens.capacity() < tokens.size() + of(std::min(2 * part_size, all - done)))
    tokens.reserve(tokens.size() + of(all - done));
}

/// Calls work(part) for one part of a text after the other. They are cut before white space: no
/// word, no special token and nothing that becomes one character goes on there.
void for_each_part(std::string_view text, auto work) {
  for (std::size_t begin = 0, end; begin < text.size(); begin = end) {
    end = std::min(text.find_first_of(" \t\n\r", std::min(begin + part_size, text.size())),
                   text.size());
    work(text.substr(begin, end - begin));
  }
}

/// The same, with room for the tokens that `work` adds.
void for_each_part(std::string_view text, Tokens& tokens, auto work) {
  for_each_part(text, [&](std::string_view part) {
    make_room(tokens, 0, static_cast<std::size_t>(part.data() - text.data()), text.size());
    work(part);
  });
}

/// Cuts a text that comes in any blocks into parts between words, for a text that is larger than
/// memory: the words, and tokens, of the parts are those of the whole.
class TextParts {
 public:
  explicit TextParts(ByteSink sink, std::size_t size = 1 << 20)
      : sink_(std::move(sink)), part_size_(size) {}

  void add(std::string_view block) {
    text_ += block;
    std::size_t begin = 0;
    while (true) {
      const std::size_t cut = cut_between_words(text_, std::max(begin + part_size_, searched_));
      if (cut == text_.size()) break;
      sink_(std::string_view(text_).substr(begin, cut - begin));
      begin = cut;
    }
    if (begin > 0) text_.erase(0, begin);
    searched_ = text_.size();
  }

  void finish() {
    if (!text_.empty()) sink_(text_);
    text_.clear(), searched_ = 0;
  }

 private:
  ByteSink sink_;
  std::size_t part_size_;
  std::string text_;
  std::size_t searched_ = 0;  // the text cannot be cut before
};

}}}  // namespace damla::DAMLA_ABI::detail
