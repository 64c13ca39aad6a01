#include "text/text_files.hpp"

#include <algorithm>

#include "damla/core/files.hpp"
#include "damla/text/read_text.hpp"
#include "damla/text/unicode.hpp"

namespace damla { inline namespace DAMLA_ABI {
namespace detail {

nlohmann::json load_json(std::string_view call, const std::string& path, std::string_view kind) {
  const std::string text = naming(call, "", [&] { return read_file(path); });
  return naming(call, path, [&] {
    nlohmann::json json = parse_json(text);
    if (!json.is_object()) throw Error("is JSON, but no object of fields");
    if (kind.empty()) return json;
    const auto found = json.find("kind");
    if (found == json.end() || *found != kind)
      throw Error(fmt::format("expected a file of kind \"{}\", but its field \"kind\" is {}", kind,
                              found == json.end() ? "missing" : shown(found->dump())));
    return json;
  });
}

void save_json(std::string_view call, const std::string& path, const nlohmann::json& json) {
  naming(call, "", [&] { write_file_whole(path, json.dump(1) + "\n"); });
}

}  // namespace detail

std::string read_text(const std::string& path) {
  std::string text = detail::naming("read_text", "", [&] { return read_file(path); });
  const auto fail = [&](std::size_t at, std::string_view why) {
    const auto line =
        1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n');
    throw Error(fmt::format("read_text: {}: line {} {}", path, line, why));
  };
  const std::size_t zero = text.find('\0');
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))
    fail(0, "is UTF-16; save it as UTF-8");
  if (zero != text.npos) fail(zero, "has a byte of 0, as UTF-16 has; save it as UTF-8");
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
  for (std::size_t i = 0; i < text.size();) {
    const CodePoint c = next_code_point(text, i);
    if (!c.valid)
      fail(i, fmt::format("is not UTF-8 (byte 0x{:02X}); if the file is old Turkish text, try: "
                          "iconv -f WINDOWS-1254 -t UTF-8",
                          static_cast<unsigned char>(text[i])));
    i += c.length;
  }
  std::string lines;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text.compare(i, 2, "\r\n") != 0) lines += text[i];
  return lines;
}

}}  // namespace damla::DAMLA_ABI
