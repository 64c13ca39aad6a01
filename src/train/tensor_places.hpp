#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "damla/train/safetensors.hpp"

namespace damla { inline namespace DAMLA_ABI { namespace detail {

/// Where a safetensors file keeps the numbers of a tensor with one or two dimensions.
struct TensorPlace {
  std::string path, name, type;
  Index rows, cols;
  std::uint64_t begin;  // in the file
};

/// The tensors whose numbers damla reads, as the file's header describes them; the header is not
/// trusted. Throws Error with the path and what is wrong.
std::vector<TensorPlace> find_tensors(const std::string& path, Settings& settings);

/// Reads rows of a tensor, as many as `rows` has, from row `first` on. Throws Error with the path
/// when the file ends inside.
void read_part(const TensorPlace& place, Index first, Matrix& rows);

/// Takes rows of a file's tensor for wanted[i], from row `first` of it on.
using TakePart = std::function<void(std::size_t i, Index first, const Matrix& rows)>;

/// Reads what is wanted in parts, on all threads at once, so that memory for one part a thread is
/// enough; a part begins at a multiple of 32 rows. Throws Error as load_model does, but only when
/// it comes to what is wrong.
void read_in_parts(const std::vector<WantedTensor>& wanted, const std::string& path,
                   std::string_view prefix, const TakePart& take);

}}}  // namespace damla::DAMLA_ABI::detail
