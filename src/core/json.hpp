#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "damla/core/error.hpp"

namespace damla { inline namespace DAMLA_ABI { namespace detail {

/// The JSON of somebody's file. Throws Error for what is none, and for what is nested so deep that
/// working on it would overflow the stack.
nlohmann::json parse_json(std::string_view text);

/// A text from somebody's file, as an error shows it: no control characters, and not at length.
std::string shown(std::string_view text, std::size_t most = 60);

}}}  // namespace damla::DAMLA_ABI::detail
