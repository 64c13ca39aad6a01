#include "damla/train/safetensors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <fstream>
#include <optional>

#include "core/json.hpp"
#include "damla/core/files.hpp"
#include "damla/text/unicode.hpp"
#include "train/tensor_places.hpp"

namespace damla { inline namespace DAMLA_ABI {

namespace {
static_assert(std::endian::native == std::endian::little, "safetensors files are little-endian");

using detail::shown;
using nlohmann::json;
constexpr const char* own_type = sizeof(Scalar) == 4 ? "F32" : "F64";
constexpr const char* metadata = "__metadata__";
constexpr std::uint64_t largest_header = 100'000'000;  // the limit of the reference implementation
constexpr std::uint64_t largest_side = 1ull << 31;  // of a tensor: more would fit only an empty one

[[noreturn]] void fail(const std::string& path, const std::string& what) {
  throw Error(fmt::format("{}: {}", path, what));
}

/// A tensor as the header describes it: its numbers are bytes begin … end of the data.
struct Entry {
  std::string name, type;
  std::vector<std::uint64_t> shape;
  std::uint64_t begin, end;
};

/// A list of whole numbers from 0 up, if it is one.
std::optional<std::vector<std::uint64_t>> unsigned_list(const json& entry, const char* key) {
  const auto found = entry.find(key);
  if (found == entry.end() || !found->is_array()) return {};
  for (const json& e : *found)
    if (!e.is_number_unsigned()) return {};
  return found->get<std::vector<std::uint64_t>>();
}

Settings read_metadata(const std::string& path, const json& entry) {
  if (!entry.is_object()) fail(path, "has metadata that is no JSON object");
  Settings settings;
  for (const auto& [key, value] : entry.items()) {
    if (!value.is_string())
      fail(path, fmt::format("has metadata \"{}\" that is no text", shown(key)));
    settings[key] = value.get<std::string>();
  }
  return settings;
}

/// Bytes of one number, 0 for a type that is not known.
std::uint64_t width_of(std::string_view type) {
  if (type == "F64" || type == "I64" || type == "U64" || type == "C64") return 8;
  if (type == "F32" || type == "I32" || type == "U32") return 4;
  if (type == "F16" || type == "BF16" || type == "I16" || type == "U16") return 2;
  if (type == "BOOL" || type == "U8" || type == "I8" || type.starts_with("F8_")) return 1;
  return 0;
}

Entry read_entry(const std::string& path, const std::string& name, const json& entry,
                 std::uint64_t data_size) {
  const auto no = [&](std::string_view why) {
    fail(path,
         fmt::format("describes tensor {} in a way that is not safetensors: {}", shown(name), why));
  };
  if (!entry.is_object()) no("it is no JSON object");
  const auto type = entry.find("dtype");
  if (type == entry.end() || !type->is_string()) no("dtype is no text");
  const auto shape = unsigned_list(entry, "shape"), bytes = unsigned_list(entry, "data_offsets");
  if (!shape) no("shape is no list of whole numbers");
  if (!bytes || bytes->size() != 2) no("data_offsets are no two whole numbers");
  Entry e{name, type->get<std::string>(), *shape, bytes->front(), bytes->back()};
  const std::uint64_t width = width_of(e.type);
  bool good = e.begin <= e.end && e.end <= data_size;
  std::uint64_t size = width;  // of the tensor, in bytes
  for (const std::uint64_t side : e.shape) {
    good = good && side <= largest_side && (side == 0 || size <= data_size / side);
    size = good ? size * side : 0;
  }
  if (!good || (width != 0 && size != e.end - e.begin))
    fail(path, fmt::format("has tensor {} of shape [{}] and type {} at bytes {} to {} of {}: cut "
                           "off, or damaged",
                           shown(name), shown(fmt::format("{}", fmt::join(e.shape, ", "))),
                           shown(e.type), e.begin, e.end, data_size));
  return e;
}

/// Each byte of the data belongs to one tensor.
void expect_cover(const std::string& path, std::vector<Entry>& entries, std::uint64_t data_size) {
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
  });
  std::uint64_t covered = 0;
  for (const Entry& e : entries) {
    if (e.begin < covered)
      fail(path, fmt::format("has tensors that overlap, {} for one: damaged", shown(e.name)));
    if (e.begin > covered)
      fail(path, fmt::format("has {} bytes before tensor {} that belong to none: damaged",
                             e.begin - covered, shown(e.name)));
    covered = e.end;
  }
  if (covered != data_size)
    fail(path, fmt::format("has {} bytes at its end that belong to no tensor: damaged",
                           data_size - covered));
}

/// Returns whether the stream had all the numbers.
template <class Number>
bool read_numbers_as(std::istream& in, Index rows, Index cols, const detail::TakeRow& take_row) {
  Eigen::Matrix<Number, 1, Eigen::Dynamic> stored(cols);
  RowVector row(cols);
  for (Index r = 0; r < rows; ++r) {
    if (!in.read(reinterpret_cast<char*>(stored.data()),
                 static_cast<std::streamsize>(static_cast<std::size_t>(cols) * sizeof(Number))))
      return false;
    row = stored.template cast<Scalar>();
    take_row(row);
  }
  return true;
}

/// What reads numbers of that type; null for a type that is not read.
auto reader_of(std::string_view type) -> decltype(&read_numbers_as<float>) {
  if (type == "F32") return &read_numbers_as<float>;
  if (type == "F64") return &read_numbers_as<double>;
  if (type == "F16") return &read_numbers_as<Eigen::half>;
  if (type == "BF16") return &read_numbers_as<Eigen::bfloat16>;
  return nullptr;
}

/// The rows of a matrix as it is meant: those of a transposed one are put together first, so many
/// at a time that lines of memory are not read for one number each.
void write_numbers(const ConstView& v, auto&& write) {
  const std::size_t bytes = static_cast<std::size_t>(v.width()) * sizeof(Scalar);
  if (!v.transposed) {
    for (Index r = 0; r < v.rows; ++r) write(v.row(r), bytes);
    return;
  }
  constexpr Index most = 16;
  Matrix rows(most, v.rows);
  for (Index first = 0; first < v.cols; first += most) {
    const Index n = std::min(most, v.cols - first);
    for (Index i = 0; i < v.rows; ++i)
      for (Index j = 0; j < n; ++j) rows(j, i) = v.row(i)[first + j];
    for (Index j = 0; j < n; ++j) write(rows.row(j).data(), bytes);
  }
}

[[noreturn]] void fail_inside(const detail::TensorPlace& place) {
  fail(place.path, fmt::format("ends inside tensor {}", shown(place.name)));
}

void expect_name(const std::string& path, const std::string& name) {
  if (!valid_utf8(name) || name.empty() || name == metadata)
    fail(path, fmt::format("cannot be written: \"{}\" can be no tensor's name", shown(name)));
}
}  // namespace

void write_tensors(const std::string& path, const std::vector<NamedTensor>& tensors,
                   const Settings& settings) {
  json header = json::object();
  for (const auto& [key, value] : settings)
    if (!valid_utf8(key) || !valid_utf8(value))
      fail(path, fmt::format("cannot be written: setting \"{}\" is not UTF-8", shown(key)));
  if (!settings.empty()) header[metadata] = settings;
  std::uint64_t offset = 0;
  for (const auto& [name, v, matrix] : tensors) {
    expect_name(path, name);
    const std::uint64_t bytes = static_cast<std::uint64_t>(v.rows * v.cols) * sizeof(Scalar);
    const json shape = v.height() == 1 && !matrix ? json{v.width()} : json{v.height(), v.width()};
    if (header.contains(name))
      fail(path, fmt::format("there are two tensors with the name {}", shown(name)));
    header[name] = {
        {"dtype", own_type}, {"shape", shape}, {"data_offsets", {offset, offset + bytes}}};
    offset += bytes;
  }
  std::string text = header.dump();
  text.resize((text.size() + 7) / 8 * 8, ' ');
  if (text.size() > largest_header)
    fail(path, fmt::format("cannot be written: names and settings have {} bytes, but {} are the "
                           "most",
                           text.size(), largest_header));
  const std::uint64_t length = text.size();
  write_file_whole(path, [&](const ByteSink& sink) {
    const auto write = [&](const void* data, std::size_t size) {
      sink({static_cast<const char*>(data), size});
    };
    write(&length, sizeof length);
    sink(text);
    for (const NamedTensor& tensor : tensors) write_numbers(tensor.values, write);
  });
}

TensorFile read_tensors(const std::string& path) {
  TensorFile file;
  file.settings = detail::read_rows(path, [&](const std::string& name, Index rows, Index cols) {
    Matrix& values = file.tensors.emplace(name, Matrix(rows, cols)).first->second;
    return [&values, r = Index{0}](const RowVector& row) mutable { values.row(r++) = row; };
  });
  return file;
}

std::vector<detail::TensorPlace> detail::find_tensors(const std::string& path, Settings& settings) {
  expect_readable(path);
  std::ifstream in(system_path(path), std::ios::binary | std::ios::ate);
  const auto size = static_cast<std::uint64_t>(std::max<std::streamoff>(in.tellg(), 0));
  in.seekg(0);
  std::uint64_t length = 0;
  if (size < 8 || !in.read(reinterpret_cast<char*>(&length), 8))
    fail(path, fmt::format("has {} bytes, which is too short for a safetensors file", size));
  if (length > largest_header || length > size - 8)
    fail(path, fmt::format("says that its header has {} bytes, but the file has {}: cut off, or no "
                           "safetensors file",
                           length, size));
  std::string text(static_cast<std::size_t>(length), '\0');
  if (!in.read(text.data(), static_cast<std::streamsize>(length)))
    fail(path, "ends inside its header");
  if (!text.starts_with('{')) fail(path, "has a header that is no JSON object");
  json header;
  try {
    header = detail::parse_json(text);
  } catch (const Error& e) {
    fail(path, fmt::format("has a header that {}", e.what()));
  }

  std::vector<Entry> entries;
  for (const auto& [name, entry] : header.items())
    if (name == metadata) settings.merge(read_metadata(path, entry));
    else entries.push_back(read_entry(path, name, entry, size - 8 - length));
  expect_cover(path, entries, size - 8 - length);
  std::vector<TensorPlace> places;
  for (const Entry& e : entries) {
    const std::size_t dimensions = e.shape.size();
    if (reader_of(e.type) == nullptr || dimensions < 1 || dimensions > 2)
      continue;  // no parameter of ours: masks and the like
    places.push_back({path, e.name, e.type, static_cast<Index>(dimensions == 2 ? e.shape[0] : 1),
                      static_cast<Index>(e.shape.back()), 8 + length + e.begin});
  }
  return places;
}

Settings detail::read_rows(const std::string& path, const TakeTensor& take) {
  Settings settings;
  const std::vector<TensorPlace> places = find_tensors(path, settings);
  std::ifstream in(system_path(path), std::ios::binary);
  for (const TensorPlace& place : places) {
    const TakeRow take_row = take(place.name, place.rows, place.cols);
    if (!take_row || place.cols == 0) continue;
    in.seekg(static_cast<std::streamoff>(place.begin));
    if (!reader_of(place.type)(in, place.rows, place.cols, take_row)) fail_inside(place);
  }
  return settings;
}

void detail::read_part(const TensorPlace& place, Index first, Matrix& rows) {
  std::ifstream in(system_path(place.path), std::ios::binary);
  const auto before = static_cast<std::uint64_t>(first * place.cols) * width_of(place.type);
  in.seekg(static_cast<std::streamoff>(place.begin + before));
  const auto read = [&](auto& numbers) {
    const auto bytes = static_cast<std::streamsize>(sizeof numbers(0, 0)) * numbers.size();
    if (!in.read(reinterpret_cast<char*>(numbers.data()), bytes)) fail_inside(place);
  };
  const auto read_as = [&](auto number) {
    using Number = decltype(number);
    if constexpr (std::is_same_v<Number, Scalar>) return read(rows);
    thread_local Eigen::Matrix<Number, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> stored;
    stored.resize(rows.rows(), rows.cols());
    read(stored);
    rows = stored.template cast<Scalar>();
  };
  if (place.type == "F32") read_as(float());
  else if (place.type == "F64") read_as(double());
  else if (place.type == "F16") read_as(Eigen::half());
  else read_as(Eigen::bfloat16());
}

}}  // namespace damla::DAMLA_ABI
