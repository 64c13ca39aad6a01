#pragma once

#include <initializer_list>
#include <string_view>

#include "damla/core/error.hpp"

/// Whether the call throws Error and its message has all these parts.
template <class Call>
bool error_says(Call call, std::initializer_list<std::string_view> parts) {
  try {
    call();
  } catch (const damla::Error& e) {
    bool all = true;
    for (const std::string_view part : parts)
      all &= std::string_view(e.what()).find(part) != std::string_view::npos;
    return all;
  }
  return false;
}
