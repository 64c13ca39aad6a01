#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>

#include "damla/core/scalar.hpp"
#include "helpers/error_says.hpp"
#include "helpers/temporary_file.hpp"

namespace damla {

/// A folder among the temporary ones, removed at the end.
struct TemporaryFolder : TemporaryFile {
  explicit TemporaryFolder(const std::string& name)
      : TemporaryFile(name + (sizeof(Scalar) == 4 ? "" : "_double")) {
    std::filesystem::remove_all(path);
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path); }
  std::string file(const std::string& name) const {
    return (std::filesystem::path(path) / name).string();
  }
  bool has(const std::string& name) const { return std::filesystem::exists(file(name)); }
  nlohmann::json json(const std::string& name) const {
    return nlohmann::json::parse(std::ifstream(file(name)));
  }
  void write(const std::string& name, std::string_view bytes) const {
    std::ofstream(file(name), std::ios::binary) << bytes;
  }
  std::string read(const std::string& name) const {
    std::ifstream in(file(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  /// Sets one field of config.json; null means that it is not there.
  void set(const char* key, const nlohmann::json& value) const {
    nlohmann::json config = json("config.json");
    if (value.is_null()) config.erase(key);
    else config[key] = value;
    write("config.json", config.dump());
  }
};

}  // namespace damla
