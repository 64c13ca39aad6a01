#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "damla/core/matrix.hpp"
#include "damla/core/parameter.hpp"
#include "damla/core/view.hpp"

namespace damla::inline DAMLA_ABI {

/// Names and texts that travel with weights: sizes, seeds, words.
using Settings = std::map<std::string, std::string>;

/// A matrix under its name, for writing.
struct NamedTensor {
  std::string name;
  ConstView values;
};

/// What a safetensors file holds.
struct TensorFile {
  std::map<std::string, Matrix> tensors;
  Settings settings;  // the file's __metadata__
};

/// Writes a safetensors file (Hugging Face's format: 8 bytes with the header's length, a JSON header, the numbers). The file is
/// written under a temporary name, synced to the disk and renamed, so a killed program leaves the old file or the new one,
/// never half of one. Matrices of one row are written as vectors, as PyTorch has them. Throws Error with the path.
void write_tensors(const std::string& path, const std::vector<NamedTensor>& tensors, const Settings& settings = {});

/// Reads a safetensors file of F32 or F64 tensors with one or two dimensions; larger ones and other types are refused, and
/// nothing in the file is trusted. Throws Error with the path and what is wrong.
TensorFile read_tensors(const std::string& path);

/// Writes all parameters of a model.
void save_model(const std::string& path, auto& model, const Settings& settings = {}) {
  std::vector<NamedTensor> tensors;
  model.visit_parameters([&](std::string_view name, Parameter& p) { tensors.push_back({std::string(name), p.value}); });
  write_tensors(path, tensors, settings);
}

namespace detail {
/// The file's tensor of that name, for a matrix of its shape; throws Error with the path when there is none, or its shape is
/// another, or a number in it is not finite.
const Matrix& tensor_for(const Matrix& value, const std::string& name, const TensorFile& file, const std::string& path);
}  // namespace detail

/// Gives a model the parameters of a file. Tensors that the model has no place for are passed over; a leading "transformer."
/// is allowed, as in GPT-2's published files. Throws Error when one is missing, has another shape or a number that is not
/// finite; the model is then as it was.
Settings load_model(const std::string& path, auto& model) {
  const TensorFile file = read_tensors(path);
  const auto stored = [&](std::string_view name, const Parameter& p) -> const Matrix& {
    return detail::tensor_for(p.value, std::string(name), file, path);
  };
  model.visit_parameters([&](std::string_view name, Parameter& p) { stored(name, p); });  // throws before anything is changed
  model.visit_parameters([&](std::string_view name, Parameter& p) { p.value = stored(name, p); });
  return file.settings;
}

}  // namespace damla::inline DAMLA_ABI
