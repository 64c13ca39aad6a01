#pragma once

#include <cstring>
#include <string>
#include <string_view>

/// A safetensors file of any bytes. Those that begin with { are a header's line and data, whose
/// length is put right: a fuzzer that has to guess it gets nowhere.
inline std::string framed(std::string_view bytes) {
  if (!bytes.starts_with('{')) return std::string(bytes);
  const std::size_t length = std::min(bytes.find('\n'), bytes.size());
  const std::uint64_t prefix = length;
  std::string file(8, '\0');
  std::memcpy(file.data(), &prefix, 8);
  file += bytes.substr(0, length);
  return file += bytes.substr(std::min(length + 1, bytes.size()));
}

/// The way back.
inline std::string unframed(std::string_view file) {
  std::uint64_t length = 0;
  std::memcpy(&length, file.data(), 8);
  std::string bytes(file.substr(8, length));
  return bytes.append("\n").append(file.substr(8 + length));
}
