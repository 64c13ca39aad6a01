#include "core/json.hpp"

#include <fmt/format.h>

namespace damla { inline namespace DAMLA_ABI { namespace detail {

namespace {
constexpr int deepest = 100;

/// Before anything is built: whether more brackets are open at once than any file of ours has.
bool too_deep(std::string_view text) {
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted && c == '\\') ++i;
    else if (c == '"') quoted = !quoted;
    else if (!quoted && (c == '[' || c == '{') && ++depth > deepest) return true;
    else if (!quoted && (c == ']' || c == '}')) --depth;
  }
  return false;
}
}  // namespace

nlohmann::json parse_json(std::string_view text) {
  if (too_deep(text)) throw Error(fmt::format("is nested more than {} deep", deepest));
  try {
    return nlohmann::json::parse(text);
  } catch (const nlohmann::json::parse_error& e) {
    throw Error(fmt::format("is no JSON from byte {} on", e.byte));
  } catch (const nlohmann::json::exception& e) {
    throw Error("has a number that is too large");
  }
}

std::string shown(std::string_view text, std::size_t most) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (result.size() >= most && (c & 0xC0) != 0x80) return result + "…";  // whole code points
    if (c < 0x20 || c == 0x7F) result += fmt::format("\\x{:02X}", c);
    else result += text[i];
    if (result.size() > 2 * most) return result + "…";  // no UTF-8 at all
  }
  return result;
}

}}}  // namespace damla::DAMLA_ABI::detail
