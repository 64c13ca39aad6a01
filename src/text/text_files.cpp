#include "text/text_files.hpp"

#include <algorithm>
#include <utility>

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

void read_text(const std::string& path, const ByteSink& sink) {
  detail::naming("read_text", "", [&] { expect_readable(path); });
  std::string bytes, lines;  // not yet looked at, and what is handed on
  std::ptrdiff_t line = 1;
  bool first = true;
  const auto fail = [&](std::size_t at, std::string_view why) {
    line += std::count(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(at), '\n');
    throw Error(fmt::format("read_text: {}: line {} {}", path, line, why));
  };
  const auto hand_on = [&](std::size_t end) {
    const std::string_view text = std::string_view(bytes).substr(0, end);
    std::size_t begin = 0;
    if (std::exchange(first, false)) {
      if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))
        fail(0, "is UTF-16; save it as UTF-8");
      if (text.starts_with("\xEF\xBB\xBF")) begin = 3;
    }
    if (const std::size_t zero = text.find('\0'); zero != text.npos)
      fail(zero, "has a byte of 0, as UTF-16 has; save it as UTF-8");
    for (std::size_t i = begin; i < end;) {
      const CodePoint c = next_code_point(text, i);
      if (!c.valid)
        fail(i, fmt::format("is not UTF-8 (byte 0x{:02X}); if the file is old Turkish text, try: "
                            "iconv -f WINDOWS-1254 -t UTF-8",
                            static_cast<unsigned char>(text[i])));
      i += c.length;
    }
    lines.clear();
    for (std::size_t next; begin < end; begin = next + (next < end ? 1 : 0)) {
      next = std::min(text.find("\r\n", begin), end);
      lines += text.substr(begin, next - begin);
    }
    line += std::count(text.begin(), text.end(), '\n');
    sink(lines);
    bytes.erase(0, end);
  };
  read_file(path, [&](std::string_view block) {
    bytes += block;
    // The last character, or the last line end, may go on in the next block.
    std::size_t end = complete_utf8_prefix(bytes);
    if (end > 0 && bytes[end - 1] == '\r') --end;
    hand_on(end);
  });
  hand_on(bytes.size());
}

std::string read_text(const std::string& path) {
  std::string text;
  read_text(path, [&](std::string_view block) { text += block; });
  return text;
}

}}  // namespace damla::DAMLA_ABI
