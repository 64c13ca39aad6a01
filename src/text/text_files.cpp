#include "text/text_files.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "damla/text/read_text.hpp"
#include "damla/text/unicode.hpp"

namespace damla { inline namespace DAMLA_ABI {
namespace detail {

std::string read_bytes(std::string_view call, const std::string& path) {
  const auto fail = [&](std::string_view why) {
    throw Error(fmt::format("{}: {}: {}", call, path, why));
  };
  std::error_code none;
  if (std::filesystem::is_directory(path, none)) fail("is a folder, not a file");
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) fail(errno ? std::strerror(errno) : "cannot be opened");
  std::string bytes;
  char block[1 << 16];
  while (file.read(block, sizeof block) || file.gcount() > 0)
    bytes.append(block, static_cast<std::size_t>(file.gcount()));
  if (file.bad()) fail("reading failed");
  return bytes;
}

void write_bytes(std::string_view call, const std::string& path, std::string_view bytes) {
  const std::string temporary = path + ".tmp";
  errno = 0;
  std::ofstream file(temporary, std::ios::binary);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  std::error_code code;
  if (file) std::filesystem::rename(temporary, path, code);
  if (!file || code) {
    const std::string why = code ? code.message() : errno ? std::strerror(errno) : "unknown reason";
    std::remove(temporary.c_str());
    throw Error(fmt::format("{}: {} cannot be written: {}", call, path, why));
  }
}

nlohmann::json load_json(std::string_view call, const std::string& path, std::string_view kind) {
  nlohmann::json json;
  try {
    json = nlohmann::json::parse(read_bytes(call, path));
  } catch (const nlohmann::json::exception& e) {
    throw Error(fmt::format("{}: {}: {}", call, path, e.what()));
  }
  if (!kind.empty()) {
    const auto found = json.is_object() ? json.find("kind") : json.end();
    if (found == json.end() || *found != kind)
      throw Error(
          fmt::format("{}: {}: expected a file of kind \"{}\", but its field \"kind\" is {}", call,
                      path, kind, found == json.end() ? "missing" : found->dump()));
  }
  return json;
}

void save_json(std::string_view call, const std::string& path, const nlohmann::json& json) {
  write_bytes(call, path, json.dump(1) + "\n");
}

SpecialFinder::SpecialFinder(const std::vector<std::string>& special) : special_(special) {
  for (const std::string& s : special) {
    require(!s.empty(), "special tokens: one of them is empty");
    starts_[static_cast<unsigned char>(s[0])] = true;
  }
}

Found SpecialFinder::find(std::string_view text, std::size_t from) const {
  if (special_.empty()) return {text.size(), std::string::npos};
  for (std::size_t i = from; i < text.size(); ++i) {
    if (!starts_[static_cast<unsigned char>(text[i])]) continue;
    std::size_t best = std::string::npos;
    for (std::size_t k = 0; k < special_.size(); ++k)
      if (text.substr(i, special_[k].size()) == special_[k] &&
          (best == std::string::npos || special_[k].size() > special_[best].size()))
        best = k;
    if (best != std::string::npos) return {i, best};
  }
  return {text.size(), std::string::npos};
}

}  // namespace detail

std::string read_text(const std::string& path) {
  std::string text = detail::read_bytes("read_text", path);
  const auto fail = [&](std::string_view why) {
    throw Error(fmt::format("read_text: {}: {}", path, why));
  };
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))
    fail("is UTF-16; save it as UTF-8");
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
  for (std::size_t i = 0; i < text.size();) {
    const CodePoint c = next_code_point(text, i);
    if (!c.valid) {
      const auto line =
          1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(i), '\n');
      fail(
          fmt::format("line {} is not UTF-8 (byte 0x{:02X}); if the file is old Turkish text, try: "
                      "iconv -f WINDOWS-1254 -t UTF-8",
                      line, static_cast<unsigned char>(text[i])));
    }
    i += c.length;
  }
  return text;
}

}}  // namespace damla::DAMLA_ABI
