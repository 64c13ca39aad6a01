#pragma once

#include <fmt/core.h>

#include <cstdio>
#include <string>

#include "damla/core/language.hpp"

namespace damla::report {

inline bool in_turkish() { return language() == Language::turkish; }

/// "songs / şarkılar" in the language of this run. A text without " / " is the same in both.
std::string in_language(const std::string& both, Language wanted = language());

/// Figures as Turkish writes them: 0.5, 0.7 → 0,5; 0,7, and 88.9 % → %88,9.
std::string decimal_comma(const std::string& text);

/// Prints the first text, or in Turkish the second, with what follows in its places.
template <class... Args>
void say(fmt::format_string<Args...> english, fmt::format_string<Args...> turkish, Args&&... args) {
  const fmt::string_view text = in_turkish() ? turkish : english;
  const std::string line = fmt::vformat(text, fmt::make_format_args(args...));
  fmt::print("{}", in_turkish() ? decimal_comma(line) : line);
}

}  // namespace damla::report
