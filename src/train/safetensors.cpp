#include "damla/train/safetensors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>

#include "damla/text/unicode.hpp"

#ifdef _WIN32
#include <io.h>
#else
#include <fcntl.h>
#include <unistd.h>
#endif

namespace damla { inline namespace DAMLA_ABI {

namespace {
static_assert(std::endian::native == std::endian::little, "safetensors files are little-endian");

using nlohmann::json;
constexpr const char* own_type = sizeof(Scalar) == 4 ? "F32" : "F64";
constexpr std::uint64_t largest_header = 100'000'000;  // the limit of the reference implementation
constexpr std::uint64_t largest_side = 1ull << 31;  // of a tensor: more would fit only an empty one

[[noreturn]] void fail(const std::string& path, const std::string& what) {
  throw Error(fmt::format("{}: {}", path, what));
}

/// Asks the system to bring a file to the disk before it is renamed.
bool sync(std::FILE* file) {
  if (std::fflush(file) != 0) return false;
#ifdef _WIN32
  return _commit(_fileno(file)) == 0;
#else
  return fsync(fileno(file)) == 0;
#endif
}
}  // namespace

void write_tensors(const std::string& path, const std::vector<NamedTensor>& tensors,
                   const Settings& settings) {
  json header = json::object();
  if (!settings.empty()) header["__metadata__"] = settings;
  std::uint64_t offset = 0;
  for (const auto& [key, value] : settings)
    if (!valid_utf8(key) || !valid_utf8(value))
      fail(path, fmt::format("cannot be written: setting \"{}\" is not UTF-8", key));
  for (const auto& [name, v] : tensors) {
    if (v.transposed)
      fail(path,
           fmt::format("cannot be written: {} is transposed; copy it into a Matrix first", name));
    const std::uint64_t bytes = static_cast<std::uint64_t>(v.rows * v.cols) * sizeof(Scalar);
    const json shape = v.rows == 1 ? json{v.cols} : json{v.rows, v.cols};
    if (header.contains(name))
      fail(path, fmt::format("there are two tensors with the name {}", name));
    header[name] = {
        {"dtype", own_type}, {"shape", shape}, {"data_offsets", {offset, offset + bytes}}};
    offset += bytes;
  }
  std::string text = header.dump();
  text.resize((text.size() + 7) / 8 * 8, ' ');
  const std::uint64_t length = text.size();

  const std::string temporary = path + ".tmp";
  const auto close = [](std::FILE* f) { std::fclose(f); };
  std::unique_ptr<std::FILE, decltype(close)> file(std::fopen(temporary.c_str(), "wb"), close);
  if (!file)
    fail(temporary,
         fmt::format("cannot be written: {} (does the folder exist?)", std::strerror(errno)));
  bool good = std::fwrite(&length, sizeof length, 1, file.get()) == 1 &&
              std::fwrite(text.data(), 1, text.size(), file.get()) == text.size();
  for (const auto& [name, v] : tensors)
    for (Index r = 0; good && r < v.rows; ++r)
      good = std::fwrite(v.row(r), sizeof(Scalar), static_cast<std::size_t>(v.cols), file.get()) ==
             static_cast<std::size_t>(v.cols);
  good = good && sync(file.get());
  file.reset();
  std::error_code failure;
  if (good) std::filesystem::rename(temporary, path, failure);
  if (!good || failure) {
    std::remove(temporary.c_str());
    fail(path, "could not be written (is the disk full?)");
  }
}

TensorFile read_tensors(const std::string& path) {
  std::error_code none;
  if (std::filesystem::is_directory(path, none)) fail(path, "is a folder, not a file");
  std::ifstream in(path, std::ios::binary);
  if (!in) fail(path, "cannot be opened (does the file exist?)");
  in.seekg(0, std::ios::end);
  const auto size = static_cast<std::uint64_t>(in.tellg());
  in.seekg(0);
  std::uint64_t length = 0;
  if (size < 8 || !in.read(reinterpret_cast<char*>(&length), 8))
    fail(path, fmt::format("has {} bytes, which is too short for a safetensors file", size));
  if (length > largest_header || length > size - 8)
    fail(path, fmt::format("says that its header has {} bytes, but the file has {}: cut off, or no "
                           "safetensors file",
                           length, size));
  std::string text(length, '\0');
  if (!in.read(text.data(), static_cast<std::streamsize>(length)))
    fail(path, "ends inside its header");
  const json header = json::parse(text, nullptr, false);
  if (!header.is_object()) fail(path, "has a header that is no JSON object");

  TensorFile file;
  const std::uint64_t data_size = size - 8 - length;
  std::uint64_t used = 0;  // by the tensors so far
  for (const auto& [name, entry] : header.items()) {
    if (name == "__metadata__") {
      if (!entry.is_object()) fail(path, "has metadata that is no JSON object");
      for (const auto& [key, value] : entry.items()) {
        if (!value.is_string()) fail(path, fmt::format("has metadata \"{}\" that is no text", key));
        file.settings[key] = value.get<std::string>();
      }
      continue;
    }
    const auto unsigned_list = [](const json& j) {
      if (!j.is_array()) return false;
      for (const json& e : j)
        if (!e.is_number_unsigned()) return false;
      return true;
    };
    if (!entry.is_object() || !entry.contains("dtype") || !entry["dtype"].is_string() ||
        !entry.contains("shape") || !unsigned_list(entry["shape"]) ||
        !entry.contains("data_offsets") || !unsigned_list(entry["data_offsets"]) ||
        entry["data_offsets"].size() != 2)
      fail(path, fmt::format("describes tensor {} in a way that is not safetensors", name));
    const std::string type = entry["dtype"];
    const std::uint64_t width = type == "F32" ? 4 : type == "F64" ? 8 : 0;
    const std::size_t dimensions = entry["shape"].size();
    if (width == 0 || dimensions < 1 || dimensions > 2)
      continue;  // no parameter of ours: masks and the like
    const std::uint64_t rows = dimensions == 2 ? entry["shape"][0].get<std::uint64_t>() : 1;
    const std::uint64_t cols = entry["shape"][dimensions - 1].get<std::uint64_t>();
    const std::uint64_t begin = entry["data_offsets"][0], end = entry["data_offsets"][1];
    if (rows > largest_side || cols > largest_side || begin > end || end > data_size ||
        (cols != 0 && rows > data_size / cols) || rows * cols > data_size / width ||
        end - begin != rows * cols * width)
      fail(path,
           fmt::format("has tensor {} of {}×{} {} at bytes {} to {} of {}: cut off, or damaged",
                       name, rows, cols, type, begin, end, data_size));
    used += end - begin;
    if (used > data_size)
      fail(path, fmt::format("has tensors that overlap, {} for one: damaged", name));
    Matrix values(static_cast<Index>(rows), static_cast<Index>(cols));
    in.seekg(static_cast<std::streamoff>(8 + length + begin));
    const auto read = [&](auto number) {
      std::vector<decltype(number)> buffer(static_cast<std::size_t>(cols));
      for (Index r = 0; r < values.rows(); ++r) {
        in.read(reinterpret_cast<char*>(buffer.data()),
                static_cast<std::streamsize>(buffer.size() * sizeof number));
        for (Index c = 0; c < values.cols(); ++c)
          values(r, c) = static_cast<Scalar>(buffer[static_cast<std::size_t>(c)]);
      }
    };
    if (values.size() == 0) {
    }  // nothing to read
    else if (width == 4)
      read(float{});
    else read(double{});
    if (!in) fail(path, fmt::format("ends inside tensor {}", name));
    file.tensors.emplace(name, std::move(values));
  }
  return file;
}

namespace detail {
const Matrix& tensor_for(const Matrix& value, const std::string& name, const TensorFile& file,
                         const std::string& path) {
  auto found = file.tensors.find(name);
  if (found == file.tensors.end()) found = file.tensors.find("transformer." + name);
  if (found == file.tensors.end())
    fail(path, fmt::format("has no tensor {} of F32 or F64 numbers: was it saved from another "
                           "model, or in half precision?",
                           name));
  const Matrix& m = found->second;
  if (m.rows() != value.rows() || m.cols() != value.cols())
    fail(path,
         fmt::format("has {} as {}, but the model needs {}: build the model with the sizes it was "
                     "saved with",
                     name, shape_text(m.rows(), m.cols()), shape_text(value.rows(), value.cols())));
  if (!m.allFinite())
    fail(path, fmt::format("has numbers in {} that are not finite (did training diverge?)", name));
  return m;
}

void expect_no_others(const std::vector<std::string>& names, const TensorFile& file,
                      const std::string& path) {
  for (const auto& [full_name, values] : file.tensors) {
    const std::string name =
        full_name.starts_with("transformer.") ? full_name.substr(12) : full_name;
    const bool beside = name.starts_with("adamw.") || name.starts_with("grad.");
    if (beside || !(name.ends_with(".weight") || name.ends_with(".bias"))) continue;
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    const auto embedding =
        file.tensors.find(full_name.substr(0, full_name.size() - name.size()) + "wte.weight");
    if (name == "lm_head.weight" && embedding != file.tensors.end() && embedding->second == values)
      continue;
    fail(path, fmt::format("has {}, for which the model has no place: build the model with the "
                           "sizes it was saved with",
                           full_name));
  }
}
}  // namespace detail

}}  // namespace damla::DAMLA_ABI
