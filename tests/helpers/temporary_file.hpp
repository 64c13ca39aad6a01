#pragma once

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

/// A file in the folder for temporary files, removed at the end. Tests run side by side: each needs
/// a name of its own.
struct TemporaryFile {
  explicit TemporaryFile(const std::string& name)
      : path((std::filesystem::temp_directory_path() / name).string()) {}
  TemporaryFile(const TemporaryFile&) = delete;
  ~TemporaryFile() { std::remove(path.c_str()); }
  void write(std::string_view text) const { std::ofstream(path, std::ios::binary) << text; }

  std::string path;
};
