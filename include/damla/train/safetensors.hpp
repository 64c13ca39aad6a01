#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "damla/core/matrix.hpp"
#include "damla/core/parameter.hpp"
#include "damla/core/view.hpp"

namespace damla { inline namespace DAMLA_ABI {

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

/// Writes a safetensors file (Hugging Face's format: 8 bytes with the header's length, a JSON
/// header, the numbers). The file is written under a temporary name, synced to the disk and
/// renamed, so a killed program leaves the old file or the new one, never half of one. Matrices of
/// one row are written as vectors, as PyTorch has them. Throws Error with the path.
void write_tensors(const std::string& path, const std::vector<NamedTensor>& tensors,
                   const Settings& settings = {});

/// Reads the F32 and F64 tensors with one or two dimensions of a safetensors file. Others, such as
/// masks, are passed over, and nothing in the file is trusted. Throws Error with the path and what
/// is wrong.
TensorFile read_tensors(const std::string& path);

/// Writes all parameters of a model.
void save_model(const std::string& path, auto& model, const Settings& settings = {}) {
  std::vector<NamedTensor> tensors;
  model.visit_parameters([&](std::string_view name, Parameter& p) {
    tensors.push_back({std::string(name), p.value});
  });
  write_tensors(path, tensors, settings);
}

namespace detail {
/// The file's tensor of that name, for a matrix of its shape; throws Error with the path when there
/// is none, or its shape is another, or a number in it is not finite.
const Matrix& tensor_for(const Matrix& value, const std::string& name, const TensorFile& file,
                         const std::string& path);

/// Throws Error with the path when the file holds a weight or bias that is none of `names`: it is
/// another model's. What a training run keeps beside them ("adamw.…", "grad.…") is no matter, nor
/// is a head that is the token embedding once more, as in some published files.
void expect_no_others(const std::vector<std::string>& names, const TensorFile& file,
                      const std::string& path);
}  // namespace detail

/// Gives a model the parameters of a file. A leading "transformer." is allowed, as in GPT-2's
/// published files. Throws Error when a tensor is missing, has another shape or a number that is
/// not finite, or when the model has no place for a weight or bias; the model is then as it was.
Settings load_model(const std::string& path, auto& model) {
  const TensorFile file = read_tensors(path);
  const auto stored = [&](std::string_view name, const Parameter& p) -> const Matrix& {
    return detail::tensor_for(p.value, std::string(name), file, path);
  };
  std::vector<std::string> names;
  model.visit_parameters(
      [&](std::string_view name, Parameter& p) { stored(name, p), names.emplace_back(name); });
  detail::expect_no_others(names, file,
                           path);  // all that can throw comes before anything is changed
  model.visit_parameters([&](std::string_view name, Parameter& p) { p.value = stored(name, p); });
  return file.settings;
}

}}  // namespace damla::DAMLA_ABI
