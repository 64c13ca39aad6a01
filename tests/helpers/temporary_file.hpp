#pragma once

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <string_view>

/// Part of the name of all temporary files of this process, so that others may run beside it.
inline std::string unique_prefix() {
  static const std::string prefix = "damla_" + std::to_string(std::random_device{}()) + "_";
  return prefix;
}

/// A file in the folder for temporary files, removed at the end. Each test of a process needs a
/// name of its own.
struct TemporaryFile {
  explicit TemporaryFile(const std::string& name)
      : path((std::filesystem::temp_directory_path() / (unique_prefix() + name)).string()) {}
  TemporaryFile(const TemporaryFile&) = delete;
  ~TemporaryFile() { std::remove(path.c_str()); }
  void write(std::string_view text) const { std::ofstream(path, std::ios::binary) << text; }

  std::string path;
};
