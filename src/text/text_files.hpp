#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

#include "core/json.hpp"
#include "damla/core/error.hpp"
#include "damla/core/scalar.hpp"

namespace damla { inline namespace DAMLA_ABI { namespace detail {

/// Runs `work` and puts the call, and the path where it is given, before what it throws.
template <class Work>
auto naming(std::string_view call, std::string_view path, Work work) {
  try {
    return work();
  } catch (const std::exception& e) {
    if (path.empty()) throw Error(fmt::format("{}: {}", call, e.what()));
    throw Error(fmt::format("{}: {}: {}", call, path, shown(e.what(), 400)));
  }
}

/// A tokenizer's JSON file, with `kind` checked. Throws Error with call and path.
nlohmann::json load_json(std::string_view call, const std::string& path, std::string_view kind);
void save_json(std::string_view call, const std::string& path, const nlohmann::json& json);

/// json[key] as a T, or Error.
template <class T>
T get_field(const nlohmann::json& json, const char* key) {
  const auto found = json.find(key);
  if (found == json.end()) throw Error(fmt::format("field \"{}\" is missing", key));
  try {
    if (std::is_integral_v<T> && !std::is_same_v<T, bool> && !found->is_number_integer())
      throw Error("it is no whole number");
    return found->get<T>();
  } catch (const std::exception& e) {
    throw Error(fmt::format("field \"{}\": {}", key, e.what()));
  }
}

/// Bytes as GPT-2's files write them: " göl" is "ĠgÃ¶l".
std::string to_visible(std::string_view bytes);
/// The bytes of such a piece, or Error.
std::string from_visible(std::string_view text);
/// How Llama 2's files write a space.
inline constexpr std::string_view visible_space = "▁";
std::string with_visible_spaces(std::string_view bytes);
std::string from_visible_spaces(std::string_view text);
/// The name of a byte there: <0x0A>.
std::string byte_piece(unsigned byte);

/// pieces[token], or Error.
inline const std::string& piece_of(std::string_view call, const std::vector<std::string>& pieces,
                                   Token token) {
  if (token < 0 || static_cast<std::size_t>(token) >= pieces.size())
    throw Error(fmt::format("{}: token {} is not in the vocabulary, whose tokens are 0 … {}", call,
                            token, static_cast<Index>(pieces.size()) - 1));
  return pieces[static_cast<std::size_t>(token)];
}

}}}  // namespace damla::DAMLA_ABI::detail
