#pragma once

#include <string_view>

#include "damla/text/pre_tokenization.hpp"

namespace damla { inline namespace DAMLA_ABI { namespace detail {

/// A rule as tokenizer.json writes it, or nothing where it is no expression there.
constexpr std::string_view split_expression(PreTokenization rule) {
  switch (rule) {
    // Of our own: two engines read them, Oniguruma and JavaScript's. They agree on \p{…}, but not
    // on \s.
    case PreTokenization::turkish:
      return R"((?<=[\p{L}\p{M}\p{N}])['’]\p{L}[\p{L}\p{M}]*| ?\p{L}[\p{L}\p{M}]*| ?\p{N}{1,3})"
             R"(| ?[^\p{White_Space}\p{L}\p{N}]+)"
             R"(|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+)";
    case PreTokenization::gpt2:
      return R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+)"
             R"(|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+)";
    case PreTokenization::smollm2:
      return R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+|\p{N}| ?[^\p{White_Space}\p{L}\p{N}]+)"
             R"(|\p{White_Space}+(?![^\p{White_Space}\p{N}])|\p{White_Space}+)";
    // As published, by which others know them.
    case PreTokenization::llama3:
      return R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3})"
             R"(| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";
    case PreTokenization::qwen2:
      return R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N})"
             R"(| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";
    default:
      return {};
  }
  return {};
}

}}}  // namespace damla::DAMLA_ABI::detail
