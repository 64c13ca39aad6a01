#pragma once

#include <functional>
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

/// A matrix under its name, for writing; as it is meant, where it is transposed.
struct NamedTensor {
  std::string name;
  ConstView values;
  bool matrix = false;  ///< written as a matrix, even with a single row
};

/// What a safetensors file holds.
struct TensorFile {
  std::map<std::string, Matrix> tensors;
  Settings settings;  // the file's __metadata__
};

/// Writes a safetensors file (Hugging Face's format: 8 bytes with the header's length, a JSON
/// header, the numbers), whole or not at all: see write_file_whole. Matrices of one row are written
/// as vectors, as PyTorch has them. Throws Error with the path.
void write_tensors(const std::string& path, const std::vector<NamedTensor>& tensors,
                   const Settings& settings = {});

/// Reads the F64, F32, F16 and BF16 tensors with one or two dimensions of a safetensors file.
/// Others, such as masks, are passed over, and nothing in the file is trusted. Throws Error with
/// the path and what is wrong.
TensorFile read_tensors(const std::string& path);

namespace detail {
/// Takes the rows of a tensor one after the other.
using TakeRow = std::function<void(const RowVector&)>;
/// Says who takes the rows of the tensor of that name and shape; nobody passes it over.
using TakeTensor = std::function<TakeRow(const std::string& name, Index rows, Index cols)>;
/// What read_tensors reads, row by row: memory for one row is enough. Returns the settings.
Settings read_rows(const std::string& path, const TakeTensor& take);

/// What a model looks for in a file.
struct WantedTensor {
  std::string name;
  Index rows, cols;         // in the model
  bool transposed = false;  // in the file
};
std::vector<WantedTensor> wanted_by(auto& model) {
  std::vector<WantedTensor> wanted;
  model.visit_parameters([&](std::string_view name, Parameter& p) {
    wanted.push_back({std::string(name), p.value.rows(), p.value.cols()});
  });
  return wanted;
}

/// The file's tensor for it. Throws Error with the path when there is none, or it has another shape
/// or a number that is not finite.
const Matrix& tensor_for(const WantedTensor& wanted, const TensorFile& file,
                         const std::string& path);

/// The same for all parameters of a model. Throws also when the file has a weight or bias for which
/// there is no place: it is another model's. What a training run keeps beside them ("adamw.…",
/// "grad.…") is no matter, nor is a head that is the token embedding once more, as in some
/// published files.
std::vector<const Matrix*> tensors_for(const std::vector<WantedTensor>& wanted,
                                       const TensorFile& file, const std::string& path);

/// The files that `path` stands for: itself, or those that an index (….json) names, which lie
/// beside it. Throws Error with the path of an index that is none, or of a file that is missing.
std::vector<std::string> weight_files(const std::string& path);

/// Reads the files' numbers to where the wanted tensors are, with no memory but theirs. Throws
/// Error as load_model does, and has then changed nothing. Names in the files may have the prefix.
Settings read_into(const std::vector<View>& places, const std::vector<WantedTensor>& wanted,
                   Index heads, const std::string& path, std::string_view prefix = "transformer.");

/// The one size that no shape shows: H of a transformer's attention, 0 where there is none.
Index heads_of(const auto& model) {
  if constexpr (requires { model.transformer.blocks.front().attention.heads; })
    if (!model.transformer.blocks.empty()) return model.transformer.blocks.front().attention.heads;
  return 0;
}
void add_heads(Settings& settings, Index heads);
/// Throws Error when the file says that its model had another number of heads.
void expect_heads(const Settings& settings, Index heads, const std::string& path);
}  // namespace detail

/// Writes all parameters of a model, and the number of its attention's heads as "gpt.heads".
void save_model(const std::string& path, auto& model, Settings settings = {}) {
  std::vector<NamedTensor> tensors;
  model.visit_parameters([&](std::string_view name, Parameter& p) {
    tensors.push_back({std::string(name), p.value});
  });
  detail::add_heads(settings, detail::heads_of(model));
  write_tensors(path, tensors, settings);
}

/// Gives a model the parameters of a safetensors file, or of several by their index, a
/// model.safetensors.index.json beside them. A leading "transformer." is allowed, as in GPT-2's
/// published files, and a tied head may stand under either of its names. Throws Error when a tensor
/// is missing, has another shape or a number that is not finite, when the model has no place for a
/// weight or bias, or has other heads than the file tells; the model is then as it was.
///
/// A weight is (in, out), as in GPT-2's files. PyTorch's nn.Linear keeps it (out, in), and a square
/// one does not show it: transpose such weights before you save them there.
Settings load_model(const std::string& path, auto& model) {
  std::vector<View> places;
  model.visit_parameters([&](std::string_view, Parameter& p) { places.push_back(p.value); });
  return detail::read_into(places, detail::wanted_by(model), detail::heads_of(model), path);
}

}}  // namespace damla::DAMLA_ABI
