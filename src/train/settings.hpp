#pragma once

#include <fmt/format.h>

#include <charconv>
#include <locale>
#include <sstream>

#include "core/json.hpp"
#include "damla/train/safetensors.hpp"

/// Numbers from the texts that travel with weights. Each throws Error with the path.
namespace damla { inline namespace DAMLA_ABI { namespace detail {

/// Throws Error when there is none.
inline const std::string& setting(const std::string& path, const Settings& settings,
                                  const std::string& key) {
  const auto found = settings.find(key);
  if (found == settings.end())
    throw Error(fmt::format("{}: has no setting \"{}\": it was not saved as such a run or model",
                            path, key));
  return found->second;
}

template <class Number>
bool parses(std::string_view text, Number& value) {
  if constexpr (std::is_integral_v<Number>) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size();
  } else {  // std::from_chars on macOS knows whole numbers only
    std::istringstream in{std::string(text)};
    in.imbue(std::locale::classic());
    return in >> std::noskipws >> value && in.peek() == std::istringstream::traits_type::eof();
  }
}

template <class Number>
Number parse(const std::string& path, const Settings& settings, const std::string& key) {
  const std::string& text = setting(path, settings, key);
  Number value{};
  if (!parses(text, value))
    throw Error(fmt::format("{}: setting \"{}\" is \"{}\", but needs to be a number", path, key,
                            shown(text)));
  return value;
}

inline Index count(const std::string& path, const Settings& settings, const std::string& key,
                   Index least, Index most) {
  const Index value = parse<Index>(path, settings, key);
  expect_count(path, fmt::format("setting \"{}\"", key), value, least, most);
  return value;
}

}}}  // namespace damla::DAMLA_ABI::detail
